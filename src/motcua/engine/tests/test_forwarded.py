"""Messages of other systems: read as documented, refused by field, and put in order by their times."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from itertools import permutations

import pytest

from motcua.engine.forwarded import MessageRefused, newest_status, read_case, read_status
from motcua.engine.moments import VIETNAM

CASE = {
    "MaHoSo": "G09.20-20230306-0000001",
    "MaTTHC": "1.000001",
    "TenTTHC": "Cấp giấy phép khai thác nước dưới đất",
    "ChuHoSo": "Nguyễn Thị Thúy An",
    "DonViXuLy": "H19.01.01",
    "TrangThaiHoSo": "4",
    "NgayTiepNhan": "20230306090000",
    "NgayHenTra": "20230313170000",
}
STATUS = {"MaHoSo": CASE["MaHoSo"], "TrangThai": 9, "ThoiDiemXuLy": "20230307150000"}


def test_a_record_is_read_as_documented() -> None:
    told = read_case(CASE)

    assert (told.code, told.status) == ("G09.20-20230306-0000001", 4)
    assert told.status_at == told.received_at == datetime(2023, 3, 6, 9, tzinfo=VIETNAM)
    assert told.due_at == datetime(2023, 3, 13, 17, tzinfo=VIETNAM)


def test_the_status_of_a_record_is_as_old_as_the_latest_thing_it_says_happened() -> None:
    told = read_case(
        {
            **CASE,
            "TrangThaiHoSo": 10,
            "NgayKetThucXuLy": "20230309160000",
            "NgayTra": "20230310090000",
        }
    )

    assert told.status_at == datetime(2023, 3, 10, 9, tzinfo=VIETNAM)


def test_a_name_in_separate_marks_is_composed() -> None:
    apart = unicodedata.normalize("NFD", "Đỗ Thị Ngọc Ẵm")

    assert read_case({**CASE, "ChuHoSo": apart}).owner_name == "Đỗ Thị Ngọc Ẵm"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("MaHoSo", ""),
        ("MaHoSo", None),
        ("ChuHoSo", "A\0n"),
        ("ChuHoSo", "A\ud800n"),
        ("TrangThaiHoSo", "11"),
        ("TrangThaiHoSo", "²"),
        ("NgayTiepNhan", "2023-03-06"),
        ("NgayTiepNhan", "20230230090000"),
        ("NgayHenTra", "mai"),
    ],
)
def test_a_record_that_cannot_be_read_is_refused_by_its_field(field: str, value: object) -> None:
    with pytest.raises(MessageRefused) as refused:
        read_case({**CASE, field: value})

    assert refused.value.field == field


def test_a_progress_record_needs_its_own_time() -> None:
    assert read_status(STATUS).at == datetime(2023, 3, 7, 15, tzinfo=VIETNAM)
    with pytest.raises(MessageRefused, match="ThoiDiemXuLy"):
        read_status({**STATUS, "ThoiDiemXuLy": ""})


def test_every_order_of_arrival_comes_to_the_same_status() -> None:
    told = [
        (datetime(2023, 3, day, 9, tzinfo=VIETNAM), status)
        for day, status in ((6, 2), (7, 4), (8, 9), (8, 10))
    ]

    assert {newest_status(order)[1] for order in permutations(told)} == {10}
