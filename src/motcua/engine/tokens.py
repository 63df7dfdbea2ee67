"""The token game: which steps open when a run starts, and when one of its steps is completed."""

from __future__ import annotations

from dataclasses import dataclass

from motcua.engine.conditions import Variables
from motcua.engine.explain import Because
from motcua.engine.net import Net
from motcua.engine.wiring import ALL_IN, ANY_IN, CHOOSE, FINISH, PASS, Exit, Station, Wiring

SOURCE = "BPMN 2.0 §13.4"


class StepNotOpen(Exception):
    """The step that should be completed is not open."""

    def __init__(self, because: Because) -> None:
        super().__init__(because.vi)
        self.because = because


class NoWayOut(Exception):
    """A gateway has no exit whose condition holds, or the way goes round without a step."""

    def __init__(self, because: Because) -> None:
        super().__init__(because.vi)
        self.because = because


@dataclass(frozen=True, slots=True)
class Marking:
    """Where a run stands.

    `waiting` holds the flows with a token in front of a join, `open` the steps that are open and
    the timers that are armed; both sorted, and an id stands as often as there are tokens.
    """

    waiting: tuple[str, ...] = ()
    open: tuple[str, ...] = ()

    @property
    def is_finished(self) -> bool:
        """No token is left."""
        return not self.open and not self.waiting

    @property
    def is_stuck(self) -> bool:
        """Tokens wait at a join although no step is open that could bring the missing one."""
        return bool(self.waiting) and not self.open


@dataclass(frozen=True, slots=True)
class Move:
    """What starting a run or completing a step leads to.

    `opened` are the steps and timers to open now, `withdrawn` those to close without completion
    (a step whose interrupting timer went off, the timers of a completed step), `ended` the end
    events that tokens came to.
    """

    marking: Marking
    opened: tuple[str, ...]
    is_finished: bool
    because: tuple[Because, ...]
    withdrawn: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()


def start(net: Net, variables: Variables) -> Move:
    """Return the first move of a run; raises CannotStart, NoWayOut or UnfitValue."""
    game = _Game(net.wiring, Marking(), variables)
    game.send(net.wiring.stations[net.start].outgoing)
    return game.settle()


def complete(net: Net, marking: Marking, node_id: str, variables: Variables) -> Move:
    """Return the move after a step is completed, a message came or a timer went off.

    Raises StepNotOpen, NoWayOut or UnfitValue; the marking that was given stays valid then.
    """
    wiring = net.wiring
    station = wiring.stations.get(node_id)
    if station is None or node_id not in marking.open:
        raise _step_not_open(wiring, marking, node_id)
    game = _Game(wiring, marking, variables)
    game.close(station)
    game.send(station.outgoing)
    return game.settle()


