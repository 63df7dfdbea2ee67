"""The post of a counter: what arrived, what is to be sent, on its way, delivered or brought back."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from motcua.cases.models import Case, Direction, PostalItem, PostalSlip
from motcua.people import queries as people

STATES = ("arrived", "ready", "planned", "sent", "recalled", "delivered", "failed", "received")
_MOST_ARRIVALS = 50
_OLDEST_FIRST = {"arrived", "ready", "planned", "sent", "recalled"}


class NoSuchPost(LookupError):
    """No postal item or slip has this number."""


def list_post(officer: people.Person, *, state: str, now: datetime) -> QuerySet[PostalItem]:
    """Return the items of a state at the person's counters; what waits longest comes first."""
    order = "registered_at" if state in _OLDEST_FIRST else "-registered_at"
    return (
        _in_scope(officer, now=now)
        .filter(_state(state))
        .select_related("case__revision__procedure", "agency", "slip")
        .order_by(order, "id")
    )


def count_post(officer: people.Person, *, now: datetime) -> dict[str, int]:
    """Return, for each state, how many rows list_post gives. One query."""
    counts: dict[str, int] = _in_scope(officer, now=now).aggregate(
        **{state: Count("pk", filter=_state(state)) for state in STATES}
    )
    return counts


def get_item(item_id: int) -> PostalItem:
    """Return a parcel with its counter; raise NoSuchPost."""
    found = PostalItem.objects.select_related("agency").filter(pk=item_id).first()
    if found is None:
        raise NoSuchPost(
            _("Không có bưu gửi số %(number)s. Hãy mở lại từ danh sách.") % {"number": item_id}
        )
    return found


def find_arrival(*, agency_id: int, tracking_number: str) -> PostalItem | None:
    """Return what arrived at a counter under a number and waits to be received."""
    return PostalItem.objects.filter(
        _state("arrived"), agency_id=agency_id, tracking_number=tracking_number
    ).first()


def list_arrivals(agency_id: int) -> QuerySet[PostalItem]:
    """Return the latest that arrived at a counter and wait to be received."""
    return PostalItem.objects.filter(_state("arrived"), agency_id=agency_id).order_by(
        "-registered_at"
    )[:_MOST_ARRIVALS]


def has_arrived(tracking_number: str) -> bool:
    """Say whether the post brought a parcel of this number to any counter."""
    return PostalItem.objects.filter(
        direction=Direction.ARRIVING, tracking_number=tracking_number
    ).exists()


def list_returns_of(case_code: str) -> QuerySet[PostalItem]:
    """Return what carries or carried the result of a case to its receiver, the newest first."""
    return PostalItem.objects.filter(case__code=case_code, direction=Direction.LEAVING).order_by(
        "-pk"
    )


def find_return_of(case_id: int) -> PostalItem | None:
    """Return what carries the result of a case to its receiver, the newest, unless brought back."""
    found = PostalItem.objects.filter(
        case_id=case_id, direction=Direction.LEAVING, failed_at__isnull=True
    )
    return found.order_by("-pk").first()


def get_slip(slip_id: int) -> PostalSlip:
    """Return a hand-over slip with its items in order; raise NoSuchPost."""
    found = (
        PostalSlip.objects.select_related("agency__parent", "made_by").filter(pk=slip_id).first()
    )
    if found is None:
        raise NoSuchPost(
            _("Không có phiếu giao nhận bưu chính số %(number)s. Hãy mở lại từ danh sách.")
            % {"number": slip_id}
        )
    return found


def list_items_of(slip: PostalSlip) -> QuerySet[PostalItem]:
    """Return what a slip hands over, in the order of the case codes."""
    return slip.items.select_related("case").order_by("case__code", "id")


def _in_scope(officer: people.Person, *, now: datetime) -> QuerySet[PostalItem]:
    scope = people.scope_of(officer, "cases.return", now=now)
    return PostalItem.objects.filter(agency__in=people.agencies_in_scope(scope))


def _state(state: str) -> Q:
    leaving = Q(direction=Direction.LEAVING)
    sent = leaving & Q(sent_at__isnull=False, delivered_at=None, failed_at=None)
    unsent = leaving & Q(sent_at=None, failed_at=None)
    return {
        "arrived": Q(direction=Direction.ARRIVING, case=None),
        "received": Q(direction=Direction.ARRIVING, case__isnull=False),
        "planned": unsent & Q(case__finished_at=None),
        "ready": unsent & Q(case__status=Case.Status.DONE),
        "sent": sent,
        "recalled": sent & Q(recalled_at__isnull=False),
        "delivered": leaving & Q(delivered_at__isnull=False),
        "failed": leaving & Q(failed_at__isnull=False),
    }[state]
