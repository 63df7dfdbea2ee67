"""Messages about case files that another system owns: the National Portal's records, read strictly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from motcua.engine import vietnamese
from motcua.engine.moments import VIETNAM

# dates are yyyyMMddHHmmss in the time of Viet Nam
_WRITTEN = "%Y%m%d%H%M%S"
# JSON can name half of a surrogate pair, which no database takes.
_HALF_A_SIGN = re.compile("[\ud800-\udfff]")
_FIRST_STATUS, _LAST_STATUS = 1, 10
MOST_LETTERS = 600
# The field of a message that is none.
WHOLE = ""


class MessageRefused(ValueError):
    """A message that cannot be taken in: which field is wrong, and what stood there."""

    def __init__(self, field: str, told: str = "") -> None:
        self.field = field
        self.told = told[:80]
        super().__init__(f"{field}: {self.told}")


@dataclass(frozen=True, kw_only=True, slots=True)
class ForwardedCase:
    """A case file as the system that owns it tells of it (service DongBoHoSoMC)."""

    code: str
    procedure_code: str
    procedure_name: str
    agency_code: str
    owner_name: str
    status: int
    status_at: datetime
    received_at: datetime
    due_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusMessage:
    """That a case file came into a status at a moment of its owner's clock (CapNhatTienDoHoSoMC)."""

    code: str
    status: int
    at: datetime
    note: str


def read_case(record: Mapping[str, Any]) -> ForwardedCase:
    """Return what a record of DongBoHoSoMC says; raise MessageRefused.

    The record has no time of its status: the latest thing that it says happened is taken for it.
    """
    received = _moment(record, "NgayTiepNhan")
    happened = [received]
    happened += [
        _moment(record, name) for name in ("NgayKetThucXuLy", "NgayTra") if record.get(name)
    ]
    return ForwardedCase(
        code=_text(record, "MaHoSo", most=100),
        procedure_code=_text(record, "MaTTHC", most=40),
        procedure_name=_text(record, "TenTTHC", most=MOST_LETTERS, may_lack=True),
        agency_code=_text(record, "DonViXuLy", most=60),
        owner_name=_text(record, "ChuHoSo", most=200),
        status=_status(record, "TrangThaiHoSo"),
        status_at=max(happened),
        received_at=received,
        due_at=_moment(record, "NgayHenTra") if record.get("NgayHenTra") else None,
    )


def read_status(record: Mapping[str, Any]) -> StatusMessage:
    """Return what a record of CapNhatTienDoHoSoMC says; raise MessageRefused."""
    return StatusMessage(
        code=_text(record, "MaHoSo", most=100),
        status=_status(record, "TrangThai"),
        at=_moment(record, "ThoiDiemXuLy"),
        note=_text(record, "NoiDungXuLy", most=MOST_LETTERS, may_lack=True),
    )


def read_message(message: object) -> ForwardedCase | StatusMessage:
    """Return what {"service", "data"} says; raise MessageRefused, for the whole where it has no such shape."""
    if not isinstance(message, Mapping) or not {"service", "data"} <= set(message):
        raise MessageRefused(WHOLE)
    service, data = message["service"], message["data"]
    if not isinstance(data, Mapping):
        raise MessageRefused("data", str(data))
    if service == "DongBoHoSoMC":
        return read_case(data)
    if service == "CapNhatTienDoHoSoMC":
        return read_status(data)
    raise MessageRefused("service", str(service))


def newest_status(told: Iterable[tuple[datetime, int]]) -> tuple[datetime, int]:
    """Return the status that stands: the latest by its owner's clock, whenever it arrived.

    Two of one second are told apart by their order among the ten statuses: so every order of
    arrival comes to the same.
    """
    return max(told)


def _text(record: Mapping[str, Any], name: str, *, most: int, may_lack: bool = False) -> str:
    value = record.get(name, "")
    if not isinstance(value, str):
        raise MessageRefused(name, str(value))
    tidied = vietnamese.tidy(value)
    is_storable = "\0" not in tidied and not _HALF_A_SIGN.search(tidied)
    if (not tidied and not may_lack) or len(tidied) > most or not is_storable:
        raise MessageRefused(name, value)
    return tidied


def _status(record: Mapping[str, Any], name: str) -> int:
    written = str(record.get(name, ""))
    if not (written.isascii() and written.isdigit() and len(written) <= 2):
        raise MessageRefused(name, written)
    if not _FIRST_STATUS <= int(written) <= _LAST_STATUS:
        raise MessageRefused(name, written)
    return int(written)


def _moment(record: Mapping[str, Any], name: str) -> datetime:
    written = str(record.get(name, ""))
    try:
        return datetime.strptime(written, _WRITTEN).replace(tzinfo=VIETNAM)
    except ValueError as error:
        raise MessageRefused(name, written) from error


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnStatus:
    """That a case file which we own came into a status, as its other system is told."""

    code: str
    status: int
    status_name: str
    at: datetime
    officer: str
    post: str
    unit: str
    received_at: datetime
    due_at: datetime


def write_status(told: OwnStatus) -> dict[str, str]:
    """Return the record of CapNhatTienDoHoSoMC that says it, with the fields that read_status reads."""
    return {
        "MaHoSo": told.code,
        "NguoiXuLy": told.officer,
        "ChucDanh": told.post,
        "ThoiDiemXuLy": _written(told.at),
        "PhongBanXuLy": told.unit,
        "NoiDungXuLy": told.status_name,
        "TrangThai": str(told.status),
        "NgayBatDau": _written(told.received_at),
        "NgayKetThucTheoQuyDinh": _written(told.due_at),
    }


def _written(at: datetime) -> str:
    return at.astimezone(VIETNAM).strftime(_WRITTEN)
