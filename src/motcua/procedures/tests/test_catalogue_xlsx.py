"""A catalogue as a spreadsheet: the same content as YAML, and errors by sheet, row and column."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.apps import apps
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.engine import vietnamese
from motcua.procedures.catalogue import (
    CannotReadCatalogue,
    ChannelEntry,
    ComponentEntry,
    ParsedCatalogue,
    RevisionEntry,
    VariantEntry,
)
from motcua.procedures.catalogue_files import read_catalogue
from motcua.procedures.catalogue_xlsx_writing import write_xlsx
from motcua.procedures.catalogue_yaml import write_yaml
from motcua.procedures.tests.samples import LAND, make_catalogue, make_procedure, make_revision


def edited(change: Callable[[Any], None]) -> bytes:
    """The sample catalogue as a workbook, after someone worked on it."""
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(make_catalogue())))
    change(book)
    memory = io.BytesIO()
    book.save(memory)
    return memory.getvalue()


def set_cell(sheet: str, cell: str, value: object) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        book[sheet][cell] = value

    return change


def problems_of(change: Callable[[Any], None]) -> list[str]:
    return [str(problem) for problem in read_catalogue(edited(change)).problems]


def refusal(data: bytes) -> str:
    with pytest.raises(CannotReadCatalogue) as caught:
        read_catalogue(data)
    return str(caught.value.problem)


def test_what_is_written_is_read_back_the_same() -> None:
    revisions = (
        make_revision(last_day=date(2022, 12, 31), decision_date=None, legal_basis=()),
        make_revision(starts_on=date(2023, 1, 1), agency="", agency_kind="COMMUNE"),
    )
    content = make_catalogue(make_procedure(revisions=revisions), make_procedure("2.000100"))

    found = read_catalogue(write_xlsx(content))

    assert found == content
    assert found.problems == ()


def test_the_demonstration_catalogue_is_the_same_in_both_forms() -> None:
    folder = Path(apps.get_app_config("demonstration").path) / "data"
    content = read_catalogue((folder / "procedures.yaml").read_bytes())

    from_xlsx = read_catalogue(write_xlsx(content))
    from_yaml = read_catalogue(write_yaml(from_xlsx))

    assert from_xlsx == from_yaml == content


TEXT = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=30).map(
    vietnamese.tidy
).filter(bool)  # fmt: skip
CODE = st.from_regex(r"[0-9A-Z][0-9A-Z.-]{0,8}", fullmatch=True)
COMPONENT = st.builds(
    ComponentEntry,
    name=TEXT,
    form=st.just("") | TEXT,
    originals=st.integers(1, 999),
    copies=st.integers(0, 999),
    is_required=st.booleans(),
)
VARIANTS = st.lists(
    st.builds(
        VariantEntry,
        code=CODE,
        name=TEXT,
        steps=st.lists(TEXT, max_size=3).map(tuple),
        components=st.lists(COMPONENT, max_size=3).map(tuple),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda variant: variant.code,
).map(lambda found: tuple(sorted(found, key=lambda variant: variant.code)))
CHANNELS = st.lists(
    st.builds(
        ChannelEntry,
        kind=st.sampled_from(["COUNTER", "ONLINE", "POST"]),
        limit_amount=st.integers(1, 9999).map(lambda tenths: Decimal(tenths) / 10),
        limit_unit=st.sampled_from(["HOUR", "WORKING_DAY", "DAY", "MONTH"]),
        fee_vnd=st.integers(0, 10**12).map(lambda cents: Decimal(cents) / 100),
        fee_note=st.just("") | TEXT,
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda channel: channel.kind,
).map(lambda found: tuple(sorted(found, key=lambda channel: channel.kind)))
REVISION = st.builds(
    RevisionEntry,
    name=TEXT,
    starts_on=st.dates(date(1990, 1, 1), date(2030, 1, 1)),
    last_day=st.none() | st.dates(date(2030, 1, 1), date(2100, 1, 1)),
    agency=CODE,
    legal_basis=st.lists(TEXT, max_size=3).map(tuple),
    online=st.sampled_from(["NONE", "PARTIAL", "FULL"]),
    is_on_the_spot=st.booleans(),
    workflow=CODE,
    channels=CHANNELS,
    variants=VARIANTS,
    result=st.just("") | TEXT,
    recorded_result=st.sampled_from(["NONE", "LICENCE", "CERTIFICATE", "DECISION", "REPLY"]),
)


@settings(max_examples=40, deadline=None)
@given(revision=REVISION)
def test_any_catalogue_survives_both_forms(revision: RevisionEntry) -> None:
    content = ParsedCatalogue(fields=(LAND,), procedures=(make_procedure(revisions=(revision,)),))

    for write in (write_xlsx, write_yaml):
        found = read_catalogue(write(content))

        assert found.problems == ()
        assert found == content


def test_dates_and_numbers_may_be_typed_as_text() -> None:
    def change(book: Any) -> None:
        book["Thủ tục"]["G2"] = "1/1/2022"
        book["Kênh"]["B2"] = "01/01/2022"
        book["Kênh"]["D2"] = "1,5"
        book["Kênh"]["F2"] = "150000"
        book["Thành phần"]["I2"] = "x"

    found = read_catalogue(edited(change))

    assert found.problems == ()
    assert found == make_catalogue()


def test_columns_may_be_moved_and_headings_typed_without_marks() -> None:
    def change(book: Any) -> None:
        sheet = book["Lĩnh vực"]
        for row in sheet.iter_rows(min_row=1, max_row=3):
            row[0].value, row[1].value = row[1].value, row[0].value
        sheet["B1"] = "ma linh vuc"
        sheet.title = "Linh vuc"

    assert read_catalogue(edited(change)) == make_catalogue()


def test_a_file_from_before_the_column_of_recorded_results_wants_none() -> None:
    def change(book: Any) -> None:
        assert book["Thủ tục"]["U1"].value == "Kết quả phải ghi"
        book["Thủ tục"].delete_cols(21)

    found = read_catalogue(edited(change))

    assert found.problems == ()
    assert found == make_catalogue()


WRONG = [
    (set_cell("Kênh", "D3", 0), "trang Kênh, dòng 3, cột D (Thời hạn): Thời hạn phải lớn hơn 0."),
    (set_cell("Kênh", "E2", "tuần"), "trang Kênh, dòng 2, cột E (Đơn vị thời hạn): “tuần”"),
    (set_cell("Kênh", "F2", -5), "cột F (Phí, lệ phí (đồng)): Phí, lệ phí không thể là số âm"),
    (set_cell("Kênh", "F2", "150.000"), "hai cách"),
    (set_cell("Kênh", "A2", "9.9"), "trang Kênh, dòng 2: Trang “Thủ tục” không có bản nào"),
    (set_cell("Kênh", "B2", date(2022, 1, 2)), "mã và ngày phải giống hệt"),
    (set_cell("Thủ tục", "E2", None), "trang Thủ tục, dòng 2, cột E (Tên thủ tục): Chưa ghi tên"),
    (set_cell("Thủ tục", "G2", "31/02/2022"), "cột G (Áp dụng từ ngày): “31/02/2022” không phải"),
    (set_cell("Thủ tục", "G2", datetime(2022, 1, 1, 9, 30)), "không phải là ngày"),  # noqa: DTZ001
    (set_cell("Thủ tục", "A2", 1.00045), "Ô đang ở dạng số (1.00045)"),
    (set_cell("Thủ tục", "P2", "đúng"), "không rõ là có hay không"),
    (
        set_cell("Thủ tục", "U2", "thẻ"),
        "trang Thủ tục, dòng 2, cột U (Kết quả phải ghi): “thẻ” không dùng được cho kết quả phải ghi",
    ),
    (set_cell("Thành phần", "C2", 1), "Ô đang ở dạng số (1)"),
    (set_cell("Thành phần", "G2", 0), "ít nhất một bản chính hoặc một bản sao"),
    (set_cell("Thành phần", "G2", 1.5), "cột G (Số bản chính)"),
    (set_cell("Thành phần", "D3", "Tên khác"), "Tên trường hợp khác với dòng đầu"),
    (set_cell("Bước", "C2", "07"), "Trang “Thành phần” không có trường hợp “07”"),
]


@pytest.mark.parametrize(("change", "said"), WRONG, ids=[row[1][:50] for row in WRONG])
def test_what_is_wrong_is_named_with_sheet_row_and_column(
    change: Callable[[Any], None], said: str
) -> None:
    assert said in "\n".join(problems_of(change))


def test_rows_of_one_procedure_must_agree() -> None:
    def change(book: Any) -> None:
        book["Thủ tục"].append([cell.value for cell in book["Thủ tục"][2]])
        book["Thủ tục"]["D3"] = "Cấp xã"

    found = "\n".join(problems_of(change))

    assert "trang Thủ tục, dòng 3, cột D (Cấp thực hiện): “Cấp xã” khác với “Cấp tỉnh”" in found
    assert "trùng với bản áp dụng từ 01/01/2022" in found


def test_sheets_and_columns_that_are_missing_or_unknown_are_named() -> None:
    def without_channels(book: Any) -> None:
        del book["Kênh"]

    def with_another(book: Any) -> None:
        book.create_sheet("Kenhh").append(["x"])

    assert "thiếu trang “Kênh”" in refusal(edited(without_channels))
    assert "Không rõ trang “Kenhh”" in refusal(edited(with_another))
    assert refusal(edited(set_cell("Bước", "D1", None))) == (
        "trang Bước, dòng 1: Thiếu cột “Nội dung bước”."
    )
    assert "cột D: Không rõ cột “Nội dung”" in refusal(edited(set_cell("Bước", "D1", "Nội dung")))
    assert "có hai lần" in refusal(edited(set_cell("Bước", "C1", "Mã thủ tục")))


def test_text_that_looks_like_a_formula_stays_text() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(make_catalogue())))

    cell = book["Thủ tục"]["M2"]

    assert cell.data_type == "s"
    assert "=1+1" in cell.value


def archive(**members: bytes) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name, content)
    return memory.getvalue()


def test_files_that_only_look_like_workbooks_are_refused() -> None:
    good = edited(lambda book: None)
    entities = b'<!DOCTYPE x [<!ENTITY a "b">]><workbook/>'

    assert "không phải bảng tính" in refusal(archive(**{"word/document.xml": b"<x/>"}))
    assert "khai báo không an toàn" in refusal(archive(**{"xl/workbook.xml": entities}))
    assert "bị hỏng" in refusal(archive(**{"xl/workbook.xml": b"<workbook/>"}))
    assert "bị hỏng" in refusal(good[: len(good) // 2])
    assert "giải nén ra quá lớn" in refusal(
        archive(**{"xl/workbook.xml": b"<x/>", "xl/media/image1.png": bytes(201_000_000)})
    )
