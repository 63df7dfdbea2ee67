"""The registers of cases: which books there are, and their lines as Mẫu số 06 shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from motcua.cases.models import Case, Party, RegisterBook, RegisterLine
from motcua.engine import vietnamese
from motcua.people import queries as people

_LONGER_THAN_NUMBERS = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Counter:
    """An agency that received cases and whose register a person may read."""

    id: int
    code: str
    name: str
    path: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LineShown:
    """A line of the register: TT 01/2018/TT-VPCP, Mẫu số 06."""

    number: int
    case_id: int
    code: str
    procedure: str
    sets: int
    owner: str
    address: str
    phone: str
    settling: str
    settling_id: int
    # A person's name is told in full on the screen only to who works on the case.
    is_person: bool
    received_at: datetime
    due_at: datetime
    returned_at: datetime | None
    by_post: bool
    receiver: str
    note: str


def list_counters(officer: people.Person, *, now: datetime) -> tuple[Counter, ...]:
    """Return the agencies whose register the person may read, by name. One query."""
    scope = people.scope_of(officer, "cases.see", now=now)
    rows = (
        people.agencies_in_scope(scope)
        .filter(pk__in=Case.objects.values("receiving_agency_id"))
        .order_by("sort_name", "id")
        .values_list("id", "code", "name", "path")
    )
    return tuple(Counter(id=pk, code=code, name=name, path=path) for pk, code, name, path in rows)


def list_books(agency_id: int) -> tuple[RegisterBook, ...]:
    """Return the books of a counter, the newest first. One query."""
    found = RegisterBook.objects.filter(agency_id=agency_id).select_related("closed_by")
    return tuple(found.order_by("-year"))


def list_lines(book: RegisterBook, *, text: str = "") -> QuerySet[RegisterLine]:
    """Return the lines of a book in order, those with words of a name, a code or this number."""
    found = RegisterLine.objects.filter(book=book).order_by("number")
    wanted = vietnamese.fold(text)
    if wanted.isascii() and wanted.isdigit() and len(wanted) < _LONGER_THAN_NUMBERS:
        found = found.filter(number=int(wanted))
    elif wanted:
        named = Party.objects.filter(
            *(Q(search_name__contains=word) for word in wanted.split())
        ).values("case_id")
        found = found.filter(Q(case__code__icontains=text.strip()) | Q(case__in=named))
    parties = Party.objects.filter(role__in=[Party.Role.OWNER, Party.Role.APPLICANT])
    return found.select_related(
        "case__revision__procedure", "case__settling_agency"
    ).prefetch_related(Prefetch("case__parties", queryset=parties))


def shown(line: RegisterLine) -> LineShown:
    """Return a line as the form shows it; the owner is the applicant where nobody else is named."""
    case = line.case
    by_role = {party.role: party for party in case.parties.all()}
    owner = by_role.get(Party.Role.OWNER) or by_role.get(Party.Role.APPLICANT)
    return LineShown(
        number=line.number,
        case_id=case.pk,
        code=case.code,
        procedure=case.revision.name,
        sets=1,
        owner=owner.full_name if owner else "",
        address=owner.address if owner else "",
        phone=owner.phone if owner else "",
        settling=case.settling_agency.name,
        settling_id=case.settling_agency_id,
        is_person=owner is not None and owner.kind == Party.Kind.PERSON,
        received_at=case.received_at,
        due_at=case.due_at,
        returned_at=case.returned_at,
        by_post=case.channel == "POST",
        receiver=case.returned_to,
        note=case.note,
    )
