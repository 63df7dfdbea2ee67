"""Migration: where a running case would stand in another version of its flow chart, or why it cannot.

A step of the old chart becomes the step of the new one with the same id, else the one with the same
name, unit and role, else the only one with the same name. A person may correct that. Tokens that
wait at a join move to the arrow that comes from the same place into the same join. What comes out
is tried to the end: a case is moved only where no choice of outcomes can leave it stuck.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from motcua.engine import tokens
from motcua.engine.conditions import UnfitValue, Variables
from motcua.engine.explain import Because
from motcua.engine.net import WAITING_KINDS, Flow, Kind, Net, Node

MOST_STATES: Final = 2_000
"""A case is followed through at most this many states before the answer is that it is not known."""


class Match(StrEnum):
    """How the place of a step in the other chart was found."""

    SAME_ID = "SAME_ID"
    SAME_NAME_AND_PLACE = "SAME_NAME_AND_PLACE"
    SAME_NAME = "SAME_NAME"
    CHOSEN = "CHOSEN"
    NONE = "NONE"


class ConflictKind(StrEnum):
    """Why a case cannot be moved as it stands."""

    NO_COUNTERPART = "NO_COUNTERPART"
    JOIN_IS_GONE = "JOIN_IS_GONE"
    TOGETHER = "TOGETHER"
    WOULD_BLOCK = "WOULD_BLOCK"
    NOT_KNOWN = "NOT_KNOWN"


@dataclass(frozen=True, kw_only=True, slots=True)
class StepMatch:
    """A step of the old chart and its counterpart in the new one (`new` is empty without one)."""

    old: str
    new: str
    how: Match
    because: Because


@dataclass(frozen=True, kw_only=True, slots=True)
class Conflict:
    """One reason why a case cannot move, and the place of the old or the new chart it is about."""

    kind: ConflictKind
    node: str
    because: Because


@dataclass(frozen=True, kw_only=True, slots=True)
class Placement:
    """Where a case would stand: its marking, which open step becomes which, and what to know.

    `steps` pairs each open step with its place in the new chart. With conflicts there is no marking.
    """

    marking: tokens.Marking | None
    steps: tuple[tuple[str, str], ...]
    conflicts: tuple[Conflict, ...] = ()
    notes: tuple[Because, ...] = ()

    @property
    def can_move(self) -> bool:
        """Whether the case can be moved."""
        return self.marking is not None


def propose(old: Net, new: Net, chosen: Mapping[str, str] | None = None) -> tuple[StepMatch, ...]:
    """Return the counterpart of every waiting place of the old chart, in the order of the file.

    `chosen` corrects the proposal: old id to new id, or to an empty text for none at all. Raises
    LookupError when it names a place that one of the charts does not have.
    """
    corrections = dict(chosen or {})
    for old_id, new_id in corrections.items():
        if old_id not in old.by_id or (new_id and new_id not in new.by_id):
            raise LookupError(f"{old_id} → {new_id}")
    return tuple(
        _matched(node, new, corrections)
        for node in old.nodes
        if node.kind in WAITING_KINDS or node.kind is Kind.TIMER
    )


def place(
    old: Net,
    new: Net,
    marking: tokens.Marking,
    matches: Iterable[StepMatch],
    *,
    variables: Variables | None = None,
) -> Placement:
    """Return where a case with this marking would stand in the new chart, or its conflicts.

    `variables` are the facts of the case that its gateways ask for, without the outcomes of steps.
    """
    target = {match.old: match.new for match in matches}
    steps = tuple((node, target.get(node, "")) for node in marking.open)
    conflicts = [_no_counterpart(old.by_id[node]) for node, found in steps if not found]
    waiting: list[str] = []
    for flow_id in marking.waiting:
        flow = _same_arrow(old, new, old.flow_by_id[flow_id], target)
        if flow is None:
            conflicts.append(_join_is_gone(old, old.flow_by_id[flow_id]))
        else:
            waiting.append(flow.id)
    conflicts += _twice_in_one_place(new, [found for _, found in steps if found])
    if conflicts:
        return Placement(marking=None, steps=steps, conflicts=tuple(conflicts))
    moved = tokens.Marking(
        waiting=tuple(sorted(waiting)),
        open=tuple(sorted([*(found for _, found in steps), *_timers(new, steps)])),
    )
    blocked = _what_blocks(new, moved, variables or {})
    if blocked is not None:
        return Placement(marking=None, steps=steps, conflicts=(blocked,))
    return Placement(marking=moved, steps=steps, notes=tuple(_notes(old, new, steps)))


def _matched(node: Node, new: Net, chosen: Mapping[str, str]) -> StepMatch:
    if node.id in chosen:
        found = chosen[node.id]
        return StepMatch(
            old=node.id, new=found, how=Match.CHOSEN, because=_chosen(node, new.by_id.get(found))
        )
    same = new.by_id.get(node.id)
    if same is not None and same.kind is node.kind:
        return StepMatch(old=node.id, new=same.id, how=Match.SAME_ID, because=_same_id(node, same))
    named = [
        other
        for other in new.nodes
        if other.kind is node.kind and other.name and _folded(other) == _folded(node)
    ]
    placed = [other for other in named if (other.unit, other.role) == (node.unit, node.role)]
    for candidates, how in ((placed, Match.SAME_NAME_AND_PLACE), (named, Match.SAME_NAME)):
        if len(candidates) == 1:
            return StepMatch(
                old=node.id, new=candidates[0].id, how=how, because=_same_name(node, candidates[0])
            )
    return StepMatch(old=node.id, new="", how=Match.NONE, because=_nothing_like(node, len(named)))


def _folded(node: Node) -> str:
    return " ".join(node.name.casefold().split())


def _same_arrow(old: Net, new: Net, flow: Flow, target: Mapping[str, str]) -> Flow | None:
    """Return the arrow of the new chart on which a token before a join waits, if there is one."""
    join = new.by_id.get(flow.target)
    if join is None or join.kind is not old.by_id[flow.target].kind:
        return None
    arrows = [new.flow_by_id[arrow] for arrow in join.incoming]
    source = target.get(flow.source, flow.source)
    same = [arrow for arrow in arrows if arrow.source == source]
    if len(same) > 1:
        same = [arrow for arrow in same if arrow.id == flow.id]
    return same[0] if len(same) == 1 else None


def _timers(new: Net, steps: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield the timers that sit on the steps the case comes to and that it did not bring along."""
    places = {found for _, found in steps}
    for node in new.nodes:
        if node.kind is Kind.TIMER and node.attached_to in places and node.id not in places:
            yield node.id


