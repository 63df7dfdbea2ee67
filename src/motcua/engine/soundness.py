"""Whether a chart can block or multiply tokens: reduce it to its skeleton, then try every state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from motcua.engine.net import Kind, Net, Node

XOR: Final = "xor"
AND: Final = "and"
OR: Final = "or"
HOST: Final = "host"
END: Final = "end"

MAX_STATES: Final = 10_000
MAX_INCLUSIVE_EXITS: Final = 8


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the search found: joins that block, places where tokens meet, and whether it ended."""

    blocked: tuple[str, ...] = ()
    crowded: tuple[str, ...] = ()
    is_complete: bool = True

    @property
    def is_sound(self) -> bool:
        """No run can block or multiply."""
        return self.is_complete and not self.blocked and not self.crowded


@dataclass(slots=True, eq=False)
class Joint:
    """A node of the skeleton; xor takes any entrance, and takes all, or takes what can come."""

    id: str
    kind: str
    entrances: list[str] = field(default_factory=list)
    exits: list[str] = field(default_factory=list)
    default: str = ""
    timers: list[tuple[bool, tuple[str, ...]]] = field(default_factory=list)
    merge: str = ""


def prove(net: Net, *, is_reduced: bool = True) -> Verdict:
    """Return whether some choice of exits makes a run block or brings two tokens to one place.

    Raises CannotStart when the chart has not exactly one start.
    """
    skeleton = Skeleton(net)
    if is_reduced:
        skeleton.reduce()
    return _Search(skeleton).run()