class _Game:
    """One move in progress."""

    __slots__ = (
        "because",
        "ended",
        "hops",
        "open",
        "opened",
        "variables",
        "waiting",
        "wiring",
        "withdrawn",
    )

    def __init__(self, wiring: Wiring, marking: Marking, variables: Variables) -> None:
        self.wiring = wiring
        self.variables = variables
        self.waiting = list(marking.waiting)
        self.open = list(marking.open)
        self.opened: list[str] = []
        self.withdrawn: list[str] = []
        self.because: list[Because] = []
        self.ended: list[str] = []
        self.hops = 0

    def close(self, station: Station) -> None:
        """Take the token out of a step, or out of a timer and, if it interrupts, its step."""
        self.open.remove(station.id)
        host = station
        if station.host:
            if not station.is_interrupting:
                return
            host = self.wiring.stations[station.host]
            self.open.remove(host.id)
            self.withdrawn.append(host.id)
        for timer in host.timers:
            if self.open.count(timer) > self.open.count(host.id):
                self.open.remove(timer)
                self.withdrawn.append(timer)

    def send(self, flows: tuple[str, ...]) -> None:
        """Let tokens run along the flows until each waits in a step, at a join or has ended."""
        target = self.wiring.target
        # The list grows while it is walked: each passed gateway adds the flows it sends on.
        pending = list(flows)
        for flow in pending:
            self.hops += 1
            if self.hops > self.wiring.max_hops:
                raise _runs_in_a_circle(target[flow])
            station = target[flow]
            action = station.action
            if action == PASS:
                pending.extend(station.outgoing)
            elif action == CHOOSE:
                pending.extend(self.choose(station))
            elif action == ALL_IN:
                pending.extend(self.join_all(station, flow))
            elif action == ANY_IN:
                self.waiting.append(flow)
            elif action == FINISH:
                self.ended.append(station.id)
            else:
                self.enter(station)

    def settle(self) -> Move:
        """Release the inclusive joins that nothing can reach any more, and return the move."""
        while self.waiting and self.release_one():
            pass
        self.waiting.sort()
        self.open.sort()
        marking = Marking(tuple(self.waiting), tuple(self.open))
        if marking.waiting:
            self.explain_waiting()
        return Move(
            marking,
            tuple(self.opened),
            marking.is_finished,
            tuple(self.because),
            tuple(self.withdrawn),
            tuple(self.ended),
        )

    def enter(self, station: Station) -> None:
        """Open a step and arm its timers."""
        self.open.append(station.id)
        self.opened.append(station.id)
        self.open.extend(station.timers)
        self.opened.extend(station.timers)

    def choose(self, station: Station) -> tuple[str, ...]:
        """Return the flows on which a choosing gateway sends the run on."""
        chosen: list[Exit] = []
        for leaving in station.exits:
            if leaving.condition is None or leaving.condition.holds(self.variables):
                chosen.append(leaving)
                if station.does_choose_one:
                    break
        if chosen:
            self.because.extend(_chosen(station, leaving, self.variables) for leaving in chosen)
            return tuple(leaving.flow for leaving in chosen)
        if station.default is None:
            raise _no_way_out(station, self.variables)
        self.because.append(_default(station, station.default, self.variables))
        return (station.default.flow,)

    def join_all(self, station: Station, flow: str) -> tuple[str, ...]:
        """Let a token wait at a parallel join; return the flows onwards when it was the last."""
        waiting = self.waiting
        waiting.append(flow)
        for incoming in station.incoming:
            if incoming not in waiting:
                return ()
        for incoming in station.incoming:
            waiting.remove(incoming)
        self.because.append(_all_arrived(station))
        return station.outgoing

    def release_one(self) -> bool:
        """Release the first inclusive join that has a token and need not wait; tell if one had."""
        for join in self.wiring.inclusive_joins:
            arrived = 0
            for bit, incoming in enumerate(join.incoming):
                if incoming in self.waiting:
                    arrived |= 1 << bit
            if not arrived or self.must_wait(join, arrived):
                continue
            for bit, incoming in enumerate(join.incoming):
                if arrived >> bit & 1:
                    self.waiting.remove(incoming)
            self.because.append(_nothing_more_comes(join))
            self.send(self.choose(join) if join.does_choose else join.outgoing)
            return True
        return False

    def must_wait(self, join: Station, arrived: int) -> bool:
        """Tell whether a token can still reach an empty entrance of the join and no full one."""
        for place in (*self.open, *self.waiting):
            reachable = join.reaches.get(place, 0)
            if reachable and not reachable & arrived:
                return True
        return False

    def explain_waiting(self) -> None:
        """Say for each join at which tokens wait which branches are still missing."""
        joins = {
            station.id: station for station in map(self.wiring.target.get, self.waiting) if station
        }
        for station in joins.values():
            missing = [
                self.wiring.source_label[flow]
                for flow in station.incoming
                if flow not in self.waiting
            ]
            self.because.append(_still_waits(station, missing))


def _shown(variables: Variables, names: tuple[str, ...]) -> str:
    return ", ".join(f"{name} = {variables.get(name)}" for name in names)