def _twice_in_one_place(new: Net, found: list[str]) -> Iterator[Conflict]:
    for node_id in sorted({node for node in found if found.count(node) > 1}):
        label = new.by_id[node_id].label
        yield Conflict(
            kind=ConflictKind.TOGETHER,
            node=node_id,
            because=Because(
                vi=f"Nhiều bước đang mở của hồ sơ sẽ cùng chuyển đến bước “{label}”; hãy hoàn thành "
                "bớt một bước trước, hoặc chọn bước tương ứng khác.",
                en=f"Several open steps of the case would come to the step “{label}”; complete one "
                "of them first, or choose another counterpart.",
            ),
        )


def _what_blocks(new: Net, marking: tokens.Marking, variables: Variables) -> Conflict | None:
    """Follow the case through every outcome; return what would leave it stuck, if anything."""
    seen = {marking}
    pending = [marking]
    for state in pending:
        if state.is_stuck:
            return _would_block(new, state)
        for node_id in dict.fromkeys(state.open):
            for outcome in new.by_id[node_id].outcomes or ("",):
                try:
                    move = tokens.complete(new, state, node_id, {**variables, "outcome": outcome})
                except (tokens.NoWayOut, UnfitValue) as error:
                    return _not_known(new.by_id[node_id], error.because)
                if move.marking not in seen:
                    seen.add(move.marking)
                    pending.append(move.marking)
        if len(seen) > MOST_STATES:
            return _too_many_states(new.by_id[state.open[0]])
    return None


def _notes(old: Net, new: Net, steps: Iterable[tuple[str, str]]) -> Iterator[Because]:
    """Yield what changes for the people who hold the open steps."""
    for old_id, new_id in steps:
        before, after = old.by_id[old_id], new.by_id[new_id]
        if (before.unit, before.role) != (after.unit, after.role):
            yield Because(
                vi=f"Bước “{before.label}” chuyển sang đơn vị hoặc vai trò khác ({after.lane or after.unit}).",
                en=f"The step “{before.label}” goes to another unit or role ({after.lane or after.unit}).",
            )
        if before.limit != after.limit:
            yield Because(
                vi=f"Thời hạn của bước “{after.label}”: {before.limit or 'không có'} → "
                f"{after.limit or 'không có'}.",
                en=f"Limit of the step “{after.label}”: {before.limit or 'none'} → "
                f"{after.limit or 'none'}.",
            )


