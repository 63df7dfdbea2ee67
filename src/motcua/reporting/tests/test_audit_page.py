"""The page of the auditor: files as offices send them, findings beside what was printed."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.reporting.audit_queries import AuditedReport, audit_report
from motcua.reporting.published_files import CannotReadReport
from motcua.reporting.tests.printed_reports import (
    OFFICE_ROWS,
    form_3_docx,
    one_stop_xlsx,
    saved,
)
from motcua.reporting.tests.province import Province, make_officer

PAGE = "/bao-cao/soat-so-lieu/"
SEED = Path(__file__).parents[4] / "docs" / "examples" / "published-2023-q1.statements.yaml"


def found(report: AuditedReport) -> list[tuple[str, str, str]]:
    return [(f.statement, f.finding_class.value, str(f.expected)) for f in report.findings]


def audited(name: str, content: bytes) -> AuditedReport:
    return audit_report(name, content, language="vi")


def words(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_merged_heads_and_numbers_as_text_are_understood() -> None:
    report = audited("bang.xlsx", one_stop_xlsx())

    assert found(report) == [("TỔNG CỘNG", "RATE", "99.48")]
    assert report.content["period"] == {
        "name": "Quý I/2023",
        "from": "15/12/2022",
        "to": "14/3/2023",
    }


def test_numbered_rows_that_are_all_there_must_add_up_to_the_total() -> None:
    rows = [(1, *OFFICE_ROWS[0][1:]), (2, *OFFICE_ROWS[1][1:]), OFFICE_ROWS[2]]

    report = audited("bang.xlsx", one_stop_xlsx(rows))

    assert [kind for _name, kind, _expected in found(report)].count("SUM") == 8


def test_a_percent_of_a_number_format_is_read_as_it_was_printed() -> None:
    book = openpyxl.load_workbook(io.BytesIO(one_stop_xlsx()))
    sheet = book.worksheets[0]
    sheet["L6"].value, sheet["L6"].number_format = 190 / 191, "0.00%"

    assert found(audited("bang.xlsx", saved(book))) == []


def test_rates_totals_and_citations_of_a_text_document_are_checked() -> None:
    report = audited("bao-cao.docx", form_3_docx())

    assert found(report) == [
        ("3.1 Tỷ lệ hồ sơ do các sở, ngành giải quyết đúng hạn", "RATE", "99.37"),
        ("Văn bản được dẫn", "CITATION", "08/04/2020"),
    ]


# What a password protects is no archive, but the container of the old files.
OLD_CONTAINER = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 500


def with_macros() -> bytes:
    buffer = io.BytesIO(one_stop_xlsx())
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    return buffer.getvalue()


def test_macros_are_neither_run_nor_in_the_way() -> None:
    assert found(audited("bang.xlsx", with_macros())) == [("TỔNG CỘNG", "RATE", "99.48")]


def test_a_rate_cell_that_divides_by_zero_is_read_as_a_dash() -> None:
    rows = [(1, "Đất đai", 0, 2, 2, "0", "0", "0 ", 2, 0, "2\u00a0", "#DIV/0!")]

    assert found(audited("bang.xlsx", one_stop_xlsx(rows))) == []


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 60_000_000)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("bao-cao.pdf", b"%PDF-", "không phải XLSX, DOCX hay YAML"),
        ("bang.xlsx", b"nothing", "không phải tệp Office"),
        ("bang.xlsx", form_3_docx(), "bị hỏng"),
        ("bang.xlsx", saved(openpyxl.Workbook()), "không nhận ra bảng số liệu"),
        ("bang.xlsx", bomb(), "quá lớn"),
        ("bang.xlsx", OLD_CONTAINER, "có mật khẩu.*bỏ mật khẩu rồi lưu"),
        ("bao-cao.docx", OLD_CONTAINER, "có mật khẩu"),
        ("bang.xlsm", one_stop_xlsx(), "không phải XLSX, DOCX hay YAML"),
        ("bang.xlsx", one_stop_xlsx()[:-300], "không phải tệp Office"),
        ("bang.yaml", b"# " + b"x" * 10_000_000, "lớn hơn 5 MB.*Hãy tách"),
        ("bang.yaml", b"statements: []\nstatements: []\n", "bang.yaml:2.*ghi hai lần"),
        ("bang.yaml", b"statements:\n\t- {}\n", "bang.yaml:2.*Tab"),
        ("bang.yaml", b"statements:\n- {id: a, kind: sum}\n", "bang.yaml:2.*loại “sum”"),
        ("bang.yaml", b"statements:\n- {id: a, kind: carry, open: 1}\n", "bang.yaml:2.*“open”"),
        ("bang.yaml", b"statements: 3\n", "cần một danh sách"),
        ("bang.yaml", b"", "trống"),
        ("bang.yaml", b"\xff", "UTF-8"),
        ("bang.yaml", b"statements: [1, 2\n", "bang.yaml:2"),
        ("bang.xlsx", one_stop_xlsx([(1, "Đất đai", 1, 2, 3, "12a", 1, 4, 5, 5, 5, 5)]), "12a"),
    ],
)
def test_a_bad_file_is_refused_with_its_reason(name: str, content: bytes, reason: str) -> None:
    with pytest.raises(CannotReadReport, match=reason):
        audited(name, content)


def upload(client: Client, name: str, content: bytes) -> Any:
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content)})


def test_whoever_may_not_see_reports_may_not_check_any(province: Province) -> None:
    client = Client()
    client.force_login(make_officer("an", province.centre, "CLERK"))

    assert client.get(PAGE).status_code == 403
    assert upload(client, "bang.xlsx", one_stop_xlsx()).status_code == 403


def test_findings_stand_beside_what_was_printed_and_nothing_is_stored(province: Province) -> None:
    client = Client()
    client.force_login(make_officer("dung", province.office, "CONTROLLER"))
    client.get(PAGE)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = upload(client, "seed.yaml", SEED.read_bytes())

    assert response.status_code == 200
    page = words(response)
    assert "seed.yaml : 7 chỗ không khớp" in page
    assert (
        "3.1 Sở ban ngành đã giải quyết: 31.602; đúng hạn: 31.404; tỷ lệ: 99,49 không khớp" in page
    )
    assert "99,49 → 99,37" in page
    assert not [q for q in queries if q["sql"].startswith(("INSERT", "UPDATE"))]


def test_a_bad_file_is_refused_on_the_page_beside_its_field(province: Province) -> None:
    client = Client()
    client.force_login(make_officer("dung", province.office, "CONTROLLER"))

    response = upload(client, "bao-cao.pdf", b"%PDF-")

    assert response.status_code == 422
    assert "không phải XLSX, DOCX hay YAML" in words(response)
