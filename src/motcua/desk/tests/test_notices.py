"""Notices: told once, seen by their addressees only, read and unread again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from motcua.cases.tests.world import MONDAY, World, make_person
from motcua.desk.tests.rows import LATER, count_queries, desk_clock, sign_in, words
from motcua.messages import actions, queries
from motcua.messages.models import Notice, Reading
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.people.models import Post

NOTICES = "/thong-bao/"


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock():
        yield world


def news(key: str, **to: object) -> actions.News:
    return actions.News(
        once_key=key,
        path="/ho-so/",
        text_vi=f"Hồ sơ {key} sắp đến hạn.",
        text_en=f"Case {key} is due soon.",
        **to,  # type: ignore[arg-type]
    )


def tell_clerks(world: World, *keys: str) -> list[Notice]:
    """Tell the clerks of the centre, Cúc among them."""
    actions.tell(
        news=[news(key, agency_id=world.centre.pk, role="CLERK") for key in keys], now=MONDAY
    )
    return list(Notice.objects.filter(once_key__in=keys).order_by("id"))


def test_a_visitor_is_led_to_the_sign_in_page(world: World) -> None:
    (notice,) = tell_clerks(world, "A")

    for response in (
        Client().get(NOTICES),
        Client().post(f"{NOTICES}{notice.pk}/"),
        Client().post(f"{NOTICES}doc-tat-ca/"),
    ):
        assert response.status_code == 302
        assert response["Location"].startswith("/tai-khoan/")
    assert not Reading.objects.exists()


def test_only_who_holds_the_role_at_the_agency_sees_the_notice_and_marks_it_read(
    world: World,
) -> None:
    (notice,) = tell_clerks(world, "A")

    for outsider in (world.binh, world.dung, world.oanh, world.controller):
        desk = sign_in(outsider)
        assert "Hồ sơ A" not in words(desk.get(NOTICES, {"state": "all"}))
        assert desk.post(f"{NOTICES}{notice.pk}/").status_code == 404
        desk.post(f"{NOTICES}doc-tat-ca/")

    assert not Reading.objects.exists()
    assert "Hồ sơ A sắp đến hạn." in words(sign_in(world.cuc).get(NOTICES))


def test_a_notice_to_a_person_is_theirs_alone(world: World) -> None:
    actions.tell(news=[news("P", person_id=world.binh.id)], now=MONDAY)

    assert [n.once_key for n in queries.list_notices(world.binh, now=LATER)] == ["P"]
    assert not queries.list_notices(world.cuc, now=LATER)


def test_what_was_told_under_a_key_is_not_told_again(world: World) -> None:
    tell_clerks(world, "A", "B")
    tell_clerks(world, "B", "C", "A")

    assert sorted(Notice.objects.values_list("once_key", flat=True)) == ["A", "B", "C"]


def test_a_notice_goes_with_the_post(world: World) -> None:
    tell_clerks(world, "A")
    late = make_person(world.system, "lan", "Vũ Thị Lan", world.centre, "CLERK", MONDAY)
    Post.objects.filter(person_id=late.id).update(starts_on=MONDAY.date() + timedelta(days=1))
    people_actions.end_post(
        officer=world.system,
        post_id=Post.objects.get(person_id=world.cuc.id).pk,
        ends_on=MONDAY.date() + timedelta(days=1),
        now=MONDAY,
    )
    tomorrow = LATER + timedelta(days=1)

    assert queries.count_unread(people.get_person(username="cuc"), now=LATER) == 1
    assert queries.count_unread(people.get_person(username="cuc"), now=tomorrow) == 0
    assert queries.count_unread(people.get_person(username="lan"), now=tomorrow) == 0


def test_the_bell_counts_what_the_list_holds(world: World) -> None:
    desk = sign_in(world.cuc)
    assert "Thông báo: không có gì mới" in words(desk.get("/viec-cua-toi/"))

    tell_clerks(world, "A", "B", "C")

    assert "Thông báo: 3 chưa đọc" in words(desk.get("/viec-cua-toi/"))
    assert len(desk.get(NOTICES).context["rows"]) == 3


def test_opening_a_notice_marks_it_read_for_oneself_and_leads_to_its_subject(world: World) -> None:
    colleague = make_person(world.system, "lan", "Vũ Thị Lan", world.centre, "CLERK", MONDAY)
    first, _second = tell_clerks(world, "A", "B")
    desk = sign_in(world.cuc)

    response = desk.post(f"{NOTICES}{first.pk}/", {"to": "open"})
    desk.post(f"{NOTICES}{first.pk}/", {"to": "open"})

    assert response["Location"] == "/ho-so/"
    assert queries.count_notices(world.cuc, now=LATER) == {"unread": 1, "all": 2}
    assert queries.count_unread(colleague, now=LATER) == 2
    assert Reading.objects.count() == 1


def test_all_are_read_at_once_and_that_is_taken_back_alone(world: World) -> None:
    first, *_rest = tell_clerks(world, "A", "B", "C")
    desk = sign_in(world.cuc)
    desk.post(f"{NOTICES}{first.pk}/", {"to": "list"})

    page = desk.post(f"{NOTICES}doc-tat-ca/", follow=True)

    assert "Đã đánh dấu 2 thông báo là đã đọc." in words(page)
    assert queries.count_unread(world.cuc, now=LATER) == 0
    undo = page.content.decode().split(f'action="{NOTICES}chua-doc/')[-1].split('"')[0]
    sign_in(world.binh).post(f"{NOTICES}chua-doc/{undo}")
    assert queries.count_unread(world.cuc, now=LATER) == 0

    desk.post(f"{NOTICES}chua-doc/{undo}")

    assert queries.count_unread(world.cuc, now=LATER) == 2
    assert "Không có gì để hoàn tác" in words(desk.post(f"{NOTICES}chua-doc/{undo}", follow=True))
    assert desk.post(f"{NOTICES}chua-doc/{10**30}/").status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"path": "//evil.example/"}, {"path": "https://evil.example/"}, {"role": ""}]
)
def test_the_database_refuses_a_notice_that_leads_away_or_to_nobody(
    world: World, wrong: dict[str, str]
) -> None:
    values = {"path": "/", "role": "CLERK", "once_key": "A", "created_at": MONDAY}

    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(agency=world.centre, **{**values, **wrong})


def test_the_page_takes_as_many_queries_for_ten_notices_as_for_a_thousand(world: World) -> None:
    desk = sign_in(world.cuc)
    tell_clerks(world, *(f"A{number}" for number in range(10)))
    few = count_queries(desk, NOTICES)
    tell_clerks(world, *(f"B{number}" for number in range(990)))

    assert count_queries(desk, NOTICES) == few
    assert few <= 12


@pytest.mark.django_db(transaction=True)
def test_two_who_tell_the_same_at_once_tell_it_once(world: World) -> None:
    start = threading.Barrier(2)

    def tell(order: int) -> None:
        try:
            start.wait()
            told = [news(f"K{n:02}", agency_id=world.centre.pk, role="CLERK") for n in range(40)]
            actions.tell(news=told[::order], now=MONDAY)
        finally:
            connection.close()

    both = [threading.Thread(target=tell, args=(order,)) for order in (1, -1)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert Notice.objects.count() == 40
