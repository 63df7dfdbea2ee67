"""Formulas over indicators: a small typed language, read once, computed exactly, told in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from motcua.engine.explain import Because

Values = Mapping[str, Fraction | None]

MAX_LENGTH: Final = 500
MAX_DEPTH: Final = 20
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<sign>[-+*/(),]))", re.ASCII
)


class Kind(StrEnum):
    """What a figure is: a count of things, a rate in percent, points, or a bare number."""

    COUNT = "count"
    PERCENT = "percent"
    POINTS = "points"
    NUMBER = "number"


class FormulaProblem(Exception):
    """The formula cannot be read, names what does not exist, or mixes what cannot be mixed."""

    def __init__(self, because: Because) -> None:
        super().__init__(because.vi)
        self.because = because


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a formula: an operation over parts, a name, or a number."""

    operation: str
    kind: Kind
    parts: tuple[Node, ...] = ()
    name: str = ""
    number: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that was read: its text, what it gives, and the names it asks for in order."""

    text: str
    root: Node

    @property
    def kind(self) -> Kind:
        """What the formula gives."""
        return self.root.kind

    @property
    def names(self) -> tuple[str, ...]:
        """The names that the formula asks for, each once, in the order in which they stand."""
        return tuple(dict.fromkeys(_names(self.root)))

    def value(self, values: Values) -> Fraction | None:
        """Return the exact value; None where a part is missing or something is divided by 0."""
        return _value(self.root, values)

    def words(self, names: Mapping[str, str], *, language: str) -> str:
        """Return the formula in words, with the name of each indicator."""
        return _words(self.root, names, "en" if language.startswith("en") else "vi")


def read_formula(text: str, kinds: Mapping[str, Kind]) -> Formula:
    """Read a formula such as `percent(done_on_time, done)`; raise FormulaProblem.

    `kinds` says which names there are and what each is.
    """
    if len(text) > MAX_LENGTH:
        raise _problem(
            f"dài {len(text)} ký tự, nhiều nhất là {MAX_LENGTH}",
            f"has {len(text)} characters; at most {MAX_LENGTH} are read",
        )
    reader = _Reader(text, kinds)
    root = reader.sum(0)
    reader.expect_end()
    return Formula(text=text.strip(), root=root)


def find_cycle(asks: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Return names that ask for each other in a circle, the first one again at the end, or nothing."""
    settled: set[str] = set()
    for start in asks:
        path: list[str] = []
        # Each entry of the stack: a name, and what of it is still to be followed.
        stack = [(start, iter(asks[start]))]
        path.append(start)
        while stack:
            name, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                settled.add(name)
                stack.pop()
                path.pop()
            elif following in path:
                return (*path[path.index(following) :], following)
            elif following in asks and following not in settled:
                stack.append((following, iter(asks[following])))
                path.append(following)
    return ()


def _problem(vi: str, en: str) -> FormulaProblem:
    return FormulaProblem(Because(vi=f"Công thức {vi}.", en=f"The formula {en}."))


