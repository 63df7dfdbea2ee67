"""Who must consent to a coming version of a flow chart, and where a consultation about it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from motcua.engine.chart_agencies import list_agencies
from motcua.engine.explain import Because
from motcua.engine.net import Net


class Answered(StrEnum):
    """What an agency answered; silence is what the system notes when its time has run out."""

    CONSENT = "CONSENT"
    OBJECTION = "OBJECTION"
    SILENCE = "SILENCE"


class Standing(StrEnum):
    """Where one agency stands in a consultation."""

    WAITING = "WAITING"
    CONSENTED = "CONSENTED"
    OBJECTED = "OBJECTED"
    SILENT = "SILENT"
    OVERRIDDEN = "OVERRIDDEN"


class Outcome(StrEnum):
    """Where a consultation stands as a whole."""

    WAITING = "WAITING"
    HELD_UP = "HELD_UP"
    CONSENTED = "CONSENTED"


@dataclass(frozen=True, kw_only=True, slots=True)
class Neighbour:
    """A workflow that the chart calls, or that calls it, and the code of its owner."""

    name: str
    owner: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Settler:
    """An agency that settles procedures along the workflow, and how many."""

    agency: str
    procedures: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """What is known around a chart: what it calls, what calls it, and who works along it."""

    called: tuple[Neighbour, ...] = ()
    callers: tuple[Neighbour, ...] = ()
    settlers: tuple[Settler, ...] = ()
    owner: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class MustConsent:
    """An agency that must consent, by its code, and every reason why."""

    agency: str
    because: tuple[Because, ...] = field(default=())


def who_must_consent(net: Net, around: Surroundings, *, sender: str) -> tuple[MustConsent, ...]:
    """Return the agencies to ask, by code: whoever has a place in the chart, but for who sends it.

    A lane that each case gives to another agency belongs to those that settle procedures along it.
    """
    reasons: dict[str, list[Because]] = {}
    for agency, because in _reasons(net, around):
        if agency and agency != sender:
            reasons.setdefault(agency, []).append(because)
    return tuple(
        MustConsent(agency=agency, because=tuple(reasons[agency])) for agency in sorted(reasons)
    )


def _reasons(net: Net, around: Surroundings) -> Iterator[tuple[str, Because]]:
    yield (
        around.owner,
        Because(vi="Chủ trì quy trình này.", en="It owns this workflow."),
    )
    for code, place in list_agencies(net).items():
        name = place.name or place.id
        yield (
            code,
            Because(
                vi=f"Có làn hoặc bước “{name}” trong lưu đồ.",
                en=f"The lane or step “{name}” of the chart is its own.",
            ),
        )
    for called in around.called:
        yield (
            called.owner,
            Because(
                vi=f"Chủ trì quy trình con “{called.name}” mà lưu đồ gọi.",
                en=f"It owns the sub-process “{called.name}”, which the chart calls.",
            ),
        )
    for caller in around.callers:
        yield (
            caller.owner,
            Because(
                vi=f"Quy trình “{caller.name}” của cơ quan gọi quy trình này.",
                en=f"Its workflow “{caller.name}” calls this one.",
            ),
        )
    for settler in around.settlers:
        yield (
            settler.agency,
            Because(
                vi=f"Giải quyết {settler.procedures} thủ tục theo quy trình này.",
                en=f"It settles {settler.procedures} "
                f"{'procedure' if settler.procedures == 1 else 'procedures'} along this workflow.",
            ),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """An agency that was asked: its newest answer, and whether that was overridden."""

    answered: Answered | None = None
    is_overridden: bool = False


def standing_of(asked: Asked) -> Standing:
    """Return where an agency stands; only an objection or silence can be overridden."""
    if asked.answered is None:
        return Standing.WAITING
    if asked.answered is Answered.CONSENT:
        return Standing.CONSENTED
    if asked.is_overridden:
        return Standing.OVERRIDDEN
    return Standing.OBJECTED if asked.answered is Answered.OBJECTION else Standing.SILENT


def outcome_of(standings: Iterable[Standing]) -> Outcome:
    """Return where a consultation stands: consented once each agency has, or was overridden."""
    found = set(standings)
    if Standing.WAITING in found:
        return Outcome.WAITING
    if found & {Standing.OBJECTED, Standing.SILENT}:
        return Outcome.HELD_UP
    return Outcome.CONSENTED


def may_answer(standing: Standing, *, ends_at: datetime, now: datetime) -> Because | None:
    """Return why an agency may not answer any more, or None while it may, anew too."""
    if now < ends_at and standing is not Standing.SILENT and standing is not Standing.OVERRIDDEN:
        return None
    if standing is Standing.OVERRIDDEN:
        return Because(
            vi="Ý kiến này đã được cán bộ kiểm soát thủ tục quyết định thay, nên không trả lời lại được.",
            en="Procedure control has decided in place of this opinion, so that it cannot be given anew.",
        )
    return Because(
        vi="Thời hạn trả lời đã hết. Nếu còn ý kiến, hãy báo cơ quan chủ trì hoặc cán bộ kiểm soát thủ tục.",
        en="The time to answer is over. Tell the owner or procedure control if there is more to say.",
    )


def check_days(*, starts_on: date, decided_on: date, today: date) -> Because | None:
    """Return why a version may not take effect on a day by a decision of another, or None."""
    if starts_on < today:
        return Because(
            vi=f"Ngày áp dụng {starts_on:%d/%m/%Y} đã qua: hồ sơ nhận từ ngày đó đã chạy theo phiên bản cũ. "
            f"Hãy chọn ngày {today:%d/%m/%Y} hoặc muộn hơn.",
            en=f"{starts_on:%d/%m/%Y} is past: cases received since then ran on the older version. "
            f"Choose {today:%d/%m/%Y} or later.",
        )
    if decided_on > today:
        return Because(
            vi=f"Quyết định ghi ngày {decided_on:%d/%m/%Y} còn chưa tới. Hãy ghi ngày ký thật, không muộn hơn "
            f"{today:%d/%m/%Y}.",
            en=f"A decision of {decided_on:%d/%m/%Y} is yet to come. Write the day on which it was signed, no "
            f"later than {today:%d/%m/%Y}.",
        )
    return None
