"""The panel "who lost the time?" of a late case: each party's part, and what it follows from."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from motcua.cases.lateness_queries import LostTime
from motcua.engine.lateness import PartyKind, Share
from motcua.engine.wording import minutes_en, minutes_vi


@dataclass(frozen=True, kw_only=True, slots=True)
class PartShown:
    """One party at one step: how long it held the case against its limit, and what it lost."""

    who: str
    step: str
    used: str
    limit: str
    lost: str
    has_lost: bool
    because: str
    source: str
    is_verified: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class LostTimeShown:
    """The whole lateness and its parts, the greatest first; or why it cannot be shared."""

    total: str
    parts: tuple[PartShown, ...]
    refusal: str


def show_lost_time(lost: LostTime | None, *, language: str) -> LostTimeShown | None:
    """Return what the panel shows; nothing for a case that is not late."""
    if lost is None:
        return None
    if lost.shares is None:
        refusal = lost.refusal.text(language) if lost.refusal else ""
        return LostTimeShown(total="", parts=(), refusal=refusal)
    parts = sorted(lost.shares.parts, key=lambda part: -part.minutes)
    return LostTimeShown(
        total=_length(lost.shares.total_minutes, language),
        parts=tuple(_part(part, language) for part in parts),
        refusal="",
    )


def _part(part: Share, language: str) -> PartShown:
    who = part.party.name
    if part.party.kind is PartyKind.CITIZEN:
        who = _("Chờ người dân, doanh nghiệp")
    elif part.party.kind is PartyKind.SUSPENDED:
        who = _("Tạm ngừng do bất khả kháng")
    return PartShown(
        who=who,
        step=part.step or (_("chờ chuyển hoặc chờ trả") if part.party.name else ""),
        used=_length(part.used_minutes, language),
        limit="" if part.limit_minutes is None else _length(part.limit_minutes, language),
        lost=_length(part.minutes, language) if part.minutes else _("không"),
        has_lost=bool(part.minutes),
        because=part.because.text(language),
        source=part.because.source,
        is_verified=part.because.is_verified,
    )


def _length(minutes: int, language: str) -> str:
    return minutes_en(minutes) if language.startswith("en") else minutes_vi(minutes)