def _chosen(station: Station, leaving: Exit, variables: Variables) -> Because:
    if leaving.condition is None:
        return Because(
            vi=f"Tại “{station.label}”: đi theo “{leaving.label}” (không kèm điều kiện).",
            en=f"At “{station.label}”: on to “{leaving.label}” (no condition).",
            source=SOURCE,
        )
    text = leaving.condition.text
    shown = _shown(variables, leaving.condition.names)
    return Because(
        vi=f"Tại “{station.label}”: đi theo “{leaving.label}” vì {text} ({shown}).",
        en=f"At “{station.label}”: on to “{leaving.label}” because {text} ({shown}).",
        source=SOURCE,
    )


def _default(station: Station, leaving: Exit, variables: Variables) -> Because:
    shown = _shown(variables, _names(station))
    return Because(
        vi=f"Tại “{station.label}”: đi theo nhánh mặc định “{leaving.label}” "
        f"vì không điều kiện nào khác đúng ({shown}).",
        en=f"At “{station.label}”: on to the default “{leaving.label}” "
        f"because no other condition holds ({shown}).",
        source=SOURCE,
    )


def _all_arrived(station: Station) -> Because:
    count = len(station.incoming)
    return Because(
        vi=f"Tại “{station.label}”: cả {count} nhánh đã xong, đi tiếp.",
        en=f"At “{station.label}”: all {count} branches have arrived, so it goes on.",
        source=SOURCE,
    )


def _nothing_more_comes(station: Station) -> Because:
    return Because(
        vi=f"Tại “{station.label}”: mọi nhánh đã chọn đều xong, đi tiếp.",
        en=f"At “{station.label}”: every branch that was taken has arrived, so it goes on.",
        source=SOURCE,
    )


def _still_waits(station: Station, missing: list[str]) -> Because:
    names = ", ".join(f"“{name}”" for name in missing)
    return Because(
        vi=f"Tại “{station.label}”: còn chờ nhánh từ {names}.",
        en=f"At “{station.label}”: still waiting for the branch from {names}.",
        source=SOURCE,
    )


def _names(station: Station) -> tuple[str, ...]:
    names = (
        name for leaving in station.exits if leaving.condition for name in leaving.condition.names
    )
    return tuple(dict.fromkeys(names))


def _no_way_out(station: Station, variables: Variables) -> NoWayOut:
    shown = _shown(variables, _names(station))
    return NoWayOut(
        Because(
            vi=f"Không có đường đi tiếp từ “{station.label}”: không điều kiện nào đúng ({shown}) "
            "và cổng không có nhánh mặc định. Chọn lại kết quả của bước, "
            "hoặc bổ sung nhánh mặc định cho lưu đồ.",
            en=f"There is no way on from “{station.label}”: no condition holds ({shown}) and the "
            "gateway has no default. Choose another outcome of the step, "
            "or add a default exit to the chart.",
            source=SOURCE,
        )
    )


def _runs_in_a_circle(station: Station) -> NoWayOut:
    return NoWayOut(
        Because(
            vi=f"Lưu đồ quay vòng qua “{station.label}” mà không dừng ở bước nào. "
            "Sửa điều kiện của các cổng trên vòng này.",
            en=f"The chart goes round through “{station.label}” and stops at no step. "
            "Correct the conditions of the gateways on this loop.",
        )
    )


def _step_not_open(wiring: Wiring, marking: Marking, node_id: str) -> StepNotOpen:
    station = wiring.stations.get(node_id)
    label = station.label if station else node_id
    steps = dict.fromkeys(wiring.stations[open_id].label for open_id in marking.open)
    vi = ", ".join(f"“{step}”" for step in steps) or "không có"
    en = ", ".join(f"“{step}”" for step in steps) or "none"
    return StepNotOpen(
        Because(
            vi=f"Bước “{label}” không đang mở. Các bước đang mở: {vi}. Tải lại trang để xem bước hiện tại.",
            en=f"The step “{label}” is not open. Open steps: {en}. Reload to see where the run stands.",
        )
    )
