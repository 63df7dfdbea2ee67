"""Puts into the outbox what the applicant is told of an act, in the words that the law's folder holds."""

from __future__ import annotations

from datetime import datetime

from motcua.cases import queries
from motcua.cases.models import Case, Party
from motcua.engine import slip_texts
from motcua.lawbook import queries as lawbook
from motcua.messages import actions as messages

TEXTS = "forms/citizen_messages"
FIELDS = ("ma_ho_so", "ly_do", "don_vi", "co_quan", "hen_moi", "nguoi_nhan")


def tell_applicant(
    case: Case, kind: str, *, reason: str = "", receiver: str = "", now: datetime
) -> None:
    """Tell the applicant of an act, in its transaction; without a phone number it waits to be said.

    `kind` is a rule of law/forms/citizen_messages.yaml.
    """
    words = str(lawbook.get_value(TEXTS, kind, case.law_date).value)
    values = {"ly_do": reason.strip().rstrip("."), "nguoi_nhan": receiver}
    _put_out(case, slip_texts.plain(words, {**_values(case), **values}), key=kind, now=now)


def tell_of_step(case: Case, *, task_id: int, step: str, words: str, now: datetime) -> None:
    """Tell the applicant, in the transaction of a step that was done, what its chart wants told.

    A field that the chart should not have stays as it was drawn: nobody is told a blank.
    """
    values = _AsDrawn({**_values(case), "buoc": step})
    _put_out(case, slip_texts.plain(words, values), key=f"step:{task_id}", now=now)


class _AsDrawn(dict[str, str]):
    """Values of fields, in which an unknown field says its own name."""

    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


def _values(case: Case) -> dict[str, str]:
    return {
        "ma_ho_so": case.code,
        "don_vi": case.receiving_agency.name,
        "co_quan": case.settling_agency.name,
        "hen_moi": queries.moment_words(case.due_at),
    }


def _put_out(case: Case, text: str, *, key: str, now: datetime) -> None:
    applicant = Party.objects.filter(case=case, role=Party.Role.APPLICANT).only("phone").first()
    messages.tell_citizen(
        subject=f"case:{case.code}",
        once_key=f"{case.code}:{key}:{now.isoformat()}",
        phone=applicant.phone if applicant else "",
        text=text,
        now=now,
    )
