"""Who may stand in for whom: one absence at a time, nobody for whom nobody is there, no day gone by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from motcua.engine.explain import Because
from motcua.engine.wording import full_day


@dataclass(frozen=True, kw_only=True, slots=True)
class StandIn:
    """Someone is away from a day to a day (`ends_on` exclusive), and another works in their stead."""

    absent_id: int
    absent_name: str
    stand_in_id: int
    stand_in_name: str
    starts_on: date
    ends_on: date

    def meets(self, other: StandIn) -> bool:
        """Say whether the two have a day in common."""
        return self.starts_on < other.ends_on and other.starts_on < self.ends_on

    @property
    def days(self) -> str:
        """The first and the last day."""
        return f"{full_day(self.starts_on)}–{full_day(self.ends_on - timedelta(days=1))}"

    @property
    def sentence(self) -> Because:
        """What both are told when the stand-in is named."""
        return Because(
            vi=f"{self.stand_in_name} làm thay {self.absent_name} trong {self.days}.",
            en=f"{self.stand_in_name} stands in for {self.absent_name} on {self.days}.",
        )

    @property
    def sentence_of_end(self) -> Because:
        """What both are told when the stand-in is taken back."""
        return Because(
            vi=f"Đã thu hồi việc {self.stand_in_name} làm thay {self.absent_name} trong {self.days}.",
            en=f"{self.stand_in_name} no longer stands in for {self.absent_name} on {self.days}.",
        )


def find_objection(wanted: StandIn, known: Iterable[StandIn], *, today: date) -> Because | None:
    """Return why somebody cannot stand in like that, or None where nothing speaks against it.

    `known` are the stand-ins in force of both people, in whichever part. What is accepted leaves on
    no day anybody away twice, nor anybody away who stands in for somebody: so there are no circles
    and no chains, and who acts for whom is always one step.
    """
    if wanted.absent_id == wanted.stand_in_id:
        return _oneself(wanted)
    if wanted.ends_on <= wanted.starts_on:
        return _backwards(wanted)
    if wanted.starts_on < today:
        return _gone_by(wanted, today)
    for other in known:
        if not wanted.meets(other):
            continue
        if other.absent_id == wanted.absent_id:
            return _twice(other)
        if wanted.absent_id == other.stand_in_id:
            return _stands_in(other)
        if wanted.stand_in_id == other.absent_id:
            return _is_away(other)
    return None


def _oneself(wanted: StandIn) -> Because:
    return Because(
        vi=f"{wanted.absent_name} không thể tự làm thay chính mình. Hãy chọn một người khác.",
        en=f"{wanted.absent_name} cannot stand in for themselves. Choose somebody else.",
    )


def _backwards(wanted: StandIn) -> Because:
    first, last = full_day(wanted.starts_on), full_day(wanted.ends_on - timedelta(days=1))
    return Because(
        vi=f"Ngày cuối {last} đứng trước ngày đầu {first}. Hãy kiểm tra lại hai ngày.",
        en=f"The last day {last} is before the first day {first}. Check both days.",
    )


def _gone_by(wanted: StandIn, today: date) -> Because:
    first, now = full_day(wanted.starts_on), full_day(today)
    return Because(
        vi=f"Ngày đầu {first} đã qua (hôm nay là {now}): việc đã làm không đổi người được nữa. Hãy chọn "
        "từ hôm nay trở đi.",
        en=f"The first day {first} has gone by (today is {now}): what was done keeps its author. "
        "Choose a day from today on.",
    )


def _twice(other: StandIn) -> Because:
    return Because(
        vi=f"{other.absent_name} đã có {other.stand_in_name} làm thay {other.days}, trùng với khoảng này. "
        "Hãy chọn ngày khác, hoặc thu hồi lần trước.",
        en=f"{other.stand_in_name} already stands in for {other.absent_name} on {other.days}, which "
        "overlaps. Choose other days, or take the earlier one back.",
    )


def _stands_in(other: StandIn) -> Because:
    return Because(
        vi=f"{other.stand_in_name} đang nhận làm thay {other.absent_name} {other.days} nên không vắng "
        "trong những ngày đó được, nếu không sẽ thành vòng tròn không ai làm. Hãy đổi người làm thay "
        "trước.",
        en=f"{other.stand_in_name} stands in for {other.absent_name} on {other.days} and cannot be "
        "away on those days: nobody would be left to do the work. Change that stand-in first.",
    )


def _is_away(other: StandIn) -> Because:
    return Because(
        vi=f"{other.absent_name} vắng mặt {other.days} (có {other.stand_in_name} làm thay) nên không làm "
        "thay người khác được. Hãy chọn người có mặt.",
        en=f"{other.absent_name} is away on {other.days} ({other.stand_in_name} stands in) and cannot "
        "stand in for others. Choose somebody who is there.",
    )
