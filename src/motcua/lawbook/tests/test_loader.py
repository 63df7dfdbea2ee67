"""Loading the law: what is missing or contradicts itself is refused with file and line."""

from pathlib import Path

import pytest

from motcua.engine.lawvalues import LawHasGap, LawOverlaps, LawRefused, LawWithoutSource
from motcua.lawbook.loader import (
    list_subjects,
    load_calendar_days,
    load_documents,
    load_subject,
)

GOOD = """\
title: {vi: "Thử", en: "Trial"}
rules:
  extensions:
    title: {vi: "Số lần hẹn lại", en: "Extensions"}
    values:
      - first_day: 2018-06-21
        last_day: 2025-06-30
        value: 1
        source: "NĐ 61/2018"
        status: verified
      - first_day: 2025-07-01
        value: 2
        source: "NĐ 118/2025"
        status: unverified
"""


def write(folder: Path, text: str) -> Path:
    (folder / "thu.yaml").write_text(text, encoding="utf-8")
    return folder


def test_a_good_subject_is_read_with_dates_sources_and_lines(tmp_path: Path) -> None:
    subject = load_subject(write(tmp_path, GOOD), "thu")

    values = subject.rules["extensions"].dated.values
    assert [value.value.entry.integer() for value in values] == [1, 2]
    assert [value.is_verified for value in values] == [True, False]
    assert [value.where for value in values] == ["law/thu.yaml:6", "law/thu.yaml:11"]
    assert list_subjects(tmp_path) == ("thu",)


@pytest.mark.parametrize(
    ("old", "new", "refusal", "line", "words"),
    [
        ("2025-06-30", "2025-06-29", LawHasGap, 11, "không có giá trị từ 30/06/2025"),
        ("2025-06-30", "2025-07-01", LawOverlaps, 11, "chồng lên"),
        ('source: "NĐ 118/2025"', "", LawWithoutSource, 11, "thiếu nguồn"),
        ('source: "NĐ 118/2025"', 'source: ""', LawWithoutSource, 11, "thiếu nguồn"),
        ("status: unverified", "status: maybe", LawRefused, 14, "verified hoặc unverified"),
        ("2025-06-30", "2025-06-31", LawRefused, 7, "không phải ngày có thật"),
        ("        value: 2\n", "", LawRefused, 11, "thiếu mục “value”"),
        ("value: 2", "valu: 2", LawRefused, 12, "không có mục “valu”"),
        ("status: unverified", "status: unverified\n        value: 3", LawRefused, 15, "hai lần"),
        ('{vi: "Thử", en: "Trial"}', '{vi: "Thử"}', LawRefused, 1, "thiếu mục “en”"),
        ("rules:", "rules: [", LawRefused, 4, "không đọc được YAML"),
    ],
)
def test_bad_law_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, refusal: type[LawRefused], line: int, words: str
) -> None:
    assert old in GOOD
    folder = write(tmp_path, GOOD.replace(old, new))

    with pytest.raises(refusal) as caught:
        load_subject(folder, "thu")

    assert caught.value.where == f"law/thu.yaml:{line}"
    assert words in caught.value.problem


def test_a_missing_or_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LawRefused, match=r"law/thu\.yaml:1: không có tệp"):
        load_subject(tmp_path, "thu")
    with pytest.raises(LawRefused, match="tệp trống"):
        load_subject(write(tmp_path, "# nothing\n"), "thu")


SWAP = """\
year: 2026
days:
  - day: 2026-01-02
    kind: off_in_lieu
    name: {vi: "Nghỉ hoán đổi", en: "Swapped"}
    in_lieu_of: 2026-01-10
    source: "thông báo"
    status: unverified
  - day: 2026-01-10
    kind: worked_saturday
    name: {vi: "Làm bù", en: "Worked"}
    in_lieu_of: 2026-01-02
    source: "thông báo"
    status: unverified
"""


def write_calendar(folder: Path, text: str, year: int = 2026) -> Path:
    (folder / "calendar").mkdir(exist_ok=True)
    (folder / "calendar" / f"{year}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_a_calendar_year_is_read(tmp_path: Path) -> None:
    years, days = load_calendar_days(write_calendar(tmp_path, SWAP))

    assert years == (2026,)
    assert [day.day.day for day in days] == [2, 10]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("year: 2026", "year: 2025", 1, "không khớp tên tệp"),
        ("day: 2026-01-10\n", "day: 2026-01-11\n", 9, "không phải Thứ Bảy"),
        ("kind: worked_saturday", "kind: closed", 10, "kind phải là"),
        ("    in_lieu_of: 2026-01-10\n", "", 3, "thiếu mục in_lieu_of"),
        ("in_lieu_of: 2026-01-10", "in_lieu_of: 2026-01-17", 3, "không có trong lịch"),
        ("day: 2026-01-10\n", "day: 2026-01-02\n", 9, "ghi hai lần"),
        ("day: 2026-01-02\n", "day: 2025-01-02\n", 3, "không thuộc năm 2026"),
    ],
)
def test_a_bad_calendar_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, words: str
) -> None:
    assert old in SWAP
    folder = write_calendar(tmp_path, SWAP.replace(old, new))

    with pytest.raises(LawRefused) as caught:
        load_calendar_days(folder)

    assert caught.value.where == f"law/calendar/2026.yaml:{line}"
    assert words in caught.value.problem


def test_a_missing_year_between_others_is_refused(tmp_path: Path) -> None:
    write_calendar(tmp_path, SWAP)
    write_calendar(tmp_path, "year: 2024\ndays: []\n", 2024)

    with pytest.raises(LawRefused, match="thiếu lịch năm 2025"):
        load_calendar_days(tmp_path)


def test_a_folder_without_calendars_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LawRefused, match="không có lịch"):
        load_calendar_days(tmp_path)


REGISTER = """\
title: Sổ
documents:
  - {symbol: 61/2018/NĐ-CP, kind: Nghị định, date: 2018-04-23, title: "", source: "x", status: verified}
  - {symbol: 63/2010/NĐ-CP, kind: Nghị định, date: null, title: "", source: "y", status: unverified}
"""


def test_the_register_of_documents_is_read(tmp_path: Path) -> None:
    (tmp_path / "documents.yaml").write_text(REGISTER, encoding="utf-8")

    first, second = load_documents(tmp_path)

    assert (first.symbol, first.is_verified) == ("61/2018/NĐ-CP", True)
    assert (second.signed_on, second.is_verified) == (None, False)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('source: "y"', 'source: ""'),
        ("status: unverified", "status: maybe"),
        ("date: null", 'date: "soon"'),
        ("symbol: 63/2010/NĐ-CP, ", ""),
    ],
)
def test_a_bad_document_is_refused_with_its_line(tmp_path: Path, old: str, new: str) -> None:
    assert old in REGISTER
    (tmp_path / "documents.yaml").write_text(REGISTER.replace(old, new), encoding="utf-8")

    with pytest.raises(LawRefused) as caught:
        load_documents(tmp_path)

    assert caught.value.where == "law/documents.yaml:4"
