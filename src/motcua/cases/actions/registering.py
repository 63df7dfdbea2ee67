"""Enters the cases received at a counter in its register of the year, and closes the book of a year."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.cases.models import Case, RegisterBook
from motcua.engine.moments import midnight
from motcua.people import actions as people_actions
from motcua.people import queries as people

# The lines follow on each other in the order of reception; who waits for the book's row gets what
# is left, so that no number is taken twice and none is left out.
_ENTER = """
WITH lines AS (
    INSERT INTO cases_registerline (book_id, number, case_id, entered_at)
    SELECT %(book)s, %(last)s + row_number() OVER (ORDER BY c.received_at, c.id), c.id, %(now)s
    FROM cases_case c
    WHERE c.receiving_agency_id = %(agency)s
        AND c.received_at >= %(starts)s AND c.received_at < %(ends)s
        AND c.status <> 'REGISTERED'
        AND NOT EXISTS (SELECT FROM cases_registerline l WHERE l.case_id = c.id)
    RETURNING number
)
SELECT count(*) FROM lines
"""


class CannotCloseRegister(Exception):
    """The book of this year cannot be closed; the words say why."""


@transaction.atomic
def enter_cases(*, agency_id: int, year: int, now: datetime) -> int:
    """Enter what a counter received in a year and is in no book yet; return how many lines.

    What is received into a year whose book is closed, as offline receipts may be, is entered in the
    book of this year.
    """
    book = _locked(agency_id, year)
    if book.closed_at is not None:
        book = _locked(agency_id, timezone.localtime(now).year)
        if book.closed_at is not None:
            return 0
    return _enter(book, first_year=year, now=now)


def enter_waiting(*, now: datetime) -> int:
    """Enter all that is received and in no book yet, counter by counter; return how many lines."""
    waiting = (
        Case.objects.filter(register_line=None)
        .exclude(status=Case.Status.REGISTERED)
        .order_by()
        .values_list("receiving_agency_id", "received_at__year")
        .distinct()
    )
    return sum(
        enter_cases(agency_id=agency_id, year=year, now=now) for agency_id, year in sorted(waiting)
    )


@transaction.atomic(durable=True)
def close_register(
    *, officer: people.Person, agency_id: int, agency_path: str, year: int, now: datetime
) -> RegisterBook:
    """Enter what is left of a year that is over and close its book for good.

    Raises NotAllowed, or CannotCloseRegister: the year goes on, or the book is closed, by whom and when.
    """
    people_actions.require(
        officer, "cases.close_register", now=now, agency_id=agency_id, agency_path=agency_path
    )
    if timezone.localtime(now).year <= year:
        raise CannotCloseRegister(
            _("Sổ năm %(year)s chỉ khóa được từ ngày 01/01/%(next)s, khi năm đã hết.")
            % {"year": year, "next": year + 1}
        )
    book = _locked(agency_id, year)
    if book.closed_at is not None:
        assert book.closed_by is not None
        raise CannotCloseRegister(
            _("Sổ năm %(year)s đã được %(who)s khóa lúc %(at)s, không khóa lần nữa.")
            % {
                "year": year,
                "who": book.closed_by.full_name,
                "at": f"{timezone.localtime(book.closed_at):%H:%M %d/%m/%Y}",
            }
        )
    _enter(book, first_year=year, now=now)
    book.closed_at, book.closed_by_id = now, officer.id
    book.save(update_fields=["closed_at", "closed_by"])
    audit.record(
        event="register.closed",
        subject=f"register:{agency_id}:{year}",
        actor_id=officer.id,
        at=now,
        facts={"lines": book.last_number},
    )
    return book


def _locked(agency_id: int, year: int) -> RegisterBook:
    RegisterBook.objects.get_or_create(agency_id=agency_id, year=year)
    return (
        RegisterBook.objects.select_for_update(of=("self",))
        .select_related("closed_by")
        .get(agency_id=agency_id, year=year)
    )


def _enter(book: RegisterBook, *, first_year: int, now: datetime) -> int:
    """Add lines for what came since the first day of a year, until the end of the book's year."""
    with connection.cursor() as cursor:
        cursor.execute(
            _ENTER,
            {
                "book": book.pk,
                "last": book.last_number,
                "agency": book.agency_id,
                "starts": midnight(date(first_year, 1, 1)),
                "ends": midnight(date(book.year + 1, 1, 1)),
                "now": now,
            },
        )
        (count,) = cursor.fetchone()
    if count:
        book.last_number += count
        book.save(update_fields=["last_number"])
    return int(count)
