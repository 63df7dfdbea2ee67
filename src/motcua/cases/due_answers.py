"""Due answers: what the command `due` reads and writes, as JSON and as text."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from motcua.cases.what_if_queries import WhatIf
from motcua.engine.ledger import LedgerLine, day_by_day
from motcua.engine.moments import VIETNAM
from motcua.engine.sentences import sentence
from motcua.engine.wording import full_day, moment_en, moment_vi


class CannotReadMoment(ValueError):
    """The text names no moment."""


def parse_moment(text: str) -> datetime:
    """Read 2023-10-27T09:32 as Vietnamese time unless it says else; raise CannotReadMoment."""
    try:
        moment = datetime.fromisoformat(text.strip())
        local = moment.astimezone(VIETNAM) if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
    except (ValueError, OverflowError):
        raise CannotReadMoment(
            _(
                "“%(text)s” không phải thời điểm có thật; hãy ghi ngày và giờ, "
                "ví dụ 2023-10-27T09:32."
            )
            % {"text": text}
        ) from None
    if "T" not in text.strip() and " " not in text.strip():
        raise CannotReadMoment(
            _("“%(text)s” thiếu giờ tiếp nhận; hãy ghi cả giờ, ví dụ %(example)s.")
            % {"text": text, "example": f"{moment.date()}T09:32"}
        )
    return local


def as_json(answer: WhatIf, language: str) -> dict[str, object]:
    """Return the due time, its ledger, and what was asked, as plain values."""
    deadline = answer.deadline
    told: dict[str, object] = {
        "due_at": deadline.due_at.isoformat(),
        "received_at": deadline.received_at.isoformat(),
        "limit": {"amount": _number(deadline.limit.amount), "unit": deadline.limit.unit.value},
        "sentence": sentence(deadline, language),
        "ledger": [_line_as_json(line, language) for line in deadline.ledger],
    }
    if answer.procedure is not None:
        told["procedure"] = {
            "code": answer.procedure.code,
            "name": answer.procedure.name,
            "channel": answer.procedure.channel,
        }
    if answer.agency is not None:
        told["unit"] = {"code": answer.agency.code, "name": answer.agency.name}
    if answer.norm is not None:
        told["norm"] = {
            "due_at": answer.norm.due_at.isoformat(),
            "limit": {
                "amount": _number(answer.norm.limit.amount),
                "unit": answer.norm.limit.unit.value,
            },
            "sentence": sentence(answer.norm, language, is_norm=True),
            "source": answer.norm.limit.source,
        }
    return told | ({"warnings": list(answer.warnings)} if answer.warnings else {})


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


def as_text(answer: WhatIf, language: str) -> str:
    """Return the answer in one sentence, then day by day."""
    deadline = answer.deadline
    is_english = language.startswith("en")
    when = moment_en(deadline.due_at) if is_english else moment_vi(deadline.due_at)
    lines = [_("Hạn trả kết quả: %(when)s") % {"when": when}]
    if answer.norm is not None:
        norm = answer.norm
        sooner = moment_en(norm.due_at) if is_english else moment_vi(norm.due_at)
        limit = norm.limit.text_en() if is_english else norm.limit.text_vi()
        lines.append(_("Hạn phục vụ: %(when)s (%(limit)s)") % {"when": sooner, "limit": limit})
    if answer.procedure is not None:
        name = (is_english and answer.procedure.name_en) or answer.procedure.name
        lines.append(f"{answer.procedure.code}  {name}")
    if answer.agency is not None:
        name = (is_english and answer.agency.name_en) or answer.agency.name
        lines.append(f"{answer.agency.code}  {name}")
    lines += [_("Lưu ý: %(warning)s") % {"warning": warning} for warning in answer.warnings]
    lines += [sentence(deadline, language), ""]
    for line in day_by_day(deadline, answer.calendar):
        unverified = "" if line.because.is_verified else " (?)"
        source = f"  [{line.because.source}{unverified}]" if line.because.source else ""
        lines.append(f"{full_day(line.starts_at)}  {line.because.text(language)}{source}")
    if any(not line.because.is_verified for line in deadline.ledger):
        lines += ["", _("(?): chưa đối chiếu với văn bản gốc")]
    return "\n".join(lines)
