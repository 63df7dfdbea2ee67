"""Lets other systems tell of case files: some that they settle themselves, one that is settled
here, and one that was handed back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from motcua.cases import actions as cases
from motcua.demonstration import content, queries
from motcua.engine.moments import VIETNAM, local
from motcua.people import queries as people

# How long before its reception here a case file was sent on.
_EARLIER = timedelta(minutes=20)


def sent_on_procedure() -> str:
    """Return of which procedure a case here was sent on by another system."""
    return str(content.read("mirrored")["sent_on"]["procedure"])


def mirror_others() -> None:
    """Keep what other systems tell of their case files; the same again changes nothing."""
    for row in content.read("mirrored")["rows"]:
        cases.take_in(
            officer=people.get_system(),
            source=row["source"],
            message=row["message"],
            now=_moment(row["sent_at"]),
        )


def send_on(
    case_code: str, *, agency_code: str, clerk: people.Person, received_at: datetime
) -> None:
    """Let a case that was just received be one that another system sent on, which we own from now on."""
    told = content.read("mirrored")["sent_on"]
    _join(
        told,
        case_code,
        agency_code=agency_code,
        clerk=clerk,
        over_there_at=local(received_at) - _EARLIER,
        told_at=received_at,
        taken_over_at=received_at,
    )


def hand_back(case_code: str, *, agency_code: str, clerk: people.Person) -> None:
    """Let a case here be one that another system told of too, and hand it back to that system.

    The same again changes nothing.
    """
    told = content.read("mirrored")["handed_back"]
    mirrored_id = _join(
        told,
        case_code,
        agency_code=agency_code,
        clerk=clerk,
        over_there_at=_moment(told["received_at"]),
        told_at=_moment(told["told_at"]),
        taken_over_at=_moment(told["taken_over_at"]),
    )
    if not queries.is_handed_back(mirrored_id):
        cases.hand_back_case(
            officer=clerk,
            mirrored_id=mirrored_id,
            reason=told["reason"],
            now=_moment(told["handed_back_at"]),
        )


def _join(
    told: Mapping[str, str],
    case_code: str,
    *,
    agency_code: str,
    clerk: people.Person,
    over_there_at: datetime,
    told_at: datetime,
    taken_over_at: datetime,
) -> int:
    """Let another system tell of a case here, and us own its status; return the mirrored case's id."""
    owner, procedure = queries.get_names(case_code)
    mirrored = cases.take_in(
        officer=people.get_system(),
        source=told["source"],
        message={
            "service": "DongBoHoSoMC",
            "data": {
                "MaHoSo": told["code"],
                "MaTTHC": sent_on_procedure(),
                "TenTTHC": procedure,
                "ChuHoSo": owner,
                "DonViXuLy": agency_code,
                "TrangThaiHoSo": "1",
                "NgayTiepNhan": f"{over_there_at:%Y%m%d%H%M%S}",
            },
        },
        now=told_at,
    )
    cases.take_over_case(
        officer=clerk, mirrored_id=mirrored.pk, case_code=case_code, now=taken_over_at
    )
    return mirrored.pk


def _moment(told: str) -> datetime:
    return datetime.fromisoformat(told).replace(tzinfo=VIETNAM)
