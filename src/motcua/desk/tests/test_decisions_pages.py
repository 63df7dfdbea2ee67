"""Pages of decisions on days off and of suspensions: who may, the effect first, then the change."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.cases.models import Case, MassRecount, Suspension
from motcua.cases.tests.world import MONDAY, World
from motcua.desk.tests.rows import desk_clock, make_rows, sign_in, words
from motcua.lawbook import decisions
from motcua.lawbook.models import CalendarDecision

DECISIONS, SUSPENSIONS = "/luat/nghi-le/", "/luat/tam-ngung/"


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock():
        yield world
    decisions.forget()


@pytest.fixture
def desk(world: World) -> Client:
    return sign_in(world.controller)


def a_decision(**changes: str) -> dict[str, str]:
    return {
        "number": "12/QĐ-TTg",
        "decided_on": "01/03/2023",
        "title": "Nghỉ lễ",
        "form-TOTAL_FORMS": "2",
        "form-INITIAL_FORMS": "0",
        "form-0-day": "10/03/2023",
        "form-0-kind": "off",
        "form-0-name": "Nghỉ lễ tỉnh",
        "form-1-day": "",
    } | changes


def a_suspension(**changes: str) -> dict[str, str]:
    return {
        "agency": "H19.01",
        "with_subordinate": "on",
        "start_day": "06/03/2023",
        "start_clock": "08:00",
        "reason": "Bão số 1",
        "document": "Công điện 5",
    } | changes


def queries_of_a_preview(desk: Client) -> int:
    desk.post(DECISIONS, a_decision(preview=""))
    with CaptureQueriesContext(connection) as captured:
        assert desk.post(DECISIONS, a_decision(preview="")).status_code == 200
    return len(captured)


@pytest.mark.parametrize("address", [DECISIONS, SUSPENSIONS])
def test_a_visitor_signs_in_first(world: World, address: str) -> None:
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize(
    ("address", "sent"), [(DECISIONS, a_decision()), (SUSPENSIONS, a_suspension())]
)
def test_an_officer_reads_and_decides_nothing(
    world: World, address: str, sent: dict[str, str]
) -> None:
    officer = sign_in(world.binh)

    page, refused = officer.get(address), officer.post(address, sent | {"apply": "1"})

    assert page.status_code == 200
    assert "Xem tác động" not in words(page)
    assert refused.status_code == 403
    assert (CalendarDecision.objects.count(), Suspension.objects.count()) == (0, 0)


def test_the_effect_is_shown_and_nothing_is_stored(world: World, desk: Client) -> None:
    case = world.receive(now=MONDAY)

    page = desk.post(DECISIONS, a_decision(preview=""))

    assert "1 hồ sơ đổi hạn trả" in words(page)
    assert case.code in words(page)
    assert "14/03/2023" in words(page)
    assert CalendarDecision.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_applying_a_decision_leads_to_its_progress(world: World, desk: Client) -> None:
    world.receive(now=MONDAY)

    done = desk.post(DECISIONS, a_decision(apply="1"), follow=True)

    assert "Đã xét 0 trong 1 hồ sơ." in words(done)
    assert MassRecount.objects.get().origin == f"calendar:{CalendarDecision.objects.get().pk}"
    assert "12/QĐ-TTg" in words(desk.get(DECISIONS))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"form-0-day": "31/02/2023"}, "Ngày không có thật"),
        ({"form-0-kind": ""}, "Hãy chọn loại"),
        ({"form-0-name": " "}, "Hãy ghi tên ngày"),
        ({"form-0-day": "01/03/2023"}, "đã đến hoặc đã qua"),
        ({"number": ""}, "Hãy ghi số của quyết định"),
        ({"form-0-day": "", "form-0-kind": "", "form-0-name": ""}, "chưa có ngày nào"),
    ],
    ids=["no day", "no kind", "no name", "past", "no number", "empty"],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(
    desk: Client, changes: dict[str, str], told: str
) -> None:
    page = desk.post(DECISIONS, a_decision(**changes))

    assert page.status_code == 422
    assert told in words(page)
    assert 'value="Nghỉ lễ"' in page.content.decode()


def test_a_suspension_shows_its_effect_and_stores_nothing(world: World, desk: Client) -> None:
    world.receive(now=MONDAY)

    page = desk.post(SUSPENSIONS, a_suspension(preview=""))

    assert "1 hồ sơ đổi hạn trả" in words(page)
    assert "tạm dừng, sẽ tính khi hết tạm ngừng" in words(page)
    assert Suspension.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_suspension_is_applied_listed_and_lifted(world: World, desk: Client) -> None:
    desk.post(SUSPENSIONS, a_suspension(apply="1"))
    suspension = Suspension.objects.get()
    listed = words(desk.get(SUSPENSIONS))

    lifted = desk.post(
        f"{SUSPENSIONS}{suspension.pk}/ket-thuc/", {"end_day": "06/03/2023", "end_clock": "08:30"}
    )

    suspension.refresh_from_db()
    assert "đang tạm ngừng" in listed
    assert lifted.status_code == 302
    assert suspension.ends_at is not None


def test_a_leader_suspends_only_the_units_below(world: World) -> None:
    leader = sign_in(world.dung)

    page = leader.get(SUSPENSIONS).content.decode()

    assert 'value="H19.01"' in page
    assert 'value="H19.17"' not in page


def test_the_effect_takes_as_many_queries_for_a_thousand_cases_as_for_ten(
    world: World, desk: Client
) -> None:
    make_rows(world, 10)
    few = queries_of_a_preview(desk)
    make_rows(world, 990, prefix="MORE")

    many = queries_of_a_preview(desk)

    assert many == few
    assert Case.objects.count() == 1000
