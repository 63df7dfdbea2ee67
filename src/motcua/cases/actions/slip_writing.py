"""Writes the words of slips: what a controller puts in the place of the law's own, from a day on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.cases import slip_samples, slip_text_queries
from motcua.cases.models import SlipText
from motcua.cases.slip_content import CannotPrintSlip
from motcua.cases.slip_text_queries import SlipShown
from motcua.cases.slip_words import FIELDS, PARTS, SlipWords
from motcua.cases.slips import CannotPrintLetters
from motcua.engine import slip_texts, vietnamese
from motcua.engine.slip_texts import Problem
from motcua.engine.wording import full_day
from motcua.people import actions as people_actions
from motcua.people import queries as people

__all__ = ["CannotWriteSlip", "restore_slip_text", "slip_words_of", "write_slip_texts"]


class CannotWriteSlip(Exception):
    """The words cannot be used; `problems` says why, part by part (empty name: of the whole)."""

    def __init__(self, problems: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__(" ".join(text for told in problems.values() for text in told))
        self.problems = dict(problems)


@transaction.atomic(durable=True)
def write_slip_texts(
    *,
    officer: people.Person,
    slip: str,
    texts: Mapping[str, str],
    starts_on: date,
    reason: str,
    seen: int,
    now: datetime,
) -> tuple[SlipText, ...]:
    """Put new words into parts of a slip from a day on; return what was written.

    `seen` is the number of the text that was newest when the officer began. Raises NoSuchSlip,
    NotAllowed, and CannotWriteSlip when the words cannot be used or nothing differs.
    """
    people_actions.require(officer, "slips.write", now=now)
    _require_day_and_reason(starts_on, reason, now=now)
    shown = slip_text_queries.get_slip(slip, on=starts_on)
    words = slip_words_of(shown, texts, now=now)
    changed = {part: text for part, text in words.parts.items() if text != shown.words.parts[part]}
    if not changed:
        raise CannotWriteSlip(
            {
                "": (
                    _(
                        "Lời này giống hệt lời đang có nên chưa có gì được ghi. Hãy sửa rồi ghi lại."
                    ),
                )
            }
        )
    return _store(
        shown, changed, officer=officer, starts_on=starts_on, reason=reason, seen=seen, now=now
    )


@transaction.atomic(durable=True)
def restore_slip_text(
    *,
    officer: people.Person,
    slip: str,
    part: str,
    starts_on: date,
    reason: str,
    seen: int,
    now: datetime,
) -> SlipText:
    """Let the law's own words hold again for a part of a slip, from a day on.

    Raises NoSuchSlip, NotAllowed, and CannotWriteSlip when the part is in the law's words then.
    """
    people_actions.require(officer, "slips.write", now=now)
    _require_day_and_reason(starts_on, reason, now=now)
    shown = slip_text_queries.get_slip(slip, on=starts_on)
    found = next((one for one in shown.parts if one.part == part), None)
    if found is None:
        raise CannotWriteSlip({"": (_no_such_part(shown, part),)})
    if found.written is None:
        raise CannotWriteSlip(
            {
                "": (
                    _("Ngày %(day)s, “%(part)s” vốn theo lời của luật nên không có gì để trở về.")
                    % {"day": full_day(starts_on), "part": PARTS[part]},
                )
            }
        )
    (stored,) = _store(
        shown, {part: ""}, officer=officer, starts_on=starts_on, reason=reason, seen=seen, now=now
    )
    return stored


def slip_words_of(shown: SlipShown, texts: Mapping[str, str], *, now: datetime) -> SlipWords:
    """Return the words of a slip with new texts in it, checked; raise CannotWriteSlip.

    A part that is not given keeps its words.
    """
    problems: dict[str, tuple[str, ...]] = {
        part: (_no_such_part(shown, part),) for part in texts if part not in shown.words.parts
    }
    parts = {part: _tidied(texts.get(part, text)) for part, text in shown.words.parts.items()}
    for part, text in parts.items():
        found = slip_texts.problems_of(text, known=shown.words.fields)
        if found:
            problems[part] = tuple(_told(found, shown))
    if problems:
        raise CannotWriteSlip(problems)
    words = SlipWords(
        parts=parts,
        fields=shown.words.fields,
        must_name=shown.words.must_name,
        signers=shown.words.signers,
    )
    _require_named(words)
    _require_printable(shown, words, now=now)
    return words


def _tidied(text: str) -> str:
    lines = (vietnamese.tidy(line) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _told(problems: tuple[Problem, ...], shown: SlipShown) -> Iterator[str]:
    for one in problems:
        if one.kind == "EMPTY":
            yield _("Phần này để trống. Hãy ghi lời, hoặc trở về lời của luật.")
        elif one.kind == "LONG":
            yield _("Phần này dài hơn %(most)s chữ cái. Hãy viết ngắn lại.") % {"most": one.found}
        elif one.kind == "BRACE":
            yield (
                _(
                    "Dòng %(line)s, chữ thứ %(letter)s: dấu “%(sign)s” đứng lẻ. Chỗ điền viết đủ hai dấu, "
                    "ví dụ {%(example)s}."
                )
                % {
                    "line": one.line,
                    "letter": one.letter,
                    "sign": one.found,
                    "example": shown.words.fields[0],
                }
            )
        else:
            yield (
                _(
                    "Dòng %(line)s, chữ thứ %(letter)s: giấy này không có chỗ điền {%(name)s}. Các chỗ "
                    "điền có: %(fields)s."
                )
                % {
                    "line": one.line,
                    "letter": one.letter,
                    "name": one.found[:40],
                    "fields": _listed(shown.words.fields),
                }
            )


def _listed(fields: tuple[str, ...]) -> str:
    return ", ".join("{" + name + "}" for name in fields)


def _no_such_part(shown: SlipShown, part: str) -> str:
    return _("Giấy này không có phần “%(part)s”; có: %(parts)s.") % {
        "part": part[:40],
        "parts": ", ".join(str(PARTS[name]) for name in shown.words.parts),
    }


def _require_named(words: SlipWords) -> None:
    named = frozenset[str]().union(*(slip_texts.fields_in(text) for text in words.parts.values()))
    missing = [name for name in words.must_name if name not in named]
    if missing:
        told = ", ".join(f"{{{name}}} ({FIELDS[name]})" for name in missing)
        raise CannotWriteSlip(
            {
                "": (
                    _(
                        "Giấy này phải nêu đủ nội dung tối thiểu; lời vừa soạn thiếu: %(fields)s. Hãy đặt "
                        "lại các chỗ điền đó."
                    )
                    % {"fields": told},
                )
            }
        )


def _require_printable(shown: SlipShown, words: SlipWords, *, now: datetime) -> None:
    try:
        slip_samples.make_sample(shown.kind, words=words, form=shown.form, now=now)
    except CannotPrintLetters as refusal:
        raise CannotWriteSlip(
            {
                "": (
                    _("Phông chữ in giấy không có ký tự %(letters)s. Hãy bỏ hoặc thay ký tự đó.")
                    % {"letters": ", ".join(f"“{letter}”" for letter in refusal.letters)},
                )
            }
        ) from refusal
    except CannotPrintSlip as refusal:
        raise CannotWriteSlip({"": (str(refusal),)}) from refusal


def _require_day_and_reason(starts_on: date, reason: str, *, now: datetime) -> None:
    today = people.day_of(now)
    if starts_on < today:
        raise CannotWriteSlip(
            {
                "starts_on": (
                    _(
                        "Lời mới chỉ có hiệu lực từ hôm nay (%(today)s) trở đi, vì giấy đã in giữ lời của "
                        "ngày in. Hãy chọn ngày khác."
                    )
                    % {"today": full_day(today)},
                )
            }
        )
    if not reason.strip():
        raise CannotWriteSlip({"reason": (_("Hãy ghi lý do sửa lời của giấy."),)})


def _store(
    shown: SlipShown,
    texts: Mapping[str, str],
    *,
    officer: people.Person,
    starts_on: date,
    reason: str,
    seen: int,
    now: datetime,
) -> tuple[SlipText, ...]:
    """Keep the texts and the entry of the trail; raise CannotWriteSlip when another was faster."""
    because = vietnamese.tidy(reason)[:500]
    # The entry comes first: whoever writes about the same slip waits at its chain.
    audit.record(
        event="slip.text_written" if any(texts.values()) else "slip.text_restored",
        subject=f"slip:{shown.kind}",
        actor_id=officer.id,
        at=now,
        because=because,
        facts={
            "form": shown.form.number,
            "issued_with": shown.form.issued_with,
            "starts_on": starts_on.isoformat(),
            "before": {part: shown.words.parts[part] for part in texts},
            "after": dict(texts),
        },
    )
    if slip_text_queries.newest_id(shown.kind) != seen:
        raise CannotWriteSlip(
            {
                "": (
                    _(
                        "Trong lúc anh/chị soạn, người khác đã ghi lời mới cho giấy này. Hãy mở lại trang, "
                        "xem lời đó rồi soạn lại."
                    ),
                )
            }
        )
    return tuple(
        SlipText.objects.create(
            slip=shown.kind,
            form_number=shown.form.number,
            issued_with=shown.form.issued_with,
            part=part,
            text=text,
            starts_on=starts_on,
            reason=because,
            written_at=now,
            written_by_id=officer.id,
        )
        for part, text in texts.items()
    )
