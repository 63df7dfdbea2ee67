"""The pages of online intake: what waits, one submission, accepting and refusing it."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from motcua.cases import actions
from motcua.cases.models import Case, OnlineSubmission
from motcua.cases.tests.world import World
from motcua.cases.work_queries import count_waiting
from motcua.desk.tests.rows import count_queries, desk_clock, set_clock, sign_in, words
from motcua.engine.moments import VIETNAM

LIST = "/truc-tuyen/"
THURSDAY = datetime(2023, 3, 16, 16, 0, tzinfo=VIETNAM)
FRIDAY = datetime(2023, 3, 17, 9, 0, tzinfo=VIETNAM)


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock(FRIDAY):
        yield world


def send(
    world: World, name: str = "Nguyễn Thị Thúy An", at: datetime = THURSDAY, **changes: object
) -> OnlineSubmission:
    return actions.register_submission(
        officer=world.system,
        agency_code="H19.01.01",
        submission=world.submission(
            applicant=actions.PartyEntry(kind="PERSON", full_name=name, phone="0912345678"),
            **changes,
        ),
        submitted_at=at,
        now=at,
    )


def names(page: str) -> list[str]:
    return re.findall(r'class="cell-title" href="/truc-tuyen/[^"]+">([^<]+)<', page)


def test_what_waits_is_listed_nearest_answer_deadline_first(world: World) -> None:
    send(world, "Trần Sau", at=FRIDAY - timedelta(minutes=30))
    send(world, "Lê Trước")

    page = sign_in(world.cuc).get(LIST)

    assert names(page.content.decode()) == ["Lê Trước", "Trần Sau"]
    assert "17/03/2023 16:00" in words(page)
    assert "Chờ trả lời 2" in words(page)


def test_an_overdue_answer_and_a_late_one_are_shown_as_such(world: World) -> None:
    send(world, "Lê Chờ")
    late = send(world, "Trần Muộn")
    set_clock(FRIDAY + timedelta(days=3))
    client = sign_in(world.cuc)
    client.post(f"{LIST}{late.key}/tiep-nhan/")

    waiting, answered = client.get(f"{LIST}?state=overdue"), client.get(f"{LIST}?state=late")

    assert names(waiting.content.decode()) == ["Lê Chờ"]
    assert "quá hạn" in words(waiting)
    assert names(answered.content.decode()) == ["Trần Muộn"]
    assert "Đã trả lời muộn 1" in words(answered)


def test_a_submission_shows_what_was_sent_and_why_it_is_due_then(world: World) -> None:
    row = send(world, papers={})

    page = words(sign_in(world.cuc).get(f"{LIST}{row.key}/"))

    assert "Nguyễn Thị Thúy An" in page
    assert "Đơn đề nghị cấp phép 1 bản chính còn thiếu" in page
    assert "Nộp lúc 16:00 Thứ Năm 16/03/2023; phải trả lời trong 8 giờ" in page
    assert "NĐ 45/2020/NĐ-CP Đ11" in page
    assert "Tiếp nhận hồ sơ" in page


def test_accepting_leads_to_the_case(world: World) -> None:
    row = send(world)
    client = sign_in(world.cuc)

    response = client.post(f"{LIST}{row.key}/tiep-nhan/", follow=True)
    again = client.post(f"{LIST}{row.key}/tiep-nhan/", follow=True)

    case = Case.objects.get()
    assert response.redirect_chain[-1][0] == f"/ho-so/{case.code}/"
    assert f"Đã tiếp nhận hồ sơ {case.code}." in words(response)
    assert "không có hồ sơ thứ hai nào được tạo" in words(again)
    assert case.code in words(client.get(f"{LIST}?state=accepted"))


def test_missing_papers_are_named_and_nothing_is_received(world: World) -> None:
    row = send(world, papers={})

    response = sign_in(world.cuc).post(f"{LIST}{row.key}/tiep-nhan/")

    assert response.status_code == 422
    assert "Thiếu “Đơn đề nghị cấp phép”" in words(response)
    assert not Case.objects.exists()


def test_a_refusal_without_words_is_asked_for_again(world: World) -> None:
    row = send(world)
    client = sign_in(world.cuc)

    empty = client.post(f"{LIST}{row.key}/tu-choi/", {"reason": " "})
    done = client.post(f"{LIST}{row.key}/tu-choi/", {"reason": "Đơn chưa ký."}, follow=True)
    after = client.post(f"{LIST}{row.key}/tiep-nhan/")

    assert empty.status_code == 422
    assert "Chưa ghi lý do" in words(empty)
    assert "Đã từ chối hồ sơ trực tuyến của Nguyễn Thị Thúy An." in words(done)
    assert after.status_code == 409
    assert "Đơn chưa ký." in words(after)
    assert "Từ chối tiếp nhận" not in words(after)


def test_outsiders_see_no_submission_and_lookers_on_answer_none(world: World) -> None:
    row = send(world)

    for person in (world.oanh, world.binh):
        assert sign_in(person).get(f"{LIST}{row.key}/").status_code == 403
        assert names(sign_in(person).get(LIST).content.decode()) == []
    for answer in ("tiep-nhan", "tu-choi"):
        response = sign_in(world.controller).post(f"{LIST}{row.key}/{answer}/", {"reason": "Không"})
        assert response.status_code == 403
    assert "Từ chối tiếp nhận" not in words(sign_in(world.controller).get(f"{LIST}{row.key}/"))
    assert OnlineSubmission.objects.get().answered_at is None


def test_an_unknown_submission_is_told_so(world: World) -> None:
    client = sign_in(world.cuc)

    assert client.get(f"{LIST}{uuid4()}/").status_code == 404
    for answer in ("tiep-nhan", "tu-choi"):
        assert client.post(f"{LIST}{uuid4()}/{answer}/", {"reason": "Không"}).status_code == 404


def test_the_rail_counts_what_the_list_shows(world: World) -> None:
    send(world)
    send(world, "Lê Văn Nghĩa")

    page = sign_in(world.cuc).get(LIST)

    assert (
        count_waiting(world.cuc, now=FRIDAY)["desk:online"]
        == len(names(page.content.decode()))
        == 2
    )
    assert "Trực tuyến 2" in words(page)


def test_the_page_takes_as_many_queries_for_a_thousand_rows_as_for_ten(world: World) -> None:
    first = send(world)

    def more(count: int) -> None:
        first_values = {
            field.attname: getattr(first, field.attname)
            for field in OnlineSubmission._meta.concrete_fields
            if field.attname not in {"id", "key"}
        }
        OnlineSubmission.objects.bulk_create(
            OnlineSubmission(key=uuid4(), **first_values) for _ in range(count)
        )

    client = sign_in(world.cuc)
    more(9)
    few = count_queries(client, LIST)
    more(990)

    assert count_queries(client, LIST) == few
    assert few <= 13