class Skeleton:
    """The chart without its steps: joints and the edges between them, to be reduced in place."""

    def __init__(self, net: Net) -> None:
        self.start = net.start
        self.joints: dict[str, Joint] = {}
        self.source: dict[str, str] = {}
        self.target: dict[str, str] = {}
        for node in net.nodes:
            if node.kind != Kind.TIMER:
                self._add(net, node)
        for flow in net.flows:
            source = net.by_id[flow.source]
            self.source[flow.id] = source.attached_to or source.id
            self.target[flow.id] = flow.target
        for joint in list(self.joints.values()):
            if joint.kind == AND and net.by_id[joint.id].kind != Kind.PARALLEL:
                self._merge_before(joint)

    def reduce(self) -> None:
        """Apply rules that keep every block and every crowding, until none fits."""
        is_changing = True
        while is_changing:
            is_changing = False
            for joint in list(self.joints.values()):
                if joint.id in self.joints and self._reduce_at(joint):
                    is_changing = True

    def _add(self, net: Net, node: Node) -> None:
        timers = [
            (timer.is_interrupting, timer.outgoing)
            for timer in net.nodes
            if timer.attached_to == node.id
        ]
        kinds = {
            Kind.EXCLUSIVE: XOR,
            Kind.PARALLEL: AND,
            Kind.INCLUSIVE: OR,
            Kind.END: END,
            Kind.START: AND,
        }
        kind = HOST if timers else kinds.get(node.kind, AND if len(node.outgoing) > 1 else XOR)
        self.joints[node.id] = Joint(
            id=node.id,
            kind=kind,
            entrances=list(node.incoming),
            exits=[*node.outgoing, *(flow for _, flows in timers for flow in flows)],
            default=node.default_flow,
            timers=timers,
        )

    def _merge_before(self, joint: Joint) -> None:
        """Give a step that sends several tokens an xor in front: each arrival counts alone."""
        if len(joint.entrances) < 2:
            return
        merge = Joint(id=f"{joint.id} (merge)", kind=XOR, entrances=joint.entrances)
        edge = f"{joint.id} (merged)"
        for entrance in joint.entrances:
            self.target[entrance] = merge.id
        merge.exits, joint.entrances = [edge], [edge]
        self.source[edge], self.target[edge] = merge.id, joint.id
        self.joints[merge.id] = merge

    def _reduce_at(self, joint: Joint) -> bool:
        return (
            self._skip(joint)
            or self._unite_edges(joint)
            or self._drop_circle(joint)
            or self._take_in_next(joint)
            or self._give_to_next(joint)
        )

    def _skip(self, joint: Joint) -> bool:
        """A joint with one entrance and one exit is an edge."""
        if len(joint.entrances) != 1 or len(joint.exits) != 1 or joint.kind == HOST:
            return False
        entrance, leaving = joint.entrances[0], joint.exits[0]
        if entrance == leaving:
            return False
        self._lead(entrance, self.target[leaving], instead_of=leaving)
        del self.joints[joint.id], self.source[leaving], self.target[leaving]
        return True

    def _lead(self, edge: str, target: str, *, instead_of: str) -> None:
        entrances = self.joints[target].entrances
        entrances[entrances.index(instead_of)] = edge
        self.target[edge] = target

    def _unite_edges(self, joint: Joint) -> bool:
        """Edges side by side are one where the entrance takes what the exit gives."""
        if joint.kind == HOST:
            return False
        for first, second in combinations(joint.exits, 2):
            target = self.joints[self.target[first]]
            if target is not self.joints[self.target[second]] or target is joint:
                continue
            if target.kind not in _MATCHES[joint.kind]:
                continue
            # United with an exit that has a condition, the default is taken on that condition too.
            if joint.default in {first, second}:
                joint.default = ""
            joint.exits.remove(second)
            target.entrances.remove(second)
            del self.source[second], self.target[second]
            return True
        return False

    def _drop_circle(self, joint: Joint) -> bool:
        """An exclusive gateway that may send a token back to itself does nothing by it."""
        circles = [edge for edge in joint.exits if self.target[edge] == joint.id]
        if joint.kind != XOR or not circles or len(circles) == len(joint.exits):
            return False
        for edge in circles:
            joint.exits.remove(edge)
            joint.entrances.remove(edge)
            del self.source[edge], self.target[edge]
        return True

    def _take_in_next(self, joint: Joint) -> bool:
        """A choice after a choice is one choice, a split after a split is one split."""
        for edge in joint.exits:
            following = self.joints[self.target[edge]]
            if (
                following is joint
                or joint.kind not in {XOR, AND}
                or following.kind != joint.kind
                or len(following.entrances) != 1
                or not following.exits
            ):
                continue
            place = joint.exits.index(edge)
            joint.exits[place : place + 1] = following.exits
            for leaving in following.exits:
                self.source[leaving] = joint.id
            del self.joints[following.id], self.source[edge], self.target[edge]
            return True
        return False

    def _give_to_next(self, joint: Joint) -> bool:
        """A merge in front of an exclusive gateway belongs to it."""
        if joint.kind != XOR or len(joint.exits) != 1:
            return False
        edge = joint.exits[0]
        following = self.joints[self.target[edge]]
        if following is joint or following.kind != XOR:
            return False
        following.entrances.remove(edge)
        following.entrances.extend(joint.entrances)
        if len(joint.entrances) > 1:
            following.merge = joint.merge or joint.id
        for entrance in joint.entrances:
            self.target[entrance] = following.id
        del self.joints[joint.id], self.source[edge], self.target[edge]
        return True


_MATCHES: Final = {
    XOR: frozenset({XOR, OR, END, HOST}),
    AND: frozenset({AND, OR, END}),
    OR: frozenset({OR, END}),
    END: frozenset[str](),
}


