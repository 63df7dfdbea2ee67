"""Shows what a list masks, of one row, to whoever says why; each time is noted with the reason."""

from __future__ import annotations

import json
from datetime import datetime

from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.cases import post_queries
from motcua.cases.models import PostalItem
from motcua.engine import vietnamese
from motcua.lawbook import queries as lawbook
from motcua.people import actions as people_actions
from motcua.people import queries as people

LONGEST_REASON = 200


class CannotReveal(Exception):
    """No reason was given for which masked data are to be shown."""


def reveal_item(
    *, officer: people.Person, item_id: int, chosen: str, typed: str, now: datetime
) -> PostalItem:
    """Show whose a parcel is in full, telephone and address; note who asked and why, or was refused.

    `chosen` is the key of a reason in law/product/reveal.yaml, `typed` the officer's own words; one
    of them is needed. Raises CannotReveal, NoSuchPost or NotAllowed.
    """
    item = post_queries.get_item(item_id)
    scope = people.scope_of(officer, "cases.return", now=now)
    is_seen = scope.covers(agency_id=item.agency_id, agency_path=item.agency.path)
    reason = told_reason(chosen, typed, now=now)
    if is_seen and not reason:
        raise CannotReveal(_("Chưa nêu lý do xem. Hãy chọn một lý do, hoặc ghi lý do khác."))
    audit.note_read(
        subject=subject_of_item(item_id),
        actor_id=officer.id,
        at=now,
        what="post.revealed",
        was_allowed=is_seen,
        note=json.dumps(reason, ensure_ascii=False) if reason else "",
    )
    if not is_seen:
        people_actions.require(officer, "cases.return", now=now, agency_id=item.agency_id)
    return item


def subject_of_item(item_id: int) -> str:
    """Return by which name reads of one parcel's telephone and address are noted."""
    return f"postal-item:{item_id}"


def told_reason(chosen: str, typed: str, *, now: datetime) -> dict[str, str]:
    """Return a reason as it is noted; nothing when neither a known one nor words were given."""
    known = {rule.key for rule in lawbook.list_reveal_reasons(people.day_of(now))}
    reason = {"reason": chosen} if chosen in known else {}
    words = vietnamese.tidy(typed)[:LONGEST_REASON]
    return {**reason, **({"words": words} if words else {})}
