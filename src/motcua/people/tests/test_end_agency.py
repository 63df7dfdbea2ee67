"""An agency ends: what hinders it, what becomes of its posts, who goes on with its work, and back again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from motcua.audit.models import Entry
from motcua.audit.queries import find_broken_chains
from motcua.people import actions, queries
from motcua.people.actions import CannotDissolveAgency, NotAllowed
from motcua.people.models import Agency, Post
from motcua.people.queries import Person
from motcua.people.tests.cast import MONDAY, Province, give, make_agency, make_person

pytestmark = pytest.mark.django_db

TODAY = MONDAY.date()
FRIDAY = TODAY + timedelta(days=4)


def check(
    province: Province,
    agency: Agency,
    successor: Agency | None,
    *,
    last_day: date = FRIDAY,
    officer: Person | None = None,
) -> actions.Ending:
    return actions.check_ending(
        officer=officer or province.admin,
        agency_id=agency.pk,
        successor_id=successor.pk if successor else None,
        last_day=last_day,
        now=MONDAY,
    )


def end(province: Province, agency: Agency, successor: Agency | None) -> list[dict[str, object]]:
    ending = check(province, agency, successor)
    return actions.end_agency(
        officer=province.admin, ending=ending, because="Nghị quyết 5/NQ-HĐND", now=MONDAY
    )


def test_only_an_administrator_or_the_controller_above_may_end_an_agency(
    province: Province,
) -> None:
    for outsider in (
        province.clerk,
        make_person(province.system, "a", "An", province.office, "LEADER"),
    ):
        with pytest.raises(NotAllowed, match="không có quyền giải thể cơ quan"):
            check(province, province.centre, province.department, officer=outsider)
    with pytest.raises(NotAllowed):
        check(province, province.department, province.centre, officer=province.controller)

    assert check(province, province.centre, province.department, officer=province.controller)
    assert check(province, province.department, province.centre)


def test_the_top_and_what_has_living_agencies_below_stays(province: Province) -> None:
    for number in range(7):
        make_agency(province.system, f"H19.01.1{number}", f"Phòng {number}", parent=province.office)

    with pytest.raises(CannotDissolveAgency, match="đứng đầu cây cơ quan"):
        check(province, province.province, None)
    with pytest.raises(
        CannotDissolveAgency,
        match=r"còn 8 cơ quan trực thuộc.*Phòng 0 \(H19.01.10\);.*Phòng 4.* và 3 cơ quan khác",
    ):
        check(province, province.office, province.department)


def test_agencies_below_that_end_with_it_do_not_hinder(province: Province) -> None:
    give(province.system, province.admin.id, province.department, "ADMIN")
    end(province, province.centre, province.department)

    assert check(province, province.office, province.department)
    with pytest.raises(CannotDissolveAgency, match="còn 1 cơ quan trực thuộc"):
        check(province, province.office, province.department, last_day=TODAY)


@pytest.mark.parametrize(
    ("last_day", "words"),
    [
        (TODAY - timedelta(days=1), "05/03/2023 đã qua.*từ hôm nay, 06/03/2023"),
        (FRIDAY, "hoạt động từ ngày 01/04/2023"),
    ],
)
def test_a_last_day_must_be_one_on_which_it_still_works(
    province: Province, last_day: date, words: str
) -> None:
    new = make_agency(
        province.system, "H19.30", "Sở Mới", parent=province.province, starts_on=date(2023, 4, 1)
    )
    agency = province.department if last_day < TODAY else new

    with pytest.raises(CannotDissolveAgency, match=words):
        check(province, agency, province.centre, last_day=last_day)


def test_a_successor_is_another_agency_in_force_and_outside_the_branch(province: Province) -> None:
    top = province.province
    below = make_agency(
        province.system, "H19.17.01", "Chi cục", parent=province.department, ends_on=FRIDAY
    )
    gone = make_agency(province.system, "H19.31", "Sở Cũ", parent=top, ends_on=date(2023, 3, 9))
    late = make_agency(province.system, "H19.32", "Sở Mới", parent=top, starts_on=date(2023, 5, 1))

    for successor, words in (
        (province.department, "không thể kế thừa chính mình"),
        (below, "trực thuộc Sở Tài nguyên"),
        (gone, "kết thúc từ ngày 09/03/2023"),
        (late, "chỉ hoạt động từ ngày 01/05/2023"),
    ):
        with pytest.raises(CannotDissolveAgency, match=words):
            check(province, province.department, successor)


def test_the_last_administrators_keep_their_agency(province: Province) -> None:
    Agency.objects.filter(pk=province.centre.pk).update(parent=province.province, path="/1/x/")

    with pytest.raises(CannotDissolveAgency, match="Mọi vị trí quản trị.*Văn phòng"):
        check(province, province.office, province.department)


def test_its_posts_end_with_its_last_day_and_coming_ones_go_to_the_successor(
    province: Province,
) -> None:
    clerk = Post.objects.get(person_id=province.clerk.id)
    coming = give(
        province.system, province.controller.id, province.centre, starts_on=date(2023, 4, 1)
    )
    short = give(province.system, province.admin.id, province.centre, ends_on=date(2023, 3, 8))

    told = end(province, province.centre, province.department)

    ended = FRIDAY + timedelta(days=1)
    province.centre.refresh_from_db()
    assert (province.centre.ends_on, province.centre.successor) == (ended, province.department)
    for post in (clerk, coming, short):
        post.refresh_from_db()
    assert clerk.ends_on == ended
    assert (coming.agency_id, coming.ends_on) == (province.department.pk, None)
    assert short.ends_on == date(2023, 3, 8)
    assert [one["id"] for one in told] == [clerk.pk, coming.pk]
    assert Entry.objects.filter(event="person.posts_ended").count() == 2
    assert list(find_broken_chains()) == []


def test_a_coming_post_that_is_held_at_the_successor_already_hinders(province: Province) -> None:
    give(province.system, province.clerk.id, province.department)
    give(province.system, province.clerk.id, province.centre, "LEADER", starts_on=date(2023, 4, 1))
    give(province.system, province.clerk.id, province.department, "LEADER")

    with pytest.raises(CannotDissolveAgency, match="đã có đúng vị trí đó"):
        end(province, province.centre, province.department)

    assert not Agency.objects.filter(ends_on__isnull=False).exists()
    assert not Post.objects.filter(ends_on__isnull=False).exists()


def test_no_post_outlasts_an_agency_that_is_to_end(province: Province) -> None:
    end(province, province.centre, province.department)

    with pytest.raises(actions.CannotChangePost, match="đến hết ngày 10/03/2023"):
        give(province.system, province.admin.id, province.centre)

    assert give(province.system, province.admin.id, province.centre, ends_on=date(2023, 3, 11))


def test_an_agency_ends_once(province: Province) -> None:
    end(province, province.centre, province.department)

    with pytest.raises(CannotDissolveAgency, match="đã được ghi ngày hoạt động cuối là 10/03/2023"):
        check(province, province.centre, province.department)
    with pytest.raises(CannotDissolveAgency, match="đã giải thể"):
        actions.check_ending(
            officer=province.admin,
            agency_id=province.centre.pk,
            successor_id=None,
            last_day=FRIDAY + timedelta(days=10),
            now=MONDAY + timedelta(days=5),
        )


def test_who_goes_on_with_the_work_may_do_there_what_they_may_at_their_own(
    province: Province,
) -> None:
    heir = make_person(province.system, "hoa", "Hoa", province.department, "CLERK")

    actions.go_on_with(agency=province.centre, heir=province.department)
    actions.go_on_with(agency=Agency.objects.get(pk=province.department.pk), heir=province.office)

    last = make_person(province.system, "lan", "Lan", province.office, "CLERK")
    hoa = queries.get_person(user_id=heir.id)
    for who in (hoa, last):
        for function, may in (
            ("cases.return", True),
            ("cases.see", True),
            ("cases.receive", False),
        ):
            assert (
                queries.scope_of(who, function, now=MONDAY).covers(
                    agency_id=province.centre.pk, agency_path=""
                )
                == may
            )
    assert not queries.scope_of(heir, "cases.return", now=MONDAY).covers(
        agency_id=province.centre.pk, agency_path=""
    )


def test_an_ending_is_taken_back_with_its_posts(province: Province) -> None:
    coming = give(
        province.system, province.controller.id, province.centre, starts_on=date(2023, 4, 1)
    )
    before = list(Post.objects.order_by("pk").values("pk", "agency", "ends_on"))
    told = end(province, province.centre, province.department)
    actions.go_on_with(agency=province.centre, heir=province.department)

    actions.revive_agency(
        officer=province.admin,
        agency_id=province.centre.pk,
        heir_id=province.department.pk,
        posts=told,
        because="Nhầm",
        now=MONDAY,
    )

    province.centre.refresh_from_db()
    assert (province.centre.ends_on, province.centre.successor) == (None, None)
    assert list(Post.objects.order_by("pk").values("pk", "agency", "ends_on")) == before
    assert Agency.objects.get(pk=province.department.pk).heir_of == []
    assert coming.agency_id == province.centre.pk
    assert list(find_broken_chains()) == []
