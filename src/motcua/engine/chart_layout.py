"""Coordinates of a placed chart: lanes, shapes, labels and the bends of each arrow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from motcua.engine.chart_grid import Arrow, Box, Grid
from motcua.engine.net import GATEWAY_KINDS, Kind, Lane

POOL_X: Final = 160
POOL_Y: Final = 80
HEADER: Final = 30
ROW_HEIGHT: Final = 150
ROW_MIDDLE: Final = 64
TASK: Final = (140, 80)
GATEWAY: Final = (50, 50)
EVENT: Final = (36, 36)
LABEL_WIDTH: Final = 90
MARGIN: Final = 24
SLOT: Final = 14
LETTER: Final = 6
LABEL_HEIGHT: Final = 14

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle on the drawing."""

    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> Point:
        """The centre of the rectangle."""
        return self.x + self.width // 2, self.y + self.height // 2

    @property
    def right(self) -> int:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The lower edge."""
        return self.y + self.height


@dataclass(slots=True)
class Layout:
    """Where everything lies."""

    pool: Rect
    lanes: dict[str, Rect] = field(default_factory=dict)
    shapes: dict[str, Rect] = field(default_factory=dict)
    shape_labels: dict[str, Rect] = field(default_factory=dict)
    bends: dict[str, list[Point]] = field(default_factory=dict)
    arrow_labels: dict[str, Rect] = field(default_factory=dict)


def lay_out(grid: Grid, lanes: tuple[Lane, ...]) -> Layout:
    """Return the coordinates of a placed chart."""
    return _Surveyor(grid, lanes).survey()


def size_of(kind: Kind) -> tuple[int, int]:
    """Return the width and height of a shape."""
    if kind in GATEWAY_KINDS:
        return GATEWAY
    return EVENT if kind in {Kind.START, Kind.END} else TASK


class _Surveyor:
    def __init__(self, grid: Grid, lanes: tuple[Lane, ...]) -> None:
        self.grid = grid
        self.lanes = lanes
        self.columns = 1 + max(box.column for box in grid.boxes.values())
        self.slots: list[list[str]] = [[] for _ in range(self.columns + 1)]
        self.tracks: dict[tuple[str, int], list[str]] = {}
        self.entries: dict[str, list[str]] = {}
        self.gutter_x: list[int] = []
        self.layout = Layout(pool=Rect(0, 0, 0, 0))

    def survey(self) -> Layout:
        """Give places first to the columns and lanes, then to the shapes, then to the arrows."""
        for arrow in self.grid.arrows:
            self._book(arrow)
        right = self._measure_columns()
        self._measure_lanes(right)
        for box in self.grid.boxes.values():
            self._put(box)
        for arrow in self.grid.arrows:
            bends = self._return(arrow) if arrow.is_return else self._onward(arrow)
            self.layout.bends[arrow.id] = _straightened(bends)
            if arrow.label:
                self.layout.arrow_labels[arrow.id] = self._arrow_label(arrow)
        return self.layout

    def _ends(self, arrow: Arrow) -> tuple[Box, Box]:
        return self.grid.boxes[arrow.source], self.grid.boxes[arrow.target]

    def _book(self, arrow: Arrow) -> None:
        """Reserve the upright stretches of an arrow in the gutters it bends in.

        Arrows out of one gateway share their stretch, and so do arrows into one join.
        """
        source, target = self._ends(arrow)
        if arrow.is_return:
            self.entries.setdefault(target.id, []).append(arrow.id)
            for box in dict.fromkeys([(source.lane, source.row), (target.lane, target.row)]):
                self.tracks.setdefault(box, []).append(arrow.id)
            if (source.lane, source.row) != (target.lane, target.row):
                self._take_slot(target.column + 1, f"return {arrow.id}")
            return
        run = arrow.via or (source.lane, source.row)
        if run != (source.lane, source.row):
            self._take_slot(source.column + 1, f"out of {source.id}")
        if run != (target.lane, target.row):
            is_split = target.column == source.column + 1 and source.kind in GATEWAY_KINDS
            name = f"out of {source.id}" if is_split else f"into {target.id}"
            self._take_slot(target.column, name)

    def _take_slot(self, gutter: int, name: str) -> None:
        if name not in self.slots[gutter]:
            self.slots[gutter].append(name)

    def _measure_columns(self) -> int:
        """Place the columns from left to right; a gutter is as wide as its bends and labels."""
        x = POOL_X + 2 * HEADER
        self.column_x: list[tuple[int, int]] = []
        for column in range(self.columns):
            self.gutter_x.append(x)
            x += self._gutter_width(column)
            boxes = [box for box in self.grid.boxes.values() if box.column == column]
            breadth = max(
                max(size_of(box.kind)[0], LABEL_WIDTH if box.name else 0) for box in boxes
            )
            self.column_x.append((x, breadth))
            x += breadth
        self.gutter_x.append(x)
        return x + self._gutter_width(self.columns)

    def _gutter_width(self, gutter: int) -> int:
        labels = [
            len(arrow.label) * LETTER
            for arrow in self.grid.arrows
            if arrow.label and self.grid.boxes[arrow.source].column == gutter - 1
        ]
        return 2 * MARGIN + SLOT * len(self.slots[gutter]) + max(labels, default=0)

    def _measure_lanes(self, right: int) -> None:
        y = POOL_Y
        for lane in self.lanes:
            rows = [box.row for box in self.grid.boxes.values() if box.lane == lane.id]
            rows += [a.via[1] for a in self.grid.arrows if a.via and a.via[0] == lane.id]
            height = ROW_HEIGHT * (1 + max(rows, default=0))
            x = POOL_X + HEADER
            self.layout.lanes[lane.id] = Rect(x, y, right - x, height)
            y += height
        self.layout.pool = Rect(POOL_X, POOL_Y, right - POOL_X, y - POOL_Y)

    def _put(self, box: Box) -> None:
        breadth, height = size_of(box.kind)
        left, column_width = self.column_x[box.column]
        x = left + (column_width - breadth) // 2
        y = self._row_y((box.lane, box.row)) - height // 2
        shape = Rect(x, y, breadth, height)
        self.layout.shapes[box.id] = shape
        if box.name and box.kind != Kind.USER:
            lines = -(-len(box.name) * LETTER // LABEL_WIDTH)
            tall = LABEL_HEIGHT * lines
            label_y = shape.y - tall - 4 if box.kind in GATEWAY_KINDS else shape.bottom + 4
            self.layout.shape_labels[box.id] = Rect(
                shape.middle[0] - LABEL_WIDTH // 2, label_y, LABEL_WIDTH, tall
            )

    def _row_y(self, place: tuple[str, int]) -> int:
        return self.layout.lanes[place[0]].y + place[1] * ROW_HEIGHT + ROW_MIDDLE

    def _slot_x(self, gutter: int, name: str) -> int:
        """Return where an upright stretch lies: splits left, joins right, labels between."""
        names = self.slots[gutter]
        place = names.index(name)
        if name.startswith("out of"):
            return self.gutter_x[gutter] + MARGIN // 2 + SLOT * place
        end = self.gutter_x[gutter] + self._gutter_width(gutter)
        return end - MARGIN - SLOT * (len(names) - 1 - place)

    def _onward(self, arrow: Arrow) -> list[Point]:
        source, target = self._ends(arrow)
        begin, finish = self.layout.shapes[source.id], self.layout.shapes[target.id]
        run = arrow.via or (source.lane, source.row)
        points = [(begin.right, begin.middle[1])]
        if run != (source.lane, source.row):
            x = self._slot_x(source.column + 1, f"out of {source.id}")
            points += [(x, begin.middle[1]), (x, self._row_y(run))]
        if run != (target.lane, target.row):
            name = f"out of {source.id}"
            if name not in self.slots[target.column] or target.column != source.column + 1:
                name = f"into {target.id}"
            x = self._slot_x(target.column, name)
            points += [(x, self._row_y(run)), (x, finish.middle[1])]
        return [*points, (finish.x, finish.middle[1])]

    def _return(self, arrow: Arrow) -> list[Point]:
        """Lead an arrow under the boxes, to the lower edge of its target."""
        source, target = self._ends(arrow)
        begin, finish = self.layout.shapes[source.id], self.layout.shapes[target.id]
        entries = self.entries[target.id]
        enter_x = finish.middle[0] + SLOT * (2 * entries.index(arrow.id) - len(entries) + 1) // 2
        leave_y = self._track_y(source, arrow)
        points = [(begin.middle[0], begin.bottom), (begin.middle[0], leave_y)]
        if (source.lane, source.row) != (target.lane, target.row):
            x = self._slot_x(target.column + 1, f"return {arrow.id}")
            points += [(x, leave_y), (x, self._track_y(target, arrow))]
        return [*points, (enter_x, self._track_y(target, arrow)), (enter_x, finish.bottom)]

    def _track_y(self, box: Box, arrow: Arrow) -> int:
        """Return the height of an arrow under a row: tracks lie below one another."""
        place = self.tracks[box.lane, box.row].index(arrow.id)
        return self._row_y((box.lane, box.row)) + TASK[1] // 2 + 12 + 10 * (place % 3)

    def _arrow_label(self, arrow: Arrow) -> Rect:
        bends = self.layout.bends[arrow.id]
        breadth = len(arrow.label) * LETTER + 8
        if arrow.is_return:
            return Rect(bends[0][0] + 6, bends[0][1] + 4, breadth, LABEL_HEIGHT)
        turns_at_once = len(bends) > 2 and bends[1][0] < bends[0][0] + MARGIN + 2 * SLOT
        x, y = bends[2] if turns_at_once else bends[0]
        if not turns_at_once:
            gutter = self.grid.boxes[arrow.source].column + 1
            splits = sum(name.startswith("out of") for name in self.slots[gutter])
            x = self.gutter_x[gutter] + MARGIN // 2 + SLOT * (splits - 1)
        return Rect(x + 6, y - LABEL_HEIGHT - 4, breadth, LABEL_HEIGHT)


def _straightened(points: list[Point]) -> list[Point]:
    """Drop bends that are none."""
    kept = [points[0]]
    for place, point in enumerate(points[1:], 1):
        following = points[place + 1] if place + 1 < len(points) else None
        if point == kept[-1]:
            continue
        is_level = following is not None and kept[-1][1] == point[1] == following[1]
        is_upright = following is not None and kept[-1][0] == point[0] == following[0]
        if not is_level and not is_upright:
            kept.append(point)
    return kept
