"""Placing a described chart on a grid: each box gets a column, a lane and a row of the lane."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from motcua.engine.chart_spec import (
    END,
    AnyOf,
    CannotDraw,
    Chart,
    Decision,
    Item,
    Parallel,
    Step,
    Way,
)
from motcua.engine.net import Kind

Rows = dict[str, int]


@dataclass(slots=True)
class Box:
    """A node with its place on the grid."""

    id: str
    kind: Kind
    name: str
    lane: str
    column: int
    row: int
    step: Step | None = None


@dataclass(slots=True)
class Arrow:
    """A flow; `via` is the lane and row it runs along when it passes no box of its branch."""

    id: str
    source: str
    target: str
    label: str = ""
    when: str = ""
    is_default: bool = False
    is_return: bool = False
    via: tuple[str, int] | None = None
    order: int = 0


@dataclass(slots=True)
class Tail:
    """The open end of a branch, waiting for the next box."""

    box: str
    label: str = ""
    when: str = ""
    is_default: bool = False
    via: tuple[str, int] | None = None
    order: int = 0


@dataclass(slots=True)
class Grid:
    """All boxes and arrows of a chart."""

    boxes: dict[str, Box] = field(default_factory=dict)
    arrows: list[Arrow] = field(default_factory=list)


def place(chart: Chart) -> Grid:
    """Return the grid of a chart; raises CannotDraw when a lane, step or id does not fit."""
    placer = _Placer(chart)
    placer.run()
    return placer.grid


def width(items: Iterable[Item]) -> int:
    """Return how many columns a sequence takes."""
    return sum(_width_of(item) for item in items)


def _width_of(item: Item) -> int:
    if isinstance(item, Step):
        return 1
    if isinstance(item, Parallel):
        return 2 + max(width(branch) for branch in item.branches)
    inner = max(width(way.steps) + (way.to == END) for way in item.ways)
    has_join = isinstance(item, AnyOf) or sum(not way.to for way in item.ways) > 1
    return 1 + inner + has_join


class _Placer:
    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self.grid = Grid()
        self.taken: set[tuple[str, int, int]] = set()
        self.returns: list[tuple[Tail, str]] = []
        self.lane_ids = [lane.id for lane in chart.lanes]

    def run(self) -> None:
        """Place start, steps and end, then tie the ways that go back or ahead."""
        first = next(_lanes_of(self.chart.steps), "")
        if not self.chart.lanes or not first:
            raise CannotDraw(f"Chart {self.chart.id} needs a lane and a step.")
        start = self._box("start", Kind.START, self.chart.start_name, first, 0, {})
        tails, column = self._sequence(self.chart.steps, [Tail(start.id)], 1, {}, first)
        if tails:
            last = self.grid.boxes[tails[0].box].lane
            tails, column = self._met(tails, "end_merge", last, column, {})
            end = self._box("end", Kind.END, self.chart.end_name, last, column, {})
            self._tie(tails, end)
        for tail, target in self.returns:
            if target not in self.grid.boxes:
                raise CannotDraw(f"Chart {self.chart.id} goes to {target!r}, which is no step.")
            self._tie([tail], self.grid.boxes[target], is_return=True)
        # The first condition that holds wins, so the flows stand in the order of the ways.
        self.grid.arrows.sort(key=lambda arrow: arrow.order)

    def _sequence(
        self, items: tuple[Item, ...], tails: list[Tail], column: int, rows: Rows, lane: str
    ) -> tuple[list[Tail], int]:
        for item in items:
            if not tails:
                raise CannotDraw(f"Nothing leads to {item.id} in chart {self.chart.id}.")
            if isinstance(item, Step):
                lane = item.lane
            if len(tails) > 1:
                tails, column = self._met(tails, f"{item.id}_merge", lane, column, rows)
            if isinstance(item, Step):
                box = self._box(item.id, Kind.USER, item.name, lane, column, rows, item)
                self._tie(tails, box)
                tails, column = [Tail(box.id)], column + 1
            elif isinstance(item, Parallel):
                tails, column = self._parallel(item, tails, column, rows, lane)
            else:
                tails, column = self._decision(item, tails, column, rows, lane)
        return tails, column

    def _met(
        self, tails: list[Tail], box_id: str, lane: str, column: int, rows: Rows
    ) -> tuple[list[Tail], int]:
        if len(tails) == 1:
            return tails, column
        merge = self._box(box_id, Kind.EXCLUSIVE, "", lane, column, rows)
        self._tie(tails, merge)
        return [Tail(merge.id)], column + 1

    def _parallel(
        self, item: Parallel, tails: list[Tail], column: int, rows: Rows, lane: str
    ) -> tuple[list[Tail], int]:
        ways = tuple(Way(steps=branch) for branch in item.branches)
        return self._block(item, Kind.PARALLEL, ways, tails, column, rows, lane)

    def _decision(
        self, item: Decision | AnyOf, tails: list[Tail], column: int, rows: Rows, lane: str
    ) -> tuple[list[Tail], int]:
        kind = Kind.INCLUSIVE if isinstance(item, AnyOf) else Kind.EXCLUSIVE
        if kind == Kind.INCLUSIVE and any(way.to for way in item.ways):
            raise CannotDraw(f"Every way of {item.id} must lead to its join.")
        return self._block(item, kind, item.ways, tails, column, rows, lane)

    def _block(
        self,
        item: Decision | AnyOf | Parallel,
        kind: Kind,
        ways: tuple[Way, ...],
        tails: list[Tail],
        column: int,
        rows: Rows,
        lane: str,
    ) -> tuple[list[Tail], int]:
        split = self._box(item.id, kind, item.name, lane, column, rows)
        self._tie(tails, split)
        last = column + _width_of(item) - 1
        has_join = kind != Kind.EXCLUSIVE or sum(not way.to for way in ways) > 1
        inner_last = last - has_join
        following: list[Tail] = []
        # A way without boxes that goes back needs no row; the plain way on runs straight ahead.
        straight_first = sorted(
            range(len(ways)), key=lambda at: (bool(ways[at].to), bool(ways[at].steps))
        )
        for number, order in enumerate(straight_first):
            way = ways[order]
            tail = _leaving(split, kind, way, order)
            if way.to and way.to != END and not way.steps:
                self.returns.append((tail, way.to))
                continue
            span = range(column + 1, inner_last + 1)
            own = self._rows(way, lane, span, rows if number == 0 else {})
            if not way.steps and not way.to:
                tail.via = (lane, own[lane])
            ending, after = self._sequence(way.steps, [tail], column + 1, own, lane)
            following.extend(self._ended(way, split, ending, after, own, lane))
        if not has_join:
            return following, last + 1
        join = self._box(f"{item.id}_join", kind, "", lane, last, rows)
        self._tie(following, join)
        return [Tail(join.id)], last + 1

    def _ended(
        self, way: Way, split: Box, tails: list[Tail], column: int, rows: Rows, lane: str
    ) -> list[Tail]:
        """Lead a way to its own end or to another step; return its tails if it goes on."""
        if way.to == END:
            number = sum(box.kind == Kind.END for box in self.grid.boxes.values()) + 1
            name = way.end_name or self.chart.end_name
            lane = self.grid.boxes[tails[0].box].lane if way.steps else lane
            end = self._box(f"{split.id}_end{number}", Kind.END, name, lane, column, rows)
            self._tie(tails, end)
            return []
        if way.to:
            self.returns.extend((tail, way.to) for tail in tails)
            return []
        return tails

    def _rows(self, way: Way, lane: str, span: range, inherited: Rows) -> Rows:
        """Reserve a free row over the whole span in each lane that a way uses."""
        rows = dict(inherited)
        lanes = list(dict.fromkeys(_lanes_of(way.steps))) or [lane]
        for name in lanes:
            if name not in rows:
                row = 0
                while any((name, row, column) in self.taken for column in span):
                    row += 1
                rows[name] = row
            self.taken.update((name, rows[name], column) for column in span)
        return rows

    def _box(
        self,
        box_id: str,
        kind: Kind,
        name: str,
        lane: str,
        column: int,
        rows: Rows,
        step: Step | None = None,
    ) -> Box:
        if box_id in self.grid.boxes:
            raise CannotDraw(f"Two elements of chart {self.chart.id} have the id {box_id!r}.")
        if lane not in self.lane_ids:
            raise CannotDraw(f"Step {box_id!r} lies in the lane {lane!r}, which is not there.")
        row = rows.get(lane, 0)
        if lane not in rows:
            while (lane, row, column) in self.taken:
                row += 1
        self.taken.add((lane, row, column))
        box = Box(box_id, kind, name, lane, column, row, step)
        self.grid.boxes[box_id] = box
        return box

    def _tie(self, tails: list[Tail], box: Box, *, is_return: bool = False) -> None:
        known = {arrow.id for arrow in self.grid.arrows}
        for tail in tails:
            arrow_id = f"{tail.box}_to_{box.id}"
            while arrow_id in known:
                arrow_id += "_too"
            known.add(arrow_id)
            self.grid.arrows.append(
                Arrow(
                    id=arrow_id,
                    source=tail.box,
                    target=box.id,
                    label=tail.label,
                    when=tail.when,
                    is_default=tail.is_default,
                    is_return=is_return,
                    via=tail.via,
                    order=tail.order,
                )
            )


def _leaving(split: Box, kind: Kind, way: Way, order: int) -> Tail:
    is_default = kind != Kind.PARALLEL and not way.when
    return Tail(split.id, way.label, way.when, is_default, order=order)


def _lanes_of(items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        if isinstance(item, Step):
            yield item.lane
        elif isinstance(item, Parallel):
            for branch in item.branches:
                yield from _lanes_of(branch)
        else:
            for way in item.ways:
                yield from _lanes_of(way.steps)
