"""Sentences: a deadline told as a clerk would tell it to a citizen."""

from __future__ import annotations

from decimal import Decimal

from motcua.engine.ledger import Deadline, LedgerKind, LedgerLine
from motcua.engine.limits import UNIT_NAMES, Unit
from motcua.engine.wording import (
    distinct,
    minutes_en,
    minutes_vi,
    moment_en,
    moment_vi,
    number_en,
    number_vi,
)


def sentence(deadline: Deadline, language: str = "vi") -> str:
    """Return one sentence: when received, what was counted or not, when due, by which law."""
    is_english = language.startswith("en")
    parts = _parts_en(deadline) if is_english else _parts_vi(deadline)
    sources = distinct(
        (source for line in deadline.ledger for source in line.because.source.split("; ")), "; "
    )
    return "; ".join(parts) + (f" ({sources})." if sources else ".")


def _parts_vi(deadline: Deadline) -> list[str]:
    received, limit = moment_vi(deadline.received_at), deadline.limit.text_vi()
    parts = [f"Hồ sơ tiếp nhận lúc {received}, thời hạn {limit}"]
    if deadline.starts_at > deadline.received_at:
        parts.append(f"nhận ngoài giờ làm việc nên tính từ {moment_vi(deadline.starts_at)}")
    parts += [_event_vi(line) for line in deadline.ledger if _is_told(line)]
    not_counted = _first_day(deadline, "ngày tiếp nhận") + _days_off_vi(_days_off(deadline))
    if not_counted:
        parts.append(f"không tính {' và '.join(not_counted)}")
    parts += [_lower(line.because.vi) for line in _moved(deadline)]
    if deadline.stopped_since is not None:
        parts.append(
            f"hồ sơ đang tạm dừng từ {moment_vi(deadline.stopped_since)}, "
            "hạn trả sẽ được tính lại khi tiếp tục giải quyết; "
            f"trước khi dừng, hạn trả là {moment_vi(deadline.due_at)}"
        )
    else:
        parts.append(f"hạn trả kết quả là {moment_vi(deadline.due_at)}")
    return parts


def _parts_en(deadline: Deadline) -> list[str]:
    received, limit = moment_en(deadline.received_at), deadline.limit.text_en()
    parts = [f"The file was received at {received}, with a limit of {limit}"]
    if deadline.starts_at > deadline.received_at:
        parts.append(f"out of office hours, so it counts from {moment_en(deadline.starts_at)}")
    parts += [_event_en(line) for line in deadline.ledger if _is_told(line)]
    not_counted = _first_day(deadline, "the day of receipt") + _days_off_en(_days_off(deadline))
    if not_counted:
        parts.append(f"not counting {' and '.join(not_counted)}")
    parts += [_lower(line.because.en) for line in _moved(deadline)]
    if deadline.stopped_since is not None:
        parts.append(
            f"its clock stands still since {moment_en(deadline.stopped_since)} and the due time "
            f"will be computed again; before, it was due at {moment_en(deadline.due_at)}"
        )
    else:
        parts.append(f"the result is due at {moment_en(deadline.due_at)}")
    return parts


_TOLD = (LedgerKind.PAUSED, LedgerKind.RESTARTED, LedgerKind.EXTENDED)
_MOST_SPELLED_OUT = 2


def _is_told(line: LedgerLine) -> bool:
    stands_still_now = line.kind is LedgerKind.PAUSED and line.ends_at == line.starts_at
    return line.kind in _TOLD and not stands_still_now


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _event_vi(line: LedgerLine) -> str:
    if line.kind is LedgerKind.PAUSED:
        length = (
            f"{minutes_vi(int(line.amount))} làm việc"
            if line.unit is Unit.MINUTE
            else f"{number_vi(line.amount)} {UNIT_NAMES[line.unit][0]}"
        )
        return f"{_lower(line.because.vi)} {length}"
    if line.kind is LedgerKind.RESTARTED:
        return f"tính lại từ đầu từ {moment_vi(line.starts_at)}"
    return _lower(line.because.vi.partition(";")[0])


def _event_en(line: LedgerLine) -> str:
    if line.kind is LedgerKind.PAUSED:
        length = (
            f"{minutes_en(int(line.amount))} of working time"
            if line.unit is Unit.MINUTE
            else f"{number_en(line.amount)} {UNIT_NAMES[line.unit][1 if line.amount == 1 else 2]}"
        )
        return f"{_lower(line.because.en)} for {length}"
    if line.kind is LedgerKind.RESTARTED:
        return f"counted again from zero from {moment_en(line.starts_at)}"
    return _lower(line.because.en.partition(";")[0])


def _first_day(deadline: Deadline, name: str) -> list[str]:
    return [] if deadline.limit.unit in (Unit.HOUR, Unit.MINUTE) else [name]


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
    if len(lines) > _MOST_SPELLED_OUT:
        return [f"{number_vi(_total(lines))} ngày nghỉ"]
    return [line.because.vi.removeprefix("Không tính ") for line in lines]


def _days_off_en(lines: list[LedgerLine]) -> list[str]:
    if len(lines) > _MOST_SPELLED_OUT:
        return [f"{number_en(_total(lines))} days off"]
    return [line.because.en.removeprefix("Not counted: ") for line in lines]


def _total(lines: list[LedgerLine]) -> Decimal:
    return sum((line.amount for line in lines), Decimal(0))
