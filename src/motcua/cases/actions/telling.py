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
    applicant = Party.objects.filter(case=case, role=Party.Role.APPLICANT).only("phone").first()
    values = {
        "ma_ho_so": case.code,
        "ly_do": reason.strip().rstrip("."),
        "don_vi": case.receiving_agency.name,
        "co_quan": case.settling_agency.name,
        "hen_moi": queries.moment_words(case.due_at),
        "nguoi_nhan": receiver,
    }
    words = str(lawbook.get_value(TEXTS, kind, case.law_date).value)
    messages.tell_citizen(
        subject=f"case:{case.code}",
        once_key=f"{case.code}:{kind}:{now.isoformat()}",
        phone=applicant.phone if applicant else "",
        text=slip_texts.plain(words, values),
        now=now,
    )
