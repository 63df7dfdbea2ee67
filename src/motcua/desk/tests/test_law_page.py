"""The law in force: every rule on any day, what changed between two, the calendar, the register."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client

from motcua.cases.tests.world import World, make_person
from motcua.desk import law_page
from motcua.desk.tests.rows import count_queries, desk_clock, sign_in, words
from motcua.lawbook import queries as lawbook

LAW = "/luat/"


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock():
        yield world


@pytest.fixture
def desk(world: World) -> Client:
    return sign_in(world.controller)


def text(response: Any) -> str:
    return words(response).replace("&quot;", '"')


@pytest.mark.parametrize("address", [LAW, "/luat/lich/", "/luat/van-ban/"])
def test_a_visitor_signs_in_first_and_a_person_without_the_right_is_refused(
    world: World, address: str
) -> None:
    admin = make_person(world.system, "quan", "Nguyễn Văn Quân", world.office, "ADMIN")

    visitor, refused = Client().get(address), sign_in(admin).get(address)

    assert visitor.status_code == 302
    assert refused.status_code == 403


def test_the_rail_leads_to_the_law(desk: Client) -> None:
    page = desk.get(LAW).content.decode()

    assert re.search(r'class="rail-item" href="/luat/" aria-current="page"', page)


def test_every_rule_is_shown_with_value_days_source_and_status(desk: Client) -> None:
    page = text(desk.get(LAW, {"on": "14/03/2023"}))

    for name in lawbook.list_subjects():
        subject = lawbook.get_subject(name)
        assert subject.title_vi in page
        for rule in subject.rules.values():
            assert rule.title_vi in page
    assert "Việc hẹn lại ngày trả kết quả được thực hiện không quá một lần" in page
    assert "từ 21/06/2018 đến 30/06/2025" in page
    assert "NĐ 61/2018/NĐ-CP Đ19.9" in page
    assert "Từ 15/12 năm trước đến 14/03" in page
    assert "Mã 5; báo cáo tính là tạm dừng" in page
    assert "Mẫu số 01, ban hành kèm Thông tư số 01/2018/TT-VPCP, khổ A5" in page
    assert "Hồ sơ đã giải quyết: Quá hạn" in page


def test_statuses_are_counted_as_shown(desk: Client) -> None:
    subjects = law_page.subjects_on(date(2023, 3, 14))
    counts = law_page.count_rules(subjects)

    page = text(desk.get(LAW, {"on": "2023-03-14"}))

    assert counts["in_force"] > 40
    assert 0 < counts["unverified"] < counts["in_force"]
    assert f"có {counts['in_force']} quy định đang áp dụng" in page
    assert f"{counts['unverified']} quy định chưa kiểm tra" in page


def test_examples_are_told_in_words(desk: Client) -> None:
    page = text(desk.get(LAW))

    assert (
        "Tiếp nhận: 09:32 27/10/2023 · Thời hạn: 5 ngày làm việc · Hạn trả: 17:00 03/11/2023"
        in page
    )
    assert "Bị từ chối vì: chưa có yêu cầu nào để tiếp tục" in page
    assert "Các cấp: cấp tỉnh, cấp xã" in page
    assert "Hồ sơ trong ví dụ: 284 hồ sơ" in page
    assert "Hồ sơ trong ví dụ: 66 hồ sơ · Số hồ sơ trễ: 3" in page
    assert "Kiểm tra thấy: tổng thời hạn các bước vượt thời hạn luật định" in page
    assert "Năm sinh: 1993 · Giới tính: nữ · Phải có người đại diện: không" in page


def test_no_part_of_an_example_is_told_by_its_name_in_the_file(desk: Client) -> None:
    response = desk.get(LAW)

    examples = [one for subject in response.context["subjects"] for one in subject.examples]
    labels = {fact.label for example in examples for fact in example.facts}
    told = " ".join(fact.words for example in examples for fact in example.facts)
    assert len(labels) > 30
    assert [label for label in labels if label == label.lower()] == []
    assert re.findall(r"\b\w*[a-z]_[a-z]\w*|\b[A-Z]+_[A-Z_]+\b", told) == []


def test_a_rule_of_later_days_is_said_not_to_hold_yet(desk: Client) -> None:
    page = text(desk.get(LAW, {"on": "01/01/2018"}))

    assert "Chưa có quy định; quy định đầu tiên có hiệu lực từ 21/06/2018." in page


@pytest.mark.parametrize("day", ["31/02/2025", "2025-13-01", "mai", "00/00/0000"])
def test_a_day_that_is_none_is_refused_and_kept(desk: Client, day: str) -> None:
    response = desk.get(LAW, {"on": day})

    assert response.status_code == 422
    assert "Ngày không có thật; hãy ghi ngày/tháng/năm" in text(response)
    assert f'value="{day}"' in response.content.decode()


def test_two_decrees_and_two_kinds_of_government_stand_side_by_side(desk: Client) -> None:
    page = text(desk.get(LAW, {"from": "30/06/2025", "to": "01/07/2025"}))

    assert "NĐ 61/2018/NĐ-CP Đ19.4" in page
    assert "NĐ 118/2025/NĐ-CP" in page
    assert "Ba cấp: tỉnh, huyện, xã" in page
    assert "Hai cấp: tỉnh, xã; cấp huyện kết thúc hoạt động" in page


def test_what_changed_is_told_apart_from_what_is_only_written_elsewhere() -> None:
    found = law_page.compare(date(2025, 6, 30), date(2025, 7, 1))

    changes = {
        change.title: change.is_of_content for one in found.subjects for change in one.changes
    }
    assert changes["Số cấp chính quyền địa phương"] is True
    assert changes["Mẫu mã số hồ sơ"] is True
    assert changes["Sau khi bổ sung hồ sơ"] is False
    assert found.count == len(changes)
    assert found.content_count == sum(changes.values())


def test_a_rule_that_begins_between_the_days_has_no_value_before() -> None:
    found = law_page.compare(date(2020, 5, 21), date(2020, 5, 22))

    change = found.subjects[0].changes[0]
    assert change.before is None
    assert change.after is not None
    assert change.is_of_content


def test_days_with_the_same_law_are_said_to_agree(desk: Client) -> None:
    response = desk.get(LAW, {"from": "2023-03-01", "to": "2023-03-02"})

    assert "Không quy định nào khác nhau" in text(response)


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("01/07/2025", "30/06/2025", "Ngày trước (01/07/2025) phải sớm hơn ngày sau (30/06/2025)"),
        ("01/07/2025", "01/07/2025", "phải sớm hơn"),
        ("", "01/07/2025", "Chưa ghi ngày"),
        ("31/02/2025", "01/07/2025", "Ngày không có thật"),
    ],
)
def test_days_that_cannot_be_compared_are_refused(
    desk: Client, first: str, second: str, told: str
) -> None:
    response = desk.get(LAW, {"from": first, "to": second})

    assert response.status_code == 422
    assert told in text(response)


def test_every_day_of_change_is_offered_with_as_many_rules_as_it_leads_to() -> None:
    chips = law_page.change_chips(None, None)

    assert {chip.label for chip in chips} >= {"01/07/2025", "05/04/2023", "06/01/2019"}
    for chip in chips:
        days = re.findall(r"\d{4}-\d\d-\d\d", chip.url)
        compared = law_page.compare(*(date.fromisoformat(day) for day in days))
        assert chip.count is not None
        assert compared.count >= chip.count


def test_a_year_shows_its_days_off_and_worked_saturdays_with_sources(desk: Client) -> None:
    page = text(desk.get("/luat/lich/", {"year": "2025"}))

    assert "Năm 2025 có 250 ngày làm việc" in page
    assert "26 +" in page
    assert "30/04/2025 Thứ Tư Ngày Chiến thắng" in page
    assert "thay cho ngày 26/04/2025" in page
    assert "BLLĐ 2019 Đ112" in page


def test_every_known_year_counts_as_the_calendar_does(desk: Client) -> None:
    calendar = lawbook.get_calendar()
    for year in lawbook.list_calendar_years():
        first, last = date(year, 1, 1), date(year, 12, 31)
        expected = calendar.working_days_between(first, last) + calendar.is_working_day(first)

        assert f"Năm {year} có {expected} ngày làm việc" in text(
            desk.get("/luat/lich/", {"year": str(year)})
        )


@pytest.mark.parametrize("year", ["2031", "1999", "hai nghìn", "20233"])
def test_a_year_without_calendar_is_refused(desk: Client, year: str) -> None:
    response = desk.get("/luat/lich/", {"year": year})

    assert response.status_code == 422
    assert f"Không có lịch của năm “{year}”; lịch chỉ có từ năm 2015 đến năm 2027." in text(
        response
    )


def test_the_register_lists_every_document(desk: Client) -> None:
    page = text(desk.get("/luat/van-ban/"))

    for document in lawbook.list_documents():
        assert document.symbol in page
    assert "không phải quy định theo ngày" in page


def test_the_page_takes_few_queries(desk: Client) -> None:
    empty = count_queries(desk, "/luat/van-ban/")

    assert count_queries(desk, LAW) == empty
    assert empty <= 7
