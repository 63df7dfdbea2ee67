"""Storing files: what they are is seen from their content, and what is stored comes back unchanged."""

from __future__ import annotations

import hashlib
import io
import unicodedata
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from django.db import transaction

from motcua.engine.moments import VIETNAM
from motcua.files import actions, queries
from motcua.files.models import StoredFile
from motcua.people import actions as people_actions
from motcua.people.queries import Person

MONDAY = datetime(2023, 3, 6, 9, 0, tzinfo=VIETNAM)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
JPEG = b"\xff\xd8\xff\xe0" + bytes(20)


@pytest.fixture
def cuc(db: None, settings: object, tmp_path: Path) -> Person:
    """Cúc, who takes papers in; what she stores lies in a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    return people_actions.found_province(
        code="H19", name="Tỉnh Đồng Nai", name_en="", starts_on=MONDAY.date(), now=MONDAY
    )


def store(officer: Person, name: str, content: bytes = PDF) -> StoredFile:
    return actions.store_file(officer=officer, name=name, content=content, now=MONDAY)


def make_zip(*names: str, content: bytes = b"<xml/>") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return buffer.getvalue()


DOCX = make_zip("[Content_Types].xml", "word/document.xml")
XLSX = make_zip("[Content_Types].xml", "xl/workbook.xml")


def kept_contents(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("Đơn đề nghị.pdf", PDF, "application/pdf"),
        ("DON.PDF", PDF, "application/pdf"),
        ("ảnh.jpg", JPEG, "image/jpeg"),
        ("ảnh.JPEG", JPEG, "image/jpeg"),
        ("bản vẽ.png", PNG, "image/png"),
        ("đơn.docx", DOCX, "vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("bảng kê.xlsx", XLSX, "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_a_file_is_stored_and_comes_back_unchanged(
    cuc: Person, name: str, content: bytes, media_type: str
) -> None:
    file = store(cuc, name, content)

    assert queries.read_content(file) == content
    assert file.media_type.endswith(media_type)
    assert (file.name, file.size_bytes) == (name, len(content))
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert (file.stored_at, file.stored_by_id) == (MONDAY, cuc.id)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("virus.pdf", b"MZ\x90\x00" + bytes(60)),
        ("virus.exe", PDF),
        ("trang.html", b"<!DOCTYPE html><script>alert(1)</script>"),
        ("trang.pdf", b"<!DOCTYPE html><script>alert(1)</script>"),
        ("đơn.doc", b"\xd0\xcf\x11\xe0" + bytes(60)),
        ("không đuôi", PDF),
        (".pdf", PDF),
        ("", PDF),
        ("ảnh.png", JPEG),
        ("ảnh.jpg", PNG),
        ("hình.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("đơn.pdf", b"\n%PDF-1.7"),
        ("đơn.docx", make_zip("tệp.txt")),
        ("đơn.docx", XLSX),
        ("bảng.xlsx", DOCX),
        ("đơn.docx", b"PK\x03\x04" + bytes(60)),
        ("đơn.zip", DOCX),
        ("đơn.docx", DOCX[: len(DOCX) // 2]),
        ("đơn.docx", make_zip("word/", "word/media/a.txt")),
        ("đơn.docx", make_zip("word/document.xml")),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(
    cuc: Person, tmp_path: Path, name: str, content: bytes
) -> None:
    with pytest.raises(
        actions.CannotStoreFile, match="không phải tệp PDF, JPG, PNG, DOCX hay XLSX"
    ):
        store(cuc, name, content)

    assert not StoredFile.objects.exists()
    assert kept_contents(tmp_path) == []


def test_an_office_file_that_swells_when_opened_is_refused(cuc: Person) -> None:
    """A zip bomb: 250 MB of blanks in 250 kB."""
    blanks = bytes(50 * 1024 * 1024)
    names = [f"word/{number}.xml" for number in range(5)]
    bomb = make_zip("[Content_Types].xml", "word/document.xml", *names, content=blanks)

    with pytest.raises(actions.CannotStoreFile, match="nở ra"):
        store(cuc, "đơn.docx", bomb)

    assert len(bomb) < 1024 * 1024


def test_an_office_file_with_very_many_parts_is_refused(cuc: Person) -> None:
    names = [f"word/{number}.xml" for number in range(10_001)]
    content = make_zip("[Content_Types].xml", "word/document.xml", *names, content=b"")

    with pytest.raises(actions.CannotStoreFile, match="nở ra"):
        store(cuc, "đơn.docx", content)


def test_an_empty_file_is_refused(cuc: Person) -> None:
    with pytest.raises(actions.CannotStoreFile, match="“đơn.pdf” trống"):
        store(cuc, "đơn.pdf", b"")


def test_a_file_may_be_as_large_as_the_limit_and_no_larger(cuc: Person) -> None:
    full = PDF.ljust(actions.LARGEST_BYTES, b"\n")

    with pytest.raises(actions.CannotStoreFile, match=r"nặng 20,01 MB, vượt mức 20 MB"):
        store(cuc, "đơn.pdf", full + b"\n")
    file = store(cuc, "đơn.pdf", full)

    assert file.size_bytes == 20 * 1024 * 1024


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/đơn.pdf",
        "/etc/đơn.pdf",
        "C:\\Users\\cuc\\đơn.pdf",
        "..\\..\\đơn.pdf",
        "a/b\\c/đơn.pdf",
        "  đơn.pdf ",
    ],
)
def test_only_the_last_part_of_a_path_is_kept(cuc: Person, tmp_path: Path, name: str) -> None:
    file = store(cuc, name)

    assert file.name == "đơn.pdf"
    assert kept_contents(tmp_path) == [file.sha256]


@pytest.mark.parametrize("sign", ["\0", "\n", "\r", "\x1b", "\u202e", "\u200b"])
def test_signs_that_cannot_be_seen_do_not_stay_in_a_name(cuc: Person, sign: str) -> None:
    file = store(cuc, f"đơn{sign}exe.pdf")

    assert file.name in ("đơnexe.pdf", "đơn exe.pdf")


def test_a_name_that_was_taken_apart_is_put_together(cuc: Person) -> None:
    taken_apart = unicodedata.normalize("NFD", "Giấy chứng nhận quyền sử dụng đất ưỡng.pdf")

    file = store(cuc, taken_apart)

    assert file.name == "Giấy chứng nhận quyền sử dụng đất ưỡng.pdf"
    assert unicodedata.is_normalized("NFC", file.name)


def test_a_long_name_keeps_its_ending(cuc: Person) -> None:
    file = store(cuc, "đơn " * 100 + ".pdf")

    assert len(file.name) == 200
    assert file.name.endswith(".pdf")


def test_the_same_content_is_kept_once_under_both_names(cuc: Person, tmp_path: Path) -> None:
    first = store(cuc, "đơn.pdf")
    second = store(cuc, "bản sao.pdf")

    assert first.sha256 == second.sha256
    assert [first.name, second.name] == ["đơn.pdf", "bản sao.pdf"]
    assert kept_contents(tmp_path) == [first.sha256]


def test_a_file_goes_with_the_transaction_it_belongs_to(cuc: Person) -> None:
    """The row goes; the content may stay behind, named by its hash and belonging to nobody."""
    with pytest.raises(RuntimeError), transaction.atomic():
        store(cuc, "đơn.pdf")
        raise RuntimeError

    assert not StoredFile.objects.exists()


def test_content_that_stayed_behind_serves_the_next_file(cuc: Person, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        store(cuc, "đơn.pdf")
        raise RuntimeError

    file = store(cuc, "đơn.pdf")

    assert queries.read_content(file) == PDF
    assert kept_contents(tmp_path) == [file.sha256]


def test_content_that_a_killed_writer_left_half_written_is_written_again(
    cuc: Person, tmp_path: Path
) -> None:
    sha256 = hashlib.sha256(PDF).hexdigest()
    half = tmp_path / sha256[:2] / sha256
    half.parent.mkdir()
    half.write_bytes(PDF[:10])

    file = store(cuc, "đơn.pdf")

    assert queries.read_content(file) == PDF
    assert kept_contents(tmp_path) == [sha256]
