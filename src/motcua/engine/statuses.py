"""Case statuses of the National Public Service Portal, and where reports count them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Bucket(StrEnum):
    """The column of the progress report into which a status falls."""

    OUTSIDE = "OUTSIDE"
    OPEN = "OPEN"
    PAUSED = "PAUSED"
    DONE = "DONE"


@dataclass(frozen=True, kw_only=True, slots=True)
class NationalStatus:
    """One of the portal's ten statuses."""

    code: int
    name_vi: str
    name_en: str
    bucket: Bucket
    source: str
    is_verified: bool
