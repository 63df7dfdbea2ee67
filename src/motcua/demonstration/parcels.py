"""Lets the post bring dossiers to the centre's counter, and take results away from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from motcua.cases import actions as cases
from motcua.demonstration import content, queries
from motcua.engine.moments import VIETNAM
from motcua.people import queries as people

# How long before its reception a dossier was brought.
_EARLIER = timedelta(minutes=30)


def how_many_wanted() -> int:
    """Return how many results are wanted by post."""
    return int(content.read("post")["wanted"])


def wanted_at() -> datetime:
    """Return when they were asked for: the case files were done by then."""
    return _moment(content.read("post")["wanted_at"])


def bring(
    submission: cases.Submission, *, clerk: people.Person, agency_id: int, received_at: datetime
) -> cases.Submission:
    """Let the post bring what is about to be received; return it with the parcel's number."""
    told = content.read("post")["received"]
    if not queries.has_arrived(told["tracking_number"]):
        cases.register_arrival(
            officer=clerk,
            agency_id=agency_id,
            tracking_number=told["tracking_number"],
            sender_name=submission.applicant.full_name,
            sender_phone=submission.applicant.phone,
            contents=told["contents"],
            now=received_at - _EARLIER,
        )
    return replace(
        submission,
        channel="POST",
        tracking_number=told["tracking_number"],
        returns_by_post=True,
        return_address=submission.applicant.address,
    )


def bring_waiting(*, clerk: people.Person, agency_id: int) -> None:
    """Let the post bring dossiers that nobody has received yet; the same again is found."""
    citizens = content.read("people")["citizens"]
    for told in content.read("post")["arrived"]:
        if not queries.has_arrived(told["tracking_number"]):
            cases.register_arrival(
                officer=clerk,
                agency_id=agency_id,
                tracking_number=told["tracking_number"],
                sender_name=citizens[told["citizen"]]["full_name"],
                sender_phone=f"09{told['citizen']:08d}",
                contents=told["contents"],
                now=_moment(told["at"]),
            )


def send(
    wanted: Sequence[tuple[str, cases.PartyEntry]], *, clerk: people.Person, agency_id: int
) -> None:
    """Let results that lie at the counter go by post, as far as told; what is done is not done twice.

    `wanted` gives the code of each case, and who receives its result.
    """
    for code, receiver in wanted:
        if queries.find_parcel_of(code) is None:
            cases.plan_return_by_post(
                officer=clerk,
                case_code=code,
                name=receiver.full_name,
                phone=receiver.phone,
                address=receiver.address,
                now=wanted_at(),
            )
    rest = [code for code, _receiver in wanted]
    for slip in content.read("post")["slips"]:
        told = dict(zip(rest, slip["parcels"], strict=False))
        rest = rest[len(told) :]
        items = {code: item for code in told if (item := queries.find_parcel_of(code))}
        if not any(item.is_sent for item in items.values()):
            cases.hand_to_post(
                officer=clerk,
                agency_id=agency_id,
                tracking_numbers={
                    items[code].id: parcel["tracking_number"] for code, parcel in told.items()
                },
                carrier_name=slip["carrier"],
                now=_moment(slip["at"]),
            )
        for code, parcel in told.items():
            _tell_end(code, parcel, receiver=dict(wanted)[code], clerk=clerk)


def _tell_end(
    code: str, parcel: dict[str, Any], *, receiver: cases.PartyEntry, clerk: people.Person
) -> None:
    """Record what became of a parcel: delivered, brought back, or nothing yet."""
    item = queries.find_parcel_of(code)
    if item is None or item.is_over or "recorded_at" not in parcel:
        return
    now = _moment(parcel["recorded_at"])
    if "failure" in parcel:
        cases.record_failure(officer=clerk, item_id=item.id, reason=parcel["failure"], now=now)
        return
    cases.record_delivery(
        officer=clerk,
        item_id=item.id,
        delivered_to=receiver.full_name,
        delivered_at=_moment(parcel["delivered_at"]),
        now=now,
    )


def _moment(told: str) -> datetime:
    return datetime.fromisoformat(told).replace(tzinfo=VIETNAM)
