"""Sentences: a deadline told as a clerk would tell it to a citizen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from itertools import zip_longest

from motcua.engine.ledger import Deadline, LedgerKind, LedgerLine
from motcua.engine.limits import UNIT_NAMES, Unit
from motcua.engine.wording import (
    WEEKDAYS_EN,
    WEEKDAYS_VI,
    distinct,
    minutes_en,
    minutes_vi,
    moment_en,
    moment_vi,
    number_en,
    number_vi,
)

_TOLD = (LedgerKind.PAUSED, LedgerKind.RESTARTED, LedgerKind.EXTENDED)
_MOST_SPELLED_OUT = 2


def sentence(deadline: Deadline, language: str = "vi", *, is_norm: bool = False) -> str:
    """Return when a file was received, what was counted or not, when it is due, and by which law.

    One sentence where nothing happened to the clock; else one more for each thing that did. A
    service norm is told with its own name.
    """
    is_english = language.startswith("en")
    told = _told_en(deadline, is_norm=is_norm) if is_english else _told_vi(deadline, is_norm)
    sources = distinct(
        (source for line in deadline.ledger for source in line.because.source.split("; ")), "; "
    )
    basis = "Legal basis" if is_english else "Căn cứ"
    return " ".join([*told, *([f"{basis}: {sources}."] if sources else [])])


def _told_vi(deadline: Deadline, is_norm: bool) -> list[str]:
    limit = deadline.limit.text_vi()
    opening = f"Hồ sơ tiếp nhận lúc {moment_vi(deadline.received_at)}"
    is_out_of_hours = deadline.starts_at > deadline.received_at
    if is_out_of_hours:
        opening += (
            f", ngoài giờ làm việc, nên thời hạn {limit} tính từ {moment_vi(deadline.starts_at)}"
        )
    else:
        opening += f", thời hạn {limit}"
    events = list(_events_vi(deadline))
    if deadline.stopped_since is not None:
        return [f"{opening}.", *events, _standing_vi(deadline, is_norm)]
    name = "hạn phục vụ" if is_norm else "hạn trả kết quả"
    not_counted, ends = _not_counted_vi(deadline), f"{name} là {moment_vi(deadline.due_at)}"
    moved = _moved(deadline)
    for line in moved:
        day, _, why = line.because.vi.partition(";")[0].partition(": ")
        ends = f"{_lower(day)} ({why}) nên {name} chuyển sang {moment_vi(deadline.due_at)}"
    if events:
        return [f"{opening}.", *events, f"Như vậy, {not_counted}, {ends}."]
    if is_out_of_hours or moved:
        return [f"{opening}; {not_counted}, {ends}."]
    return [f"{opening}, {not_counted}, nên {ends}."]


def _told_en(deadline: Deadline, *, is_norm: bool) -> list[str]:
    limit = deadline.limit.text_en()
    opening = f"The file was received at {moment_en(deadline.received_at)}"
    if deadline.starts_at > deadline.received_at:
        opening += (
            f", out of office hours, so its limit of {limit} runs from "
            f"{moment_en(deadline.starts_at)}"
        )
    else:
        opening += f" with a limit of {limit}"
    events = list(_events_en(deadline))
    if deadline.stopped_since is not None:
        return [f"{opening}.", *events, _standing_en(deadline, is_norm=is_norm)]
    name = "the service norm runs out" if is_norm else "the result is due"
    not_counted, ends = _not_counted_en(deadline), f"{name} at {moment_en(deadline.due_at)}"
    for line in _moved(deadline):
        day, _, why = line.because.en.partition(";")[0].partition(": ")
        ends = f"{_lower(day)} ({why}) and {ends} instead"
    if events:
        return [f"{opening}.", *events, f"So, {not_counted}, {ends}."]
    return [f"{opening}; {not_counted}, {ends}."]


def _standing_vi(deadline: Deadline, is_norm: bool) -> str:
    since, due_at = moment_vi(_since(deadline)), moment_vi(deadline.due_at)
    name = "hạn phục vụ" if is_norm else "hạn trả kết quả"
    return (
        f"Từ {since} thời hạn {_lower(deadline.ledger[-1].because.vi)}; khi hồ sơ tiếp tục, {name} "
        f"được tính lại và báo cho người nộp. Lúc dừng, hạn là {due_at}."
    )


def _standing_en(deadline: Deadline, *, is_norm: bool) -> str:
    since, due_at = moment_en(_since(deadline)), moment_en(deadline.due_at)
    name = "the service norm" if is_norm else "the due time"
    return (
        f"Since {since} the clock stands still ({_why_en(deadline.ledger[-1])}); once the file goes "
        f"on, {name} is computed again and the applicant is told. When it stopped, it was {due_at}."
    )


def _since(deadline: Deadline) -> datetime:
    return deadline.stopped_since or deadline.due_at


def _stands_still_now(line: LedgerLine) -> bool:
    return line.kind is LedgerKind.PAUSED and line.ends_at == line.starts_at


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _events(deadline: Deadline) -> list[LedgerLine]:
    return [line for line in deadline.ledger if line.kind in _TOLD and not _stands_still_now(line)]


def _events_vi(deadline: Deadline) -> Iterator[str]:
    """Yield a sentence for each thing that moved the clock; a restart ends that of its pause."""
    lines = _events(deadline)
    for line, later in zip_longest(lines, lines[1:]):
        if line.kind is LedgerKind.PAUSED:
            span = f"từ {moment_vi(line.starts_at)} đến {moment_vi(line.ends_at)}"
            told = f"Thời hạn {_lower(line.because.vi)} {span}"
            if later is not None and later.kind is LedgerKind.RESTARTED:
                yield f"{told}, rồi được tính lại từ đầu."
            else:
                yield f"{told} ({_length_vi(line)})."
        elif line.kind is LedgerKind.EXTENDED:
            yield f"Cơ quan giải quyết đã xin lỗi và {_lower(line.because.vi.partition(';')[0])}."


def _events_en(deadline: Deadline) -> Iterator[str]:
    lines = _events(deadline)
    for line, later in zip_longest(lines, lines[1:]):
        if line.kind is LedgerKind.PAUSED:
            told = (
                f"The clock stood still from {moment_en(line.starts_at)} to "
                f"{moment_en(line.ends_at)} ({_why_en(line)})"
            )
            if later is not None and later.kind is LedgerKind.RESTARTED:
                yield f"{told}, and then the limit began again from zero."
            else:
                yield f"{told}, {_length_en(line)}."
        elif line.kind is LedgerKind.EXTENDED:
            moved = _lower(line.because.en.partition(";")[0]).removeprefix("extended ")
            yield f"The agency has apologised and extended the time {moved}."


def _why_en(line: LedgerLine) -> str:
    return line.because.en.removeprefix("Clock stopped: ").removeprefix("Stopped ")


def _length_vi(line: LedgerLine) -> str:
    if not line.amount:
        return "chưa tới một ngày làm việc, hạn không đổi"
    if line.unit is Unit.MINUTE:
        return f"{minutes_vi(int(line.amount))} làm việc không tính"
    return f"{number_vi(line.amount)} {UNIT_NAMES[line.unit][0]} không tính"


def _length_en(line: LedgerLine) -> str:
    if not line.amount:
        return "less than a working day, which moves nothing"
    if line.unit is Unit.MINUTE:
        return f"and {minutes_en(int(line.amount))} of working time are not counted"
    if line.amount == 1:
        return f"and 1 {UNIT_NAMES[line.unit][1]} is not counted"
    return f"and {number_en(line.amount)} {UNIT_NAMES[line.unit][2]} are not counted"


def _counts_hours(deadline: Deadline) -> bool:
    # Half a working day is counted in hours, from the moment of reception on.
    limit = deadline.limit
    return limit.unit in (Unit.HOUR, Unit.MINUTE) or limit.amount < 1


def _not_counted_vi(deadline: Deadline) -> str:
    if _counts_hours(deadline):
        return "chỉ tính giờ làm việc của cơ quan"
    first = "ngày tiếp nhận"
    if _restarted(deadline):
        first = "ngày nhận đủ hồ sơ"
    elif deadline.starts_at > deadline.received_at:
        first = "ngày đầu tiên này"
    return f"không tính {_and([first, *_days_off_vi(_days_off(deadline))], 'và')}"


def _not_counted_en(deadline: Deadline) -> str:
    if _counts_hours(deadline):
        return "counting only the office's working hours"
    first = "the day of receipt"
    if _restarted(deadline):
        first = "the day on which the file was complete"
    elif deadline.starts_at > deadline.received_at:
        first = "that first day"
    return f"not counting {_and([first, *_days_off_en(_days_off(deadline))], 'and')}"


def _and(names: list[str], word: str) -> str:
    return f" {word} ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


def _restarted(deadline: Deadline) -> bool:
    return any(line.kind is LedgerKind.RESTARTED for line in deadline.ledger)


def _since_restart(deadline: Deadline) -> list[LedgerLine]:
    begins = max(
        (i for i, line in enumerate(deadline.ledger) if line.kind is LedgerKind.RESTARTED),
        default=0,
    )
    return [
        line
        for line in deadline.ledger[begins:]
        if line.kind is LedgerKind.SKIPPED and line.unit is Unit.DAY and line.amount
    ]


def _days_off(deadline: Deadline) -> list[LedgerLine]:
    """Return the days off that a limit in working days passed over since it last began."""
    return _since_restart(deadline) if deadline.limit.unit is Unit.WORKING_DAY else []


def _moved(deadline: Deadline) -> list[LedgerLine]:
    """Return the line that moved the end of a limit in days or months on from a day off."""
    return [] if deadline.limit.unit is Unit.WORKING_DAY else _since_restart(deadline)


def _days_off_vi(lines: list[LedgerLine]) -> list[str]:
    """Return the days off one by one where they are few, else how many, and the holidays by name."""
    names = [name for line in lines for name in _names(line.because.vi, "Không tính ")]
    if len(lines) <= _MOST_SPELLED_OUT:
        return names
    holidays = [name for name in names if not name.startswith(WEEKDAYS_VI)]
    among = f" (có {_and(holidays, 'và')})" if holidays else ""
    return [f"{number_vi(_total(lines))} ngày nghỉ{among}"]


def _days_off_en(lines: list[LedgerLine]) -> list[str]:
    names = [name for line in lines for name in _names(line.because.en, "Not counted: ")]
    if len(lines) <= _MOST_SPELLED_OUT:
        return names
    holidays = [name for name in names if not name.startswith(WEEKDAYS_EN)]
    among = f" (among them {_and(holidays, 'and')})" if holidays else ""
    return [f"{number_en(_total(lines))} days off{among}"]


def _names(told: str, prefix: str) -> list[str]:
    return told.removeprefix(prefix).split(", ") if told else []


def _total(lines: list[LedgerLine]) -> Decimal:
    return sum((line.amount for line in lines), Decimal(0))
