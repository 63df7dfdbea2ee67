"""What can be asked of stored files: their content."""

from __future__ import annotations

from django.core.files.storage import default_storage

from motcua.files.models import StoredFile


def read_content(file: StoredFile) -> bytes:
    """Return the bytes of a stored file."""
    with default_storage.open(f"{file.sha256[:2]}/{file.sha256}") as stored:
        content: bytes = stored.read()
    return content
