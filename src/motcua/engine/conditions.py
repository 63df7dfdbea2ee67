"""Conditions on the flows of a chart: a small typed language, read when the chart is compiled."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

from motcua.engine.explain import Because

Value = str | Decimal | bool
Variables = Mapping[str, object]
Test = Callable[[Variables], bool]

TEXT: Final = "text"
NUMBER: Final = "number"
FLAG: Final = "flag"

MAX_LENGTH: Final = 1000
MAX_DEPTH: Final = 20

_TYPE_NAMES = {
    TEXT: ("chữ", "text"),
    NUMBER: ("số", "a number"),
    FLAG: ("đúng/sai", "true or false"),
}
_OPERATORS = {
    TEXT: ("==", "!=", "in"),
    NUMBER: ("==", "!=", "<", "<=", ">", ">=", "in"),
    FLAG: ("==", "!="),
}
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>"[^"]*"|'[^']*')
    | (?P<number>-?\d+(?:\.\d+)?(?![\w.]))
    | (?P<word>[A-Za-z_][\w]*(?:\.[\w]+)*)
    | (?P<sign>==|!=|<=|>=|<|>|\(|\)|\[|\]|,)
    )""",
    re.VERBOSE | re.ASCII,
)


class ConditionProblem(Exception):
    """The condition cannot be read."""

    def __init__(self, because: Because) -> None:
        super().__init__(because.vi)
        self.because = because


class UnfitValue(Exception):
    """A value of the case is of another type than the condition compares it with."""

    def __init__(self, because: Because) -> None:
        super().__init__(because.vi)
        self.because = because


