"""Lets other systems tell of case files: some that they settle themselves, and one that is settled here."""

from __future__ import annotations

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
            now=datetime.fromisoformat(row["sent_at"]).replace(tzinfo=VIETNAM),
        )


def send_on(
    case_code: str, *, agency_code: str, clerk: people.Person, received_at: datetime
) -> None:
    """Let a case that was just received be one that another system sent on, which we own from now on."""
    told = content.read("mirrored")["sent_on"]
    sent_at = local(received_at) - _EARLIER
    owner, procedure = queries.get_names(case_code)
    mirrored = cases.take_in(
        officer=people.get_system(),
        source=told["source"],
        message={
            "service": "DongBoHoSoMC",
            "data": {
                "MaHoSo": told["code"],
                "MaTTHC": told["procedure"],
                "TenTTHC": procedure,
                "ChuHoSo": owner,
                "DonViXuLy": agency_code,
                "TrangThaiHoSo": "1",
                "NgayTiepNhan": f"{sent_at:%Y%m%d%H%M%S}",
            },
        },
        now=received_at,
    )
    cases.take_over_case(
        officer=clerk, mirrored_id=mirrored.pk, case_code=case_code, now=received_at
    )