class _Reader:
    """Recursive descent over the tokens of one formula."""

    def __init__(self, text: str, kinds: Mapping[str, Kind]) -> None:
        self.kinds = kinds
        self.tokens = list(_split(text))
        self.position = 0

    def sum(self, depth: int) -> Node:
        """Read `a + b - c`."""
        if depth > MAX_DEPTH:
            raise _problem("có quá nhiều dấu ngoặc lồng nhau", "nests too many parentheses")
        left = self._product(depth)
        while sign := self._take("+", "-"):
            right = self._product(depth)
            if left.kind is not right.kind:
                raise _problem(
                    f"không thể {'cộng' if sign == '+' else 'trừ'} {_NAMES[left.kind][0]} với "
                    f"{_NAMES[right.kind][0]}",
                    f"cannot {'add' if sign == '+' else 'subtract'} {_NAMES[left.kind][1]} and "
                    f"{_NAMES[right.kind][1]}",
                )
            left = Node(sign, left.kind, (left, right))
        return left

    def _product(self, depth: int) -> Node:
        left = self._single(depth)
        while sign := self._take("*", "/"):
            right = self._single(depth)
            left = Node(sign, _kind_of_product(sign, left.kind, right.kind), (left, right))
        return left

    def _single(self, depth: int) -> Node:
        kind, text = self._next()
        if kind == "number":
            return Node("number", Kind.NUMBER, number=Fraction(text))
        if kind == "sign" and text == "(":
            inner = self.sum(depth + 1)
            self._expect(")")
            return Node("group", inner.kind, (inner,))
        if kind != "name":
            raise _problem(f"không đọc được “{text}” ở vị trí này", f"has “{text}” where it cannot")
        if self._take("("):
            return self._call(text, depth)
        if text not in self.kinds:
            raise _problem(
                f"dùng chỉ tiêu “{text}”, không có chỉ tiêu này",
                f"names “{text}”, and there is no such indicator",
            )
        return Node("name", self.kinds[text], name=text)

    def _call(self, name: str, depth: int) -> Node:
        parts = [self.sum(depth + 1)]
        while self._take(","):
            parts.append(self.sum(depth + 1))
        self._expect(")")
        if name not in _FUNCTIONS:
            raise _problem(
                f"dùng hàm “{name}”, không có hàm này; có: {', '.join(_FUNCTIONS)}",
                f"uses “{name}”, and there is no such function; there are {', '.join(_FUNCTIONS)}",
            )
        given = tuple(part.kind for part in parts)
        result = _FUNCTIONS[name](given)
        if result is None:
            raise _problem(
                f"gọi {name} với {', '.join(_NAMES[kind][0] for kind in given)}: không hợp lệ",
                f"calls {name} with {', '.join(_NAMES[kind][1] for kind in given)}, which it cannot",
            )
        return Node(name, result, tuple(parts))

    def _next(self) -> tuple[str, str]:
        if self.position == len(self.tokens):
            raise _problem("kết thúc giữa chừng", "ends in the middle")
        self.position += 1
        return self.tokens[self.position - 1]

    def _take(self, *signs: str) -> str:
        if self.position < len(self.tokens):
            kind, text = self.tokens[self.position]
            if kind == "sign" and text in signs:
                self.position += 1
                return text
        return ""

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise _problem(f"thiếu dấu “{sign}”", f"lacks a “{sign}”")

    def expect_end(self) -> None:
        """Refuse what stands behind the formula."""
        if self.position < len(self.tokens):
            text = self.tokens[self.position][1]
            raise _problem(f"thừa “{text}”", f"has “{text}” too much")


def _split(text: str) -> Iterable[tuple[str, str]]:
    position = 0
    while text[position:].strip():
        found = _TOKEN.match(text, position)
        if found is None:
            sign = text[position:].strip()[0]
            raise _problem(f"có ký tự lạ “{sign}”", f"has the sign “{sign}”")
        position = found.end()
        yield str(found.lastgroup), found[str(found.lastgroup)]


_NAMES = {
    Kind.COUNT: ("số đếm", "a count"),
    Kind.PERCENT: ("tỷ lệ phần trăm", "a percentage"),
    Kind.POINTS: ("điểm", "points"),
    Kind.NUMBER: ("số thường", "a number"),
}


def _kind_of_product(sign: str, left: Kind, right: Kind) -> Kind:
    if sign == "/" and left is right:
        return Kind.NUMBER
    if right is Kind.NUMBER:
        return left
    if left is Kind.NUMBER and sign == "*":
        return right
    verb = ("nhân", "multiply") if sign == "*" else ("chia", "divide")
    raise _problem(
        f"không thể {verb[0]} {_NAMES[left][0]} với {_NAMES[right][0]}",
        f"cannot {verb[1]} {_NAMES[left][1]} by {_NAMES[right][1]}",
    )


def _same(given: tuple[Kind, ...]) -> Kind | None:
    return given[0] if len(given) > 1 and len(set(given)) == 1 else None


