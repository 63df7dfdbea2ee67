"""What can be done with files: check and keep them."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import datetime
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from motcua.engine import vietnamese
from motcua.files.models import StoredFile
from motcua.people import queries as people

LARGEST_BYTES = 20 * 1024 * 1024
# What a file is called here, by the bytes it begins with: the name it came with proves nothing.
_SIGNATURES = (
    (b"%PDF-", "application/pdf", {".pdf"}),
    (b"\xff\xd8\xff", "image/jpeg", {".jpg", ".jpeg"}),
    (b"\x89PNG\r\n\x1a\n", "image/png", {".png"}),
)
_OFFICE = {
    ".docx": (
        "word/",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    ".xlsx": ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


class CannotStoreFile(Exception):
    """The file is empty, too large, or not what its name says."""


def store_file(*, officer: people.Person, name: str, content: bytes, now: datetime) -> StoredFile:
    """Check a file and keep it under the hash of its content, in the caller's transaction.

    The caller has guarded what the file belongs to. Accepts PDF, JPEG, PNG, DOCX and XLSX.
    """
    name = vietnamese.tidy(PurePath(name.replace("\\", "/")).name)[:200]
    if not content:
        raise CannotStoreFile(
            _("Tệp «%(name)s» trống nên chưa được lưu. Hãy chọn lại tệp.") % {"name": name}
        )
    if len(content) > LARGEST_BYTES:
        raise CannotStoreFile(
            _(
                "Tệp «%(name)s» nặng %(size)s MB, vượt mức %(most)s MB nên chưa được lưu. Hãy quét lại với độ "
                "phân giải 200 dpi hoặc tách thành nhiều tệp."
            )
            % {
                "name": name,
                "size": len(content) // 1024 // 1024 + 1,
                "most": LARGEST_BYTES // 1024 // 1024,
            }
        )
    media_type = _media_type(name, content)
    sha256 = hashlib.sha256(content).hexdigest()
    path = f"{sha256[:2]}/{sha256}"
    # The content names the file, so that a file which is there already is the same one.
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(content))
    return StoredFile.objects.create(
        sha256=sha256,
        name=name,
        media_type=media_type,
        size_bytes=len(content),
        stored_at=now,
        stored_by_id=officer.id,
    )


def _media_type(name: str, content: bytes) -> str:
    ending = PurePath(name).suffix.lower()
    for signature, media_type, endings in _SIGNATURES:
        if content.startswith(signature) and ending in endings:
            return media_type
    if ending in _OFFICE and content.startswith(b"PK\x03\x04"):
        folder, media_type = _OFFICE[ending]
        try:
            names = zipfile.ZipFile(io.BytesIO(content)).namelist()
        except zipfile.BadZipFile:
            names = []
        if any(entry.startswith(folder) for entry in names):
            return media_type
    raise CannotStoreFile(
        _(
            "Tệp «%(name)s» không phải tệp PDF, JPG, PNG, DOCX hay XLSX (nội dung không khớp với đuôi tệp) nên "
            "chưa được lưu. Hãy quét giấy tờ thành PDF rồi tải lên lại."
        )
        % {"name": name}
    )
