"""What waits in the course of drafts, what was asked and answered, and the register of decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from motcua.engine import consents
from motcua.engine.consents import Answered, Asked, Standing
from motcua.people import queries as people
from motcua.workflow.models import Ask, Consultation, Decision, Draft, Opinion

ANSWERED_IN = (Draft.Status.CONSULTATION, Draft.Status.HELD_UP)


def _waiting_asks() -> QuerySet[Ask]:
    """Return the asks that nobody has answered, of rounds that are not over."""
    return Ask.objects.filter(
        consultation__draft__status__in=ANSWERED_IN,
        consultation__taken_back__isnull=True,
        opinions__isnull=True,
    )


def list_silent(now: datetime) -> list[int]:
    """Return the ids of the asks whose time has run out without an answer, the oldest first."""
    over = _waiting_asks().filter(consultation__ends_at__lte=now)
    return list(over.order_by("consultation__ends_at", "pk").values_list("pk", flat=True))


def asks_waiting_for(person: people.Person, *, now: datetime) -> QuerySet[Ask]:
    """Return the asks that a person may answer and nobody has."""
    scope = people.scope_of(person, "workflow.consent", now=now)
    return _waiting_asks().filter(agency__in=people.agencies_in_scope(scope))


def drafts_waiting_for(person: people.Person, *, now: datetime) -> QuerySet[Draft]:
    """Return the drafts that a person must go on with: one's own, and as procedure control."""
    mine = Q(created_by_id=person.id, status__in=[Draft.Status.DRAFT, Draft.Status.HELD_UP])
    if not people.scope_of(person, "workflow.publish", now=now).is_empty:
        mine |= Q(status__in=[Draft.Status.HELD_UP, Draft.Status.CONSENTED])
    return Draft.objects.filter(mine)


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeTask:
    """Something about a workflow that waits for a person; `kind` is ANSWER or the state of the draft."""

    draft: Draft
    kind: str
    agency: Any
    due_at: datetime | None


def list_changes(person: people.Person, *, now: datetime) -> list[ChangeTask]:
    """Return what waits for a person about workflows: what ends soonest first. Two queries."""
    asks = asks_waiting_for(person, now=now).select_related("agency", "consultation__draft")
    found = [
        ChangeTask(
            draft=ask.consultation.draft,
            kind="ANSWER",
            agency=ask.agency,
            due_at=ask.consultation.ends_at,
        )
        for ask in asks.order_by("consultation__ends_at", "pk")
    ]
    drafts = drafts_waiting_for(person, now=now).select_related("workflow__owner")
    return found + [
        ChangeTask(draft=draft, kind=draft.status, agency=draft.workflow.owner, due_at=None)
        for draft in drafts.defer("bpmn_xml").order_by("-edited_at", "pk")
    ]


def count_changes(person: people.Person, *, now: datetime) -> int:
    """Return how many things about workflows wait for a person: the length of the list."""
    return asks_waiting_for(person, now=now).count() + drafts_waiting_for(person, now=now).count()


@dataclass(frozen=True, kw_only=True, slots=True)
class AskSeen:
    """An agency that was asked, everything it answered, and where it stands."""

    ask: Ask
    standing: Standing
    opinions: tuple[Opinion, ...]

    @property
    def newest(self) -> Opinion | None:
        """The answer that counts."""
        return self.opinions[-1] if self.opinions else None


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundSeen:
    """A round with whoever was asked in it; `taken_back` says that and why it counts no more."""

    consultation: Consultation
    taken_back: Any
    asks: tuple[AskSeen, ...]


def list_rounds(draft_id: int) -> tuple[RoundSeen, ...]:
    """Return the rounds of a draft, the newest first. Three queries."""
    opinions = Opinion.objects.select_related("answered_by", "override__decided_by").order_by("pk")
    asks = (
        Ask.objects.select_related("agency")
        .order_by("agency__sort_name", "pk")
        .prefetch_related(Prefetch("opinions", queryset=opinions))
    )
    rounds = (
        Consultation.objects.filter(draft_id=draft_id)
        .select_related("opened_by", "taken_back__taken_back_by")
        .prefetch_related(Prefetch("asks", queryset=asks))
        .order_by("-number")
    )
    return tuple(
        RoundSeen(
            consultation=one,
            taken_back=getattr(one, "taken_back", None),
            asks=tuple(_seen(ask) for ask in one.asks.all()),
        )
        for one in rounds
    )


def _seen(ask: Ask) -> AskSeen:
    opinions = tuple(ask.opinions.all())
    asked = Asked()
    if opinions:
        last = opinions[-1]
        asked = Asked(answered=Answered(last.answer), is_overridden=hasattr(last, "override"))
    return AskSeen(ask=ask, standing=consents.standing_of(asked), opinions=opinions)


def list_decisions(*, first_day: date | None, last_day: date | None) -> QuerySet[Decision]:
    """Return the register between two days, both included and both open, the newest first."""
    found = Decision.objects.select_related("version__workflow", "recorded_by")
    if first_day:
        found = found.filter(counted_on__gte=first_day)
    if last_day:
        found = found.filter(counted_on__lte=last_day)
    return found.defer("version__bpmn_xml", "version__net").order_by("-counted_on", "-pk")


def find_publication(draft: Draft) -> Decision | None:
    """Return the decision by which a draft became a version, or None."""
    if draft.status != Draft.Status.PUBLISHED:
        return None
    found = Decision.objects.filter(draft=draft).select_related("version")
    return found.defer("version__bpmn_xml", "version__net").first()


def count_decisions(periods: Iterable[tuple[str, date, date]]) -> Mapping[str, int]:
    """Return how many decisions each period (name, first and last day) counts, all as "". One query."""
    counted: dict[str, int] = Decision.objects.aggregate(
        all=Count("pk"),
        **{
            name: Count("pk", filter=Q(counted_on__gte=first, counted_on__lte=last))
            for name, first, last in periods
        },
    )
    return {"": counted.pop("all"), **counted}