# What each function gives for the kinds it is given; None: it cannot take them.
_FUNCTIONS: dict[str, Callable[[tuple[Kind, ...]], Kind | None]] = {
    "percent": lambda given: (
        Kind.PERCENT if len(given) == 2 and given[0] is given[1] is not Kind.PERCENT else None
    ),
    "points": lambda given: (
        Kind.POINTS if given == (Kind.PERCENT, Kind.NUMBER, Kind.NUMBER) else None
    ),
    "score": lambda given: Kind.POINTS if given == (Kind.NUMBER,) else None,
    "least": _same,
    "greatest": _same,
    "least_known": _same,
    "reaches": lambda given: Kind.NUMBER if given == (Kind.PERCENT, Kind.NUMBER) else None,
    "is_none": lambda given: Kind.NUMBER if given == (Kind.COUNT,) else None,
}


def _names(node: Node) -> Iterable[str]:
    if node.operation == "name":
        yield node.name
    for part in node.parts:
        yield from _names(part)


def _value(node: Node, values: Values) -> Fraction | None:
    if node.operation == "number":
        return node.number
    if node.operation == "name":
        return values.get(node.name)
    parts = [_value(part, values) for part in node.parts]
    known = [part for part in parts if part is not None]
    if node.operation == "least_known":
        return min(known, default=None)
    if len(known) < len(parts):
        return None
    return _OPERATIONS[node.operation](known)


def _divide(parts: list[Fraction]) -> Fraction | None:
    return parts[0] / parts[1] if parts[1] else None


def _percent(parts: list[Fraction]) -> Fraction | None:
    return parts[0] * 100 / parts[1] if parts[1] else None


def _points(parts: list[Fraction]) -> Fraction | None:
    """Return all points from the threshold on, below it their share."""
    rate, most, full_from = parts
    return min(most, rate * most / full_from) if full_from else None


_OPERATIONS: dict[str, Callable[[list[Fraction]], Fraction | None]] = {
    "group": lambda parts: parts[0],
    "+": lambda parts: parts[0] + parts[1],
    "-": lambda parts: parts[0] - parts[1],
    "*": lambda parts: parts[0] * parts[1],
    "/": _divide,
    "percent": _percent,
    "points": _points,
    "score": lambda parts: parts[0],
    "least": min,
    "greatest": max,
    "reaches": lambda parts: Fraction(parts[0] >= parts[1]),
    "is_none": lambda parts: Fraction(not parts[0]),
}

_SAID = {
    "+": ("{} + {}", "{} + {}"),
    "-": ("{} − {}", "{} − {}"),
    "*": ("{} × {}", "{} × {}"),
    "/": ("{} ÷ {}", "{} ÷ {}"),
    "group": ("({})", "({})"),
    "percent": ("{} ÷ {} × 100", "{} ÷ {} × 100"),
    "points": (
        "điểm của {}: tối đa {} điểm khi đạt từ {}%, thấp hơn thì theo tỷ lệ",
        "points of {}: at most {} points from {}%, below that in proportion",
    ),
    "score": ("{}", "{}"),
    "reaches": ("(1 khi {} đạt từ {}%, không thì 0)", "(1 when {} reaches {}%, else 0)"),
    "is_none": ("(1 khi không có {}, không thì 0)", "(1 when there are no {}, else 0)"),
}
_LISTED = {"least": ("số nhỏ nhất trong {}", "the least of {}")}
_LISTED["greatest"] = ("số lớn nhất trong {}", "the greatest of {}")
_LISTED["least_known"] = (
    "số nhỏ nhất trong những số có được của {}",
    "the least that is known of {}",
)


def _words(node: Node, names: Mapping[str, str], language: str) -> str:
    if node.operation == "number":
        number = node.number
        text = str(number.numerator) if number.denominator == 1 else f"{float(number):g}"
        return text if language == "en" else text.replace(".", ",")
    if node.operation == "name":
        return names.get(node.name, node.name)
    place = 1 if language == "en" else 0
    parts = [_words(part, names, language) for part in node.parts]
    if node.operation in _LISTED:
        return _LISTED[node.operation][place].format("; ".join(parts))
    if node.operation == "percent":
        # A sum that is divided needs its own parentheses in words.
        parts = [
            f"({words})" if part.operation in ("+", "-") else words
            for part, words in zip(node.parts, parts, strict=True)
        ]
    return _SAID[node.operation][place].format(*parts)
