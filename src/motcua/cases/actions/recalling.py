"""Calls a result back that is revoked while the post carries it, and settles what comes of that."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from motcua.audit import actions as audit
from motcua.cases.actions.telling import tell_applicant
from motcua.cases.models import Case, Direction, PostalItem, Result
from motcua.engine import postal_words
from motcua.messages import actions as messages
from motcua.people import queries as people


def call_back_from_post(case: Case, *, officer: people.Person, now: datetime) -> PostalItem | None:
    """Call the case's result back where the post carries it, and tell the clerks of that counter.

    Called inside the transaction that revokes the result, which holds the trail of the case. Returns
    None where nothing of the case is on its way.
    """
    item = (
        PostalItem.objects.select_for_update(of=("self",))
        .select_related("slip")
        .filter(
            case=case,
            direction=Direction.LEAVING,
            sent_at__isnull=False,
            delivered_at=None,
            failed_at=None,
            recalled_at=None,
        )
        .first()
    )
    if item is None:
        return None
    item.recalled_at, item.recalled_by_id = now, officer.id
    item.save(update_fields=["recalled_at", "recalled_by"])
    audit.record(
        event="case.called_back_from_post",
        subject=f"case:{case.code}",
        actor_id=officer.id,
        at=now,
        facts={"tracking_number": item.tracking_number, "slip": str(item.slip)},
    )
    said = postal_words.called_back(
        case_code=case.code, tracking_number=item.tracking_number, slip=str(item.slip)
    )
    messages.tell(
        news=[
            messages.News(
                once_key=f"post-recall:{item.pk}",
                path=f"{reverse('desk:post')}?state=recalled",
                text_vi=said.vi,
                text_en=said.en,
                agency_id=item.agency_id,
                role="CLERK",
            )
        ],
        now=now,
    )
    return item


def note_delivered_although_revoked(
    case: Case, item: PostalItem, *, officer: people.Person, now: datetime
) -> None:
    """Note that the post delivered a result after it was revoked, and ask the citizen to bring it back.

    The case is not returned by that: its citizen waits for a valid result. Called inside the
    transaction that records the delivery.
    """
    audit.record(
        event="case.delivered_although_revoked",
        subject=f"case:{case.code}",
        actor_id=officer.id,
        at=now,
        facts={"delivered_to": item.delivered_to, "tracking_number": item.tracking_number},
    )
    tell_applicant(case, "delivered_although_revoked", receiver=item.delivered_to, now=now)


def mark_delivered_before(case: Case, item: PostalItem, *, officer: people.Person) -> None:
    """Note on the result that was revoked meanwhile that the citizen had received it before that."""
    Result.objects.filter(case=case, revoked_at=item.recalled_at).update(
        handed_over_at=item.delivered_at,
        handed_over_by_id=officer.id,
        handed_over_to=item.delivered_to,
    )
