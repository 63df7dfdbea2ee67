"""Due answers: a deadline as JSON or as text, for the command line and for pages."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from motcua.engine.deadlines import due
from motcua.engine.ledger import Deadline, LedgerLine, day_by_day
from motcua.engine.limits import Limit
from motcua.engine.moments import VIETNAM
from motcua.engine.sentences import sentence
from motcua.engine.wording import full_day, moment_en, moment_vi
from motcua.lawbook import queries


class CannotReadMoment(ValueError):
    """The text names no moment."""


def parse_moment(text: str) -> datetime:
    """Read 2023-10-27T09:32 as Vietnamese time unless it says else; raise CannotReadMoment."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise CannotReadMoment(
            f"“{text}” không phải thời điểm có thật; hãy ghi ngày và giờ, ví dụ 2023-10-27T09:32."
        ) from None
    if "T" not in text.strip() and " " not in text.strip():
        raise CannotReadMoment(
            f"“{text}” thiếu giờ tiếp nhận; hãy ghi cả giờ, ví dụ {moment.date()}T09:32."
        )
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


def what_if_received(
    *,
    received_at: datetime,
    limit: Limit,
    office_hours_key: str = queries.DEFAULT_OFFICE_HOURS,
) -> Deadline:
    """Return the due time of a file received at a moment; raise CalendarEnds or NotInForce."""
    local_day = received_at.astimezone(VIETNAM).date()
    return due(
        received_at=received_at,
        limit=limit,
        calendar=queries.get_calendar(office_hours_key=office_hours_key),
        rules=queries.get_counting_rules(local_day),
    )


def as_json(deadline: Deadline, language: str = "vi") -> dict[str, object]:
    """Return the due time and its ledger as plain values."""
    return {
        "due_at": deadline.due_at.isoformat(),
        "received_at": deadline.received_at.isoformat(),
        "limit": {"amount": _number(deadline.limit.amount), "unit": deadline.limit.unit.value},
        "sentence": sentence(deadline, language),
        "ledger": [_line_as_json(line, language) for line in deadline.ledger],
    }


def _line_as_json(line: LedgerLine, language: str) -> dict[str, object]:
    return {
        "from": line.starts_at.isoformat(),
        "to": line.ends_at.isoformat(),
        "kind": line.kind.value,
        "amount": _number(line.amount),
        "unit": line.unit.value,
        "because": line.because.text(language),
        "source": line.because.source,
        "is_verified": line.because.is_verified,
    }


def _number(amount: Decimal) -> int | float:
    return int(amount) if amount == int(amount) else float(amount)


def as_text(
    deadline: Deadline,
    language: str = "vi",
    office_hours_key: str = queries.DEFAULT_OFFICE_HOURS,
) -> str:
    """Return the answer in one sentence, then day by day."""
    calendar = queries.get_calendar(office_hours_key=office_hours_key)
    is_english = language.startswith("en")
    when = moment_en(deadline.due_at) if is_english else moment_vi(deadline.due_at)
    lines = [
        f"Due: {when}" if is_english else f"Hạn trả kết quả: {when}",
        sentence(deadline, language),
        "",
    ]
    for line in day_by_day(deadline, calendar):
        unverified = "" if line.because.is_verified else " (?)"
        source = f"  [{line.because.source}{unverified}]" if line.because.source else ""
        lines.append(f"{full_day(line.starts_at)}  {line.because.text(language)}{source}")
    return "\n".join(lines)