class _Search:
    """Every state a skeleton can reach, as bit masks of the edges that hold a token."""

    def __init__(self, skeleton: Skeleton) -> None:
        self.skeleton = skeleton
        self.bit = {edge: 1 << place for place, edge in enumerate(skeleton.target)}
        self.joint_at = {
            self.bit[edge]: skeleton.joints[skeleton.target[edge]] for edge in self.bit
        }
        self.options = {joint.id: self._options(joint) for joint in skeleton.joints.values()}
        self.reaches = {
            joint.id: self._reaches(joint)
            for joint in skeleton.joints.values()
            if joint.kind == OR and len(joint.entrances) > 1
        }
        self.blocked: dict[str, None] = {}
        self.crowded: dict[str, None] = {}

    def run(self) -> Verdict:
        """Try every state, unless there are too many."""
        is_complete = not any(
            joint.kind == OR and len(joint.exits) > MAX_INCLUSIVE_EXITS
            for joint in self.skeleton.joints.values()
        )
        first = self.options[self.skeleton.start]
        seen = set(first)
        pending = list(first) if is_complete else []
        while pending:
            if len(seen) > MAX_STATES:
                is_complete = False
                break
            for state in self._next_states(pending.pop()):
                if state not in seen:
                    seen.add(state)
                    pending.append(state)
        return Verdict(tuple(self.blocked), tuple(self.crowded), is_complete)

    def _next_states(self, state: int) -> Iterator[int]:
        can_move = False
        for taken, joint in self._firings(state):
            can_move = True
            rest = state & ~taken
            for option in self.options[joint.id]:
                if rest & option:
                    self._note_crowd(joint, rest & option)
                else:
                    yield rest | option
        if state and not can_move:
            for bit in _bits(state):
                self.blocked[self.joint_at[bit].id] = None

    def _note_crowd(self, joint: Joint, twice: int) -> None:
        """Blame the merge that let two tokens through, or else the place where they meet."""
        if joint.kind == XOR and len(joint.entrances) > 1:
            self.crowded[joint.merge or joint.id] = None
            return
        for bit in _bits(twice):
            self.crowded[self.joint_at[bit].id] = None

    def _firings(self, state: int) -> Iterator[tuple[int, Joint]]:
        """Yield the joints that can fire, each with the tokens it takes."""
        asked: set[str] = set()
        for bit in _bits(state):
            joint = self.joint_at[bit]
            if joint.kind in {AND, OR} and len(joint.entrances) > 1:
                if joint.id in asked:
                    continue
                asked.add(joint.id)
                entrances = self._mask(joint.entrances)
                arrived = state & entrances
                if joint.kind == AND and arrived == entrances:
                    yield entrances, joint
                elif joint.kind == OR and not self._must_wait(joint, state, arrived):
                    yield arrived, joint
            else:
                yield bit, joint

    def _must_wait(self, joint: Joint, state: int, arrived: int) -> bool:
        reaches = self.reaches[joint.id]
        for bit in _bits(state & ~arrived):
            reachable = reaches.get(bit, 0)
            if reachable and not reachable & arrived:
                return True
        return False

    def _options(self, joint: Joint) -> list[int]:
        """Return the sets of exits on which a joint may send tokens."""
        if joint.kind == END or not joint.exits:
            return [0]
        if joint.kind == AND:
            return [self._mask(joint.exits)]
        if joint.kind == XOR:
            return [self.bit[edge] for edge in joint.exits]
        if joint.kind == HOST:
            return self._host_options(joint)
        chosen = [edge for edge in joint.exits if edge != joint.default]
        options = [self.bit[joint.default]] if joint.default else []
        if len(chosen) <= MAX_INCLUSIVE_EXITS:
            for count in range(1, len(chosen) + 1):
                options.extend(self._mask(some) for some in combinations(chosen, count))
        return options

    def _host_options(self, joint: Joint) -> list[int]:
        timed = {flow for _, flows in joint.timers for flow in flows}
        own = self._mask(edge for edge in joint.exits if edge not in timed)
        interrupted = [self._mask(flows) for is_final, flows in joint.timers if is_final]
        beside = [self._mask(flows) for is_final, flows in joint.timers if not is_final]
        options = [own, *interrupted]
        for mask in beside:
            options.extend([option | mask for option in options])
        return options

    def _reaches(self, join: Joint) -> dict[int, int]:
        """For each edge, which entrances of the join it leads to without visiting the join."""
        found: dict[int, int] = {}
        for entrance in join.entrances:
            pending, seen = [entrance], {entrance}
            while pending:
                edge = pending.pop()
                found[self.bit[edge]] = found.get(self.bit[edge], 0) | self.bit[entrance]
                source = self.skeleton.joints[self.skeleton.source[edge]]
                if source is join:
                    continue
                for earlier in source.entrances:
                    if earlier not in seen:
                        seen.add(earlier)
                        pending.append(earlier)
        return found

    def _mask(self, edges: Iterable[str]) -> int:
        mask = 0
        for edge in edges:
            mask |= self.bit[edge]
        return mask


def _bits(mask: int) -> Iterator[int]:
    while mask:
        bit = mask & -mask
        yield bit
        mask ^= bit
