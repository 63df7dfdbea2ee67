"""The pages of the words of slips: outsiders first, then writing, looking, and taking the law's words back."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from motcua.audit.models import Read
from motcua.cases.models import SlipText
from motcua.cases.tests.test_slips import size_of, text_of
from motcua.cases.tests.world import World, make_person
from motcua.desk.tests.rows import LATER, count_queries, desk_clock, sign_in, words

LIST, PAGE = "/luat/mau-giay/", "/luat/mau-giay/supplement/"
PREVIEW, RESTORE = f"{PAGE}xem-truoc/", f"{PAGE}tro-ve/"
BODY = "Kính gửi {nguoi_nop}.\nCòn thiếu: {ly_do}"


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock():
        yield world


@pytest.fixture
def desk(world: World) -> Client:
    return sign_in(world.controller)


def typed(**changes: str) -> dict[str, str]:
    return {
        "part_body": BODY,
        "starts_on": "06/03/2023",
        "reason": "Viết gọn lại",
        "seen": "0",
        "paper": "A5",
        "case_code": "",
    } | changes


def seen() -> str:
    return str(SlipText.objects.latest("id").pk)


@pytest.mark.parametrize("address", [LIST, PAGE, PREVIEW, RESTORE])
def test_a_visitor_signs_in_first_and_an_administrator_has_no_business_here(
    world: World, address: str
) -> None:
    admin = make_person(world.system, "phuc", "Phạm Hồng Phúc", world.office, "ADMIN")
    method = "post" if address == RESTORE else "get"

    assert getattr(Client(), method)(address).status_code == 302
    assert getattr(sign_in(admin), method)(address).status_code == 403


@pytest.mark.parametrize("name", ["cuc", "binh", "dung", "oanh"])
def test_an_officer_reads_the_words_and_writes_none(world: World, name: str) -> None:
    officer = sign_in(getattr(world, name))

    listed, page, printed = (officer.get(address) for address in (LIST, PAGE, PREVIEW))
    refused = [officer.post(address, typed()) for address in (PAGE, PREVIEW, RESTORE)]

    assert (listed.status_code, page.status_code, printed.status_code) == (200, 200, 200)
    assert "Ghi lời mới" not in words(page)
    assert [answer.status_code for answer in refused] == [403, 403, 403]
    assert not SlipText.objects.exists()


def test_the_list_names_every_slip_and_whose_words_it_has(desk: Client) -> None:
    before = words(desk.get(LIST))
    desk.post(PAGE, typed())
    desk.post(PAGE, typed(part_body=f"{BODY}.", starts_on="20/03/2023", seen=seen()))

    after = words(desk.get(LIST))

    assert "đã sửa" not in before
    assert "Mẫu số 01 Thông tư số 01/2018/TT-VPCP" in before and "Sổ theo dõi hồ sơ" in before
    assert "kèm hồ sơ trả lại sau thẩm định" in before
    assert "đã sửa từ 06/03/2023" in after and "sẽ đổi từ 20/03/2023" in after


def test_words_are_written_shown_with_author_and_reason_and_taken_back(
    world: World, desk: Client
) -> None:
    written = desk.post(PAGE, typed(), follow=True)
    taken_back = desk.post(
        RESTORE,
        {"part": "body", "starts_on": "07/03/2023", "reason": "Theo mẫu", "seen": seen()},
        follow=True,
    )

    shown = words(written)
    assert "Đã ghi lời mới" in shown and "có hiệu lực từ 06/03/2023" in shown
    assert f"Từ 06/03/2023, {world.controller.full_name} ghi. Lý do: Viết gọn lại" in shown
    assert "Còn thiếu: {ly_do}" in shown and "Lời của luật" in shown
    back = words(taken_back)
    assert "“Nội dung” trở về lời của luật từ 07/03/2023" in back
    assert "trở về lời của luật 07/03/2023" in back and "Theo mẫu" in back
    assert SlipText.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"part_body": "{ly_do} {so_dt}"},
            "không có chỗ điền {so_dt}. Các chỗ điền có: {ma_ho_so}",
        ),
        ({"part_body": "{ly_do"}, "đứng lẻ"),
        ({"part_body": ""}, "Phần này để trống"),
        ({"part_body": "Không nêu gì"}, "thiếu: {ly_do} (lý do"),
        ({"part_body": "{ly_do} 王"}, "không có ký tự “王”"),
        ({"starts_on": "05/03/2023"}, "từ hôm nay (06/03/2023) trở đi"),
        ({"starts_on": "31/02/2023"}, "Ngày không có thật"),
        ({"reason": " "}, "Hãy ghi lý do"),
        ({"seen": "99"}, "người khác đã ghi lời mới"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(
    desk: Client, changes: dict[str, str], told: str
) -> None:
    page = desk.post(PAGE, typed(**changes))

    assert page.status_code == 422
    assert told in words(page)
    assert typed(**changes)["part_body"] in page.content.decode()
    assert not SlipText.objects.exists()


def test_a_preview_sets_what_is_being_written_with_a_made_up_case_and_stores_nothing(
    desk: Client,
) -> None:
    answer = desk.post(PREVIEW, typed(reason="", starts_on="", paper="A4"))
    wrong = desk.post(PREVIEW, typed(part_body="{ly_do} {gi}"))

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline")
    assert "Kính gửi Nguyễn Văn Mẫu." in text_of(answer.content)
    assert size_of(answer.content) == (210, 297)
    assert wrong.status_code == 422 and "không có chỗ điền {gi}" in words(wrong)
    assert not SlipText.objects.exists()


def test_a_preview_with_a_real_case_notes_that_it_was_read(world: World, desk: Client) -> None:
    case = world.receive()

    answer = desk.post(PREVIEW, typed(case_code=case.code))
    unknown = desk.post(PREVIEW, typed(case_code="000.00.00.H19-230306-9999"))

    assert "Kính gửi Nguyễn Thị Thúy An." in text_of(answer.content)
    assert case.code in text_of(answer.content)
    assert Read.objects.get(subject=f"case:{case.code}").what == "case.slip_previewed"
    assert unknown.status_code == 422 and "9999" in words(unknown)


@pytest.mark.parametrize("slip", ["receipt", "postal", "shift", "register"])
def test_what_belongs_to_no_single_case_is_looked_at_with_a_made_up_one(
    desk: Client, slip: str
) -> None:
    page = desk.get(f"{LIST}{slip}/")
    printed = desk.get(f"{LIST}{slip}/xem-truoc/")

    assert ("Mã hồ sơ thật" in words(page)) == (slip == "receipt")
    assert printed["Content-Type"] == "application/pdf"


def test_a_slip_that_is_none_is_a_page_that_says_so(desk: Client) -> None:
    address = f"{LIST}label/"
    answers: list[Any] = [
        desk.get(address),
        desk.get(f"{address}xem-truoc/"),
        desk.post(f"{address}tro-ve/", {}),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert "Không có mẫu giấy nào mang tên “label”" in words(answers[0])


def test_more_texts_cost_no_more_queries(world: World, desk: Client) -> None:
    def write(number: int) -> None:
        SlipText.objects.create(
            slip="supplement",
            issued_with="Thông tư số 01/2018/TT-VPCP",
            part="body",
            text=f"{number} {{ly_do}}",
            starts_on=LATER.date() + timedelta(days=number),
            reason="x",
            written_at=LATER,
            written_by_id=world.controller.id,
        )

    write(0)
    few = [count_queries(desk, address) for address in (LIST, PAGE)]
    for number in range(1, 15):
        write(number)

    assert [count_queries(desk, address) for address in (LIST, PAGE)] == few