def _same_id(node: Node, same: Node) -> Because:
    renamed_vi = "" if _folded(node) == _folded(same) else f", nay tên là “{same.label}”"
    renamed_en = "" if _folded(node) == _folded(same) else f", now called “{same.label}”"
    return Because(
        vi=f"Bước “{node.label}” còn trong lưu đồ mới{renamed_vi}.",
        en=f"The step “{node.label}” is still in the new chart{renamed_en}.",
    )


def _same_name(node: Node, same: Node) -> Because:
    return Because(
        vi=f"Bước “{node.label}” khớp theo tên với bước “{same.label}” của lưu đồ mới.",
        en=f"The step “{node.label}” matches the step “{same.label}” of the new chart by its name.",
    )


def _chosen(node: Node, new: Node | None) -> Because:
    if new is None:
        return Because(
            vi=f"Đã chọn: bước “{node.label}” không có bước tương ứng.",
            en=f"Chosen: the step “{node.label}” has no counterpart.",
        )
    return Because(
        vi=f"Đã chọn: bước “{node.label}” ứng với bước “{new.label}”.",
        en=f"Chosen: the step “{node.label}” corresponds to the step “{new.label}”.",
    )


def _nothing_like(node: Node, named: int) -> Because:
    if named:
        return Because(
            vi=f"Có {named} bước cùng tên “{node.label}” trong lưu đồ mới; hãy chọn một.",
            en=f"{named} steps of the new chart are called “{node.label}”; choose one.",
        )
    return Because(
        vi=f"Lưu đồ mới không có bước nào như “{node.label}”; hãy chọn bước tương ứng.",
        en=f"The new chart has no step like “{node.label}”; choose its counterpart.",
    )


def _no_counterpart(node: Node) -> Conflict:
    return Conflict(
        kind=ConflictKind.NO_COUNTERPART,
        node=node.id,
        because=Because(
            vi=f"Hồ sơ đang ở bước “{node.label}”, bước này không có bước tương ứng trong lưu đồ mới; "
            "hãy chọn bước tương ứng hoặc để hồ sơ ở lại lưu đồ cũ.",
            en=f"The case stands at the step “{node.label}”, which has no counterpart in the new "
            "chart; choose one, or leave the case on the old chart.",
        ),
    )


def _join_is_gone(old: Net, flow: Flow) -> Conflict:
    join, source = old.by_id[flow.target].label, old.by_id[flow.source].label
    return Conflict(
        kind=ConflictKind.JOIN_IS_GONE,
        node=flow.target,
        because=Because(
            vi=f"Nhánh từ “{source}” đã xong và đang chờ tại “{join}”, nhưng lưu đồ mới không có chỗ "
            "chờ này; hãy đợi các nhánh còn lại xong rồi chuyển.",
            en=f"The branch from “{source}” is done and waits at “{join}”, but the new chart has no "
            "such place; wait until the other branches are done.",
        ),
    )


def _would_block(new: Net, state: tokens.Marking) -> Conflict:
    join = new.by_id[new.flow_by_id[state.waiting[0]].target]
    return Conflict(
        kind=ConflictKind.WOULD_BLOCK,
        node=join.id,
        because=Because(
            vi=f"Trong lưu đồ mới, hồ sơ sẽ chờ mãi tại “{join.label}” vì thiếu một nhánh; hãy chọn bước "
            "tương ứng khác hoặc để hồ sơ ở lại lưu đồ cũ.",
            en=f"In the new chart the case would wait for ever at “{join.label}” for a branch that "
            "never comes; choose another counterpart, or leave the case on the old chart.",
        ),
    )


def _not_known(node: Node, because: Because) -> Conflict:
    return Conflict(
        kind=ConflictKind.NOT_KNOWN,
        node=node.id,
        because=Because(
            vi=f"Sau bước “{node.label}” chưa biết đi đường nào: {because.vi}",
            en=f"After the step “{node.label}” the way is not known: {because.en}",
            source=because.source,
        ),
    )


def _too_many_states(node: Node) -> Conflict:
    return Conflict(
        kind=ConflictKind.NOT_KNOWN,
        node=node.id,
        because=Because(
            vi=f"Lưu đồ mới có quá nhiều đường đi (trên {MOST_STATES} trạng thái) nên chưa chứng minh được "
            "hồ sơ sẽ đi đến kết thúc; hãy để hồ sơ ở lại lưu đồ cũ.",
            en=f"The new chart has too many ways (over {MOST_STATES} states) to prove that the case "
            "comes to an end; leave the case on the old chart.",
        ),
    )
