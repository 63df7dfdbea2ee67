"""The return desk: what waits, handing over once, the slip."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from motcua.audit.models import Read
from motcua.cases.models import Case
from motcua.cases.tests.test_slips import size_of
from motcua.cases.tests.world import World, make_person
from motcua.desk.tests.rows import (
    LATER,
    count_queries,
    desk_clock,
    finish,
    make_rows,
    set_clock,
    sign_in,
    words,
)

RETURNS = "/tra-ket-qua/"


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock():
        yield world


def finished(world: World, name: str = "Nguyễn Thị Thúy An", hours: int = 1) -> Case:
    applicant = world.submission().applicant
    case = world.receive(
        applicant=type(applicant)(kind="PERSON", full_name=name, phone="0912345678")
    )
    finish(world, case, now=LATER + timedelta(hours=hours))
    set_clock(LATER + timedelta(days=1))
    return case


def test_finished_cases_wait_in_the_order_in_which_they_were_finished(world: World) -> None:
    second, first = finished(world, hours=2), finished(world, hours=1)
    world.receive()

    page = sign_in(world.cuc).get(RETURNS).content.decode()

    codes = re.findall(r'class="cell-title cell-code" href="/ho-so/([^"/]+)/"', page)
    assert codes == [first.code, second.code]


def test_searching_without_marks_opens_the_one_result(world: World) -> None:
    finished(world, "Đặng Thị Hồng Gấm")
    finished(world, "Lê Văn Nghĩa")

    response = sign_in(world.cuc).get(RETURNS, {"q": "hong gam"})

    assert "Đặng Thị Hồng Gấm" in words(response)
    assert "Lê Văn Nghĩa" not in words(response)
    assert 'name="returned_to" value="Đặng Thị Hồng Gấm"' in response.content.decode()


def test_a_row_opens_its_form(world: World) -> None:
    case = finished(world)
    finished(world, "Lê Văn Nghĩa")

    response = sign_in(world.cuc).get(RETURNS, {"case": case.code})

    assert f'action="/ho-so/{case.code}/tra/"' in response.content.decode()


def test_handing_over_records_who_received_and_offers_the_slip(world: World) -> None:
    case = finished(world)
    client = sign_in(world.cuc)

    response = client.post(
        f"/ho-so/{case.code}/tra/", {"returned_to": "  Nguyễn   Văn Tư "}, follow=True
    )

    case.refresh_from_db()
    assert (case.status, case.returned_to) == ("RETURNED", "Nguyễn Văn Tư")
    assert f"Đã trả kết quả hồ sơ {case.code} cho Nguyễn Văn Tư." in words(response)
    assert f'href="/ho-so/{case.code}/giay-tra-ket-qua.pdf"' in response.content.decode()
    assert "Chưa có kết quả nào chờ trả" in words(response)


def test_a_name_is_shown_as_text_and_not_as_markup(world: World) -> None:
    case = finished(world)

    response = sign_in(world.cuc).post(
        f"/ho-so/{case.code}/tra/", {"returned_to": "<b>Tư</b>"}, follow=True
    )

    assert "&lt;b&gt;Tư&lt;/b&gt;" in response.content.decode()


def test_a_second_return_is_told_who_received_and_when(world: World) -> None:
    case = finished(world)
    client = sign_in(world.cuc)
    client.post(f"/ho-so/{case.code}/tra/", {"returned_to": "Nguyễn Văn Tư"})

    response = client.post(f"/ho-so/{case.code}/tra/", {"returned_to": "Người khác"})

    assert response.status_code == 409
    assert "đã trả cho Nguyễn Văn Tư lúc 10:00 07/03/2023" in words(response)
    assert Case.objects.get().returned_to == "Nguyễn Văn Tư"


@pytest.mark.parametrize("name", ["", "   ", "ơ" * 201])
def test_a_missing_or_endless_name_is_asked_for_again(world: World, name: str) -> None:
    case = finished(world)

    response = sign_in(world.cuc).post(f"/ho-so/{case.code}/tra/", {"returned_to": name})

    assert response.status_code == 422
    assert "field-wrong" in response.content.decode()
    assert Case.objects.get().status == "DONE"


def test_a_case_that_is_not_finished_is_not_handed_over(world: World) -> None:
    case = world.receive()

    response = sign_in(world.cuc).post(f"/ho-so/{case.code}/tra/", {"returned_to": "An"})

    assert response.status_code == 409
    assert "chưa có kết quả để trả" in words(response)


def test_an_unknown_case_is_not_handed_over(world: World) -> None:
    response = sign_in(world.cuc).post("/ho-so/X/tra/", {"returned_to": "An"})

    assert response.status_code == 404
    assert "Không có hồ sơ mang mã X" in words(response)


def test_only_the_counter_that_received_it_hands_it_over(world: World) -> None:
    case = finished(world)
    elsewhere = make_person(world.system, "kim", "Vũ Kim", world.elsewhere, "CLERK")

    for person in (world.binh, elsewhere):
        response = sign_in(person).post(f"/ho-so/{case.code}/tra/", {"returned_to": "An"})

        assert response.status_code == 403
    assert Case.objects.get().status == "DONE"
    assert Read.objects.filter(was_allowed=False).count() == 1
    assert sign_in(world.binh).get(RETURNS).status_code == 403


def test_the_slip_is_printed_and_a_second_one_is_a_copy(world: World) -> None:
    case = finished(world)
    client = sign_in(world.cuc)
    client.post(f"/ho-so/{case.code}/tra/", {"returned_to": "Nguyễn Văn Tư"})

    first = client.get(f"/ho-so/{case.code}/giay-tra-ket-qua.pdf")
    second = client.get(f"/ho-so/{case.code}/giay-tra-ket-qua.pdf")

    assert first["Content-Type"] == "application/pdf"
    assert first.content.startswith(b"%PDF-")
    assert len(second.content) > len(first.content)


def test_a_refused_printing_is_noted_as_refused_and_makes_the_next_no_copy(world: World) -> None:
    case = finished(world)
    client, address = sign_in(world.cuc), f"/ho-so/{case.code}/giay-tra-ket-qua.pdf"
    client.post(f"/ho-so/{case.code}/tra/", {"returned_to": "Nguyễn Văn Tư"})

    refused = [sign_in(one).get(address).status_code for one in (world.binh, world.oanh)]
    first, second = client.get(address), client.get(address)

    assert refused == [403, 403]
    printed = Read.objects.filter(what="case.hand_over_slip_printed").order_by("pk")
    assert list(printed.values_list("was_allowed", flat=True)) == [False, False, True, True]
    assert len(second.content) > len(first.content)


def test_the_slip_is_printed_on_the_size_asked_for_and_on_no_other(world: World) -> None:
    case = finished(world)
    client, address = sign_in(world.cuc), f"/ho-so/{case.code}/giay-tra-ket-qua.pdf"

    small, large, unknown = (client.get(address, {"kho": size}) for size in ("", "a4", "A3"))

    assert (size_of(small.content), size_of(large.content)) == ((148, 210), (210, 297))
    assert unknown.status_code == 422
    assert "Không in được trên khổ giấy “A3”" in words(unknown)
    assert Read.objects.filter(what="case.hand_over_slip_printed").count() == 2


def test_no_slip_is_printed_before_there_is_a_result(world: World) -> None:
    case = world.receive()

    response = sign_in(world.cuc).get(f"/ho-so/{case.code}/giay-tra-ket-qua.pdf")

    assert response.status_code == 409
    assert "chưa xử lý xong" in words(response)


def test_the_page_takes_as_many_queries_for_a_thousand_rows_as_for_ten(world: World) -> None:
    client = sign_in(world.cuc)
    make_rows(world, 10, prefix="FEW", status="DONE")
    few = count_queries(client, RETURNS)
    make_rows(world, 990, prefix="MANY", status="DONE")

    assert count_queries(client, RETURNS) == few
    assert few <= 12