@dataclass(frozen=True)
class Condition:
    """A condition that was read: its text, the names it asks for and how it is decided.

    `equals` are the values that names are said to be equal to, `literals` all that any is compared
    with.
    """

    text: str
    types: tuple[tuple[str, str], ...]
    equals: tuple[tuple[str, Value], ...]
    literals: tuple[tuple[str, Value], ...]
    holds: Test

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the values that decide."""
        return tuple(name for name, _ in self.types)


def read_condition(text: str) -> Condition:
    """Read a condition such as `outcome == "RETURN" and area > 500`; raises ConditionProblem."""
    if len(text) > MAX_LENGTH:
        raise ConditionProblem(
            Because(
                vi=f"Điều kiện dài {len(text)} ký tự, nhiều nhất là {MAX_LENGTH}.",
                en=f"The condition has {len(text)} characters; at most {MAX_LENGTH} are read.",
            )
        )
    reader = _Reader(text)
    test = reader.any_of(0)
    reader.expect_end()
    return Condition(
        text=text.strip(),
        types=tuple(reader.types.items()),
        equals=tuple(reader.equals),
        literals=tuple(reader.literals),
        holds=test,
    )


class _Reader:
    """Recursive descent over the tokens of one condition."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.types: dict[str, str] = {}
        self.equals: list[tuple[str, Value]] = []
        self.literals: list[tuple[str, Value]] = []
        self.tokens = self._split(text)
        self.position = 0

    def any_of(self, depth: int) -> Test:
        """Read `a or b or …`."""
        if depth > MAX_DEPTH:
            raise self._problem("có quá nhiều dấu ngoặc lồng nhau", "nests too many parentheses")
        tests = [self._all_of(depth)]
        while self._take("word", "or"):
            tests.append(self._all_of(depth))
        if len(tests) == 1:
            return tests[0]
        return lambda variables: any(test(variables) for test in tests)

    def expect_end(self) -> None:
        """Refuse anything after a complete condition."""
        if self.position < len(self.tokens):
            word = self._word_here()
            raise self._problem(f"thừa “{word}” ở cuối", f"has “{word}” too many at its end")

    def _all_of(self, depth: int) -> Test:
        tests = [self._one(depth)]
        while self._take("word", "and"):
            tests.append(self._one(depth))
        if len(tests) == 1:
            return tests[0]
        return lambda variables: all(test(variables) for test in tests)

    def _one(self, depth: int) -> Test:
        if depth > MAX_DEPTH:
            raise self._problem("có quá nhiều “not” lồng nhau", "nests too many “not”")
        if self._take("word", "not"):
            inner = self._one(depth + 1)
            return lambda variables: not inner(variables)
        if self._take("sign", "("):
            inner = self.any_of(depth + 1)
            if not self._take("sign", ")"):
                raise self._problem("thiếu dấu “)”", "lacks a “)”")
            return inner
        return self._comparison()

    def _comparison(self) -> Test:
        kind, name = self._next()
        if kind != "word" or name in {"and", "or", "in", "true", "false"}:
            raise self._problem(
                f"cần tên một giá trị, lại gặp “{name}”",
                f"should name a value where it says “{name}”",
            )
        kind, operator = self._peek()
        if kind == "sign" and operator in {"==", "!=", "<", "<=", ">", ">="}:
            self.position += 1
            return self._compare(name, operator, self._literal())
        if self._take("word", "in"):
            return self._is_in(name)
        self._note(name, FLAG)
        self.equals.append((name, True))
        self.literals.append((name, True))
        return lambda variables: _value(variables, name, FLAG) is True

    def _compare(self, name: str, operator: str, literal: Value) -> Test:
        kind = _type_of(literal)
        if operator not in _OPERATORS[kind]:
            vi, en = _TYPE_NAMES[kind]
            allowed = ", ".join(_OPERATORS[kind])
            raise self._problem(
                f"không so sánh {vi} bằng “{operator}”; dùng được: {allowed}",
                f"cannot compare {en} by “{operator}”; use one of {allowed}",
            )
        self._note(name, kind)
        self.literals.append((name, literal))
        if operator == "==":
            self.equals.append((name, literal))
            return lambda variables: _value(variables, name, kind) == literal
        if operator == "!=":
            return lambda variables: _value(variables, name, kind) != literal
        order = _ORDERS[operator]

        def compare(variables: Variables) -> bool:
            value = _value(variables, name, kind)
            return isinstance(value, Decimal) and order(value, literal)

        return compare

    def _is_in(self, name: str) -> Test:
        if not self._take("sign", "["):
            raise self._problem("sau “in” cần danh sách [ … ]", "needs a list [ … ] after “in”")
        literals = [self._literal()]
        while self._take("sign", ","):
            literals.append(self._literal())
        if not self._take("sign", "]"):
            raise self._problem("thiếu dấu “]”", "lacks a “]”")
        kinds = {_type_of(literal) for literal in literals}
        if len(kinds) > 1 or FLAG in kinds:
            raise self._problem(
                "danh sách sau “in” chỉ được gồm toàn chữ hoặc toàn số",
                "may list only texts or only numbers after “in”",
            )
        kind = kinds.pop()
        self._note(name, kind)
        self.equals.extend((name, literal) for literal in literals)
        self.literals.extend((name, literal) for literal in literals)
        members = frozenset(literals)
        return lambda variables: _value(variables, name, kind) in members

    def _literal(self) -> Value:
        kind, word = self._next()
        if kind == "text":
            return word[1:-1]
        if kind == "number":
            return Decimal(word)
        if kind == "word" and word in {"true", "false"}:
            return word == "true"
        raise self._problem(
            f"cần một giá trị (chữ trong ngoặc kép, số, true hoặc false), lại gặp “{word}”",
            f"needs a value (quoted text, a number, true or false) where it says “{word}”",
        )

    def _note(self, name: str, kind: str) -> None:
        known = self.types.setdefault(name, kind)
        if known != kind:
            was, now = _TYPE_NAMES[known], _TYPE_NAMES[kind]
            raise self._problem(
                f"dùng “{name}” khi là {was[0]}, khi là {now[0]}",
                f"takes “{name}” as {was[1]} and as {now[1]}",
            )

    def _split(self, text: str) -> list[tuple[str, str]]:
        tokens: list[tuple[str, str]] = []
        end = len(text.rstrip())
        place = 0
        while place < end:
            match = _TOKEN.match(text, place)
            if match is None:
                sign = text[place:].lstrip()[0]
                raise self._problem(
                    f"có ký tự “{sign}” không hiểu được ở vị trí {place + 1}",
                    f"has “{sign}” at character {place + 1}, which means nothing here",
                )
            tokens.append((match.lastgroup or "", match.group(match.lastgroup or 0)))
            place = match.end()
        return tokens

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.position] if self.position < len(self.tokens) else ("end", "")

    def _next(self) -> tuple[str, str]:
        if self.position >= len(self.tokens):
            raise self._problem("bị bỏ dở ở cuối", "stops before it is complete")
        self.position += 1
        return self.tokens[self.position - 1]

    def _take(self, kind: str, word: str) -> bool:
        if self._peek() == (kind, word):
            self.position += 1
            return True
        return False

    def _word_here(self) -> str:
        return self.tokens[self.position][1]

    def _problem(self, vi: str, en: str) -> ConditionProblem:
        return ConditionProblem(
            Because(
                vi=f"Điều kiện “{self.text.strip()}” {vi}.",
                en=f"The condition “{self.text.strip()}” {en}.",
            )
        )


_ORDERS: dict[str, Callable[[Decimal, Value], bool]] = {
    "<": lambda value, literal: value < literal,  # type: ignore[operator]
    "<=": lambda value, literal: value <= literal,  # type: ignore[operator]
    ">": lambda value, literal: value > literal,  # type: ignore[operator]
    ">=": lambda value, literal: value >= literal,  # type: ignore[operator]
}


def _type_of(literal: Value) -> str:
    if isinstance(literal, bool):
        return FLAG
    return NUMBER if isinstance(literal, Decimal) else TEXT


def _value(variables: Variables, name: str, kind: str) -> Value | None:
    """Return the value in the type asked for; a value that is not there is equal to nothing."""
    value = variables.get(name)
    if value is None:
        return None
    if kind == TEXT and isinstance(value, str):
        return value
    if kind == FLAG and isinstance(value, bool):
        return value
    if kind == NUMBER and isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return Decimal(str(value))
    vi, en = _TYPE_NAMES[kind]
    raise UnfitValue(
        Because(
            vi=f"Giá trị “{name}” phải là {vi}, hiện là {value!r}. Sửa giá trị này rồi làm lại.",
            en=f"The value “{name}” must be {en} but is {value!r}. Correct it and try again.",
        )
    )
