"""What can be done with files: check and keep them."""

from __future__ import annotations

import hashlib
import io
import unicodedata
import zipfile
from datetime import datetime
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils.translation import gettext as _

from motcua.engine import vietnamese
from motcua.files.models import StoredFile
from motcua.people import queries as people

_MEGABYTE = 1024 * 1024
LARGEST_BYTES = 20 * _MEGABYTE
LARGEST_NAME = 200
# An office file is a zip, in which little can hide much: what it says it holds has bounds too.
LARGEST_UNPACKED_BYTES = 200 * _MEGABYTE
MOST_PARTS = 10_000
# What a file is called here, by the bytes it begins with: the name it came with proves nothing.
_SIGNATURES = (
    (b"%PDF-", "application/pdf", {".pdf"}),
    (b"\xff\xd8\xff", "image/jpeg", {".jpg", ".jpeg"}),
    (b"\x89PNG\r\n\x1a\n", "image/png", {".png"}),
)
_OFFICE = {
    ".docx": (
        "word/document",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    ".xlsx": ("xl/workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


class CannotStoreFile(Exception):
    """The file is empty, too large (packed or unpacked), or not what its name says."""


def store_file(*, officer: people.Person, name: str, content: bytes, now: datetime) -> StoredFile:
    """Check a file and keep it under the hash of its content, in the caller's transaction.

    The caller has guarded what the file belongs to. Accepts PDF, JPEG, PNG, DOCX and XLSX; raises
    CannotStoreFile. When the caller's transaction fails the content may stay behind, belonging to
    nobody.
    """
    name = _clean_name(name)
    _check_size(name, content)
    media_type = _media_type(name, content)
    sha256 = hashlib.sha256(content).hexdigest()
    _keep(content, sha256)
    return StoredFile.objects.create(
        sha256=sha256,
        name=name,
        media_type=media_type,
        size_bytes=len(content),
        stored_at=now,
        stored_by_id=officer.id,
    )


def _clean_name(name: str) -> str:
    """Return the last part of a path in its stored form, without signs that cannot be seen."""
    seen = "".join(
        " " if sign.isspace() else sign
        for sign in PurePath(name.replace("\\", "/")).name
        if sign.isspace() or unicodedata.category(sign) not in {"Cc", "Cf", "Cs"}
    )
    tidy = PurePath(vietnamese.tidy(seen))
    ending = tidy.suffix[:LARGEST_NAME]
    return tidy.stem[: LARGEST_NAME - len(ending)] + ending


def _check_size(name: str, content: bytes) -> None:
    if not content:
        raise CannotStoreFile(
            _("Tệp “%(name)s” trống nên chưa được lưu. Hãy chọn lại tệp.") % {"name": name}
        )
    if len(content) > LARGEST_BYTES:
        hundredths = -(-len(content) * 100 // _MEGABYTE)
        raise CannotStoreFile(
            _(
                "Tệp “%(name)s” nặng %(size)s MB, vượt mức %(most)s MB nên chưa được lưu. Hãy quét lại với độ "
                "phân giải 200 dpi hoặc tách thành nhiều tệp."
            )
            % {
                "name": name,
                "size": f"{hundredths // 100},{hundredths % 100:02}",
                "most": LARGEST_BYTES // _MEGABYTE,
            }
        )


def _keep(content: bytes, sha256: str) -> None:
    """Write the content, unless it is there: its hash names it, so that it is the same one."""
    path = f"{sha256[:2]}/{sha256}"
    with connection.cursor() as cursor:
        # Two who store the same at once: one writes while the other waits.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [sha256])
    if default_storage.exists(path):
        if default_storage.size(path) == len(content):
            return
        # Left by a writer that was killed in the middle of it.
        default_storage.delete(path)
    default_storage.save(path, ContentFile(content))


def _media_type(name: str, content: bytes) -> str:
    ending = PurePath(name).suffix.lower()
    for signature, media_type, endings in _SIGNATURES:
        if content.startswith(signature) and ending in endings:
            return media_type
    if ending in _OFFICE and content.startswith(b"PK\x03\x04"):
        main_part, media_type = _OFFICE[ending]
        parts = _parts_of(name, content)
        if "[Content_Types].xml" in parts and any(part.startswith(main_part) for part in parts):
            return media_type
    raise CannotStoreFile(
        _(
            "Tệp “%(name)s” không phải tệp PDF, JPG, PNG, DOCX hay XLSX (nội dung không khớp với đuôi tệp) nên "
            "chưa được lưu. Hãy quét giấy tờ thành PDF rồi tải lên lại."
        )
        % {"name": name}
    )


def _parts_of(name: str, content: bytes) -> list[str]:
    """Return the names of the parts of a zip, none when it is broken."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return []
    if len(parts) > MOST_PARTS or sum(p.file_size for p in parts) > LARGEST_UNPACKED_BYTES:
        raise CannotStoreFile(
            _(
                "Tệp “%(name)s” khi mở sẽ nở ra quá lớn (hơn %(most)s MB hoặc quá nhiều phần) nên chưa được lưu. "
                "Hãy xuất tệp thành PDF rồi tải lên lại."
            )
            % {"name": name, "most": LARGEST_UNPACKED_BYTES // _MEGABYTE}
        )
    return [part.filename for part in parts]
