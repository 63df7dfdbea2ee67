"""Reading YAML text into plain values, each number kept as it was printed."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import yaml

from motcua.engine.explain import Because

_MOST_DIGITS = 1000


class UnreadableDocument(Exception):
    """The text is not the YAML of a statements file; says the line where it stops making sense."""

    def __init__(self, because: Because, line: int | None) -> None:
        super().__init__(because.vi)
        self.because = because
        self.line = line


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadDocument:
    """Plain values of a statements file, and the line on which each statement begins."""

    content: object
    lines: tuple[int, ...]


class _Refused(yaml.MarkedYAMLError):
    """A place in the text that is YAML but not what a statements file may hold."""

    def __init__(self, because: Because, mark: yaml.Mark) -> None:
        super().__init__(problem=because.vi, problem_mark=mark)
        self.because = because


_ALIAS = Because(
    vi="không dùng được tham chiếu (dấu *); hãy ghi lại đầy đủ phần đó",
    en="references (the sign *) cannot be used; write that part out",
)
_TAB = Because(
    vi="thụt lề bằng phím Tab; hãy thay bằng dấu cách",
    en="indented with a tab; use spaces instead",
)
_TAG = Because(
    vi="không dùng được nhãn kiểu (dấu !); hãy bỏ nhãn đó",
    en="type tags (the sign !) cannot be used; take that tag out",
)
_NO_SUCH_DAY = Because(
    vi="có ngày không có thật; hãy kiểm tra lại ngày và tháng",
    en="a date does not exist; check its day and month",
)
_SYNTAX = Because(
    vi="sai cú pháp YAML; hãy kiểm tra dấu hai chấm, dấu ngoặc và thụt lề ở chỗ này",
    en="not readable YAML; check colons, brackets and indentation here",
)
_CHARACTERS = Because(
    vi="có ký tự điều khiển mà YAML không nhận; hãy lưu lại tệp dạng văn bản thuần",
    en="it holds control characters that YAML refuses; save it again as plain text",
)


def _twice(key: str) -> Because:
    return Because(
        vi=f"khóa “{key}” ghi hai lần; hãy bỏ một", en=f"the key “{key}” stands twice; remove one"
    )


class _Loader(yaml.SafeLoader):
    """Safe YAML that keeps 99.50 as printed, knows no octal or base 60, and refuses repetition."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        # A few nested references can stand for millions of statements.
        if self.check_event(yaml.AliasEvent):
            event: Any = self.get_event()  # type: ignore[no-untyped-call]
            raise _Refused(_ALIAS, event.start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        seen: set[str] = set()
        for key in keys:
            if key.value in seen:
                raise _Refused(_twice(key.value), key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


_RESOLVERS = (
    ("bool", r"true|false|True|False", "tTfF"),
    ("int", r"-?\d+", "-0123456789"),
    ("float", r"-?\d+\.\d+", "-0123456789"),
    ("timestamp", r"\d{4}-\d\d?-\d\d?", "0123456789"),
)
for _name, _pattern, _first in _RESOLVERS:
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_name}", re.compile(rf"^(?:{_pattern})$"), list(_first)
    )
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""]
)


def _whole_number(_loader: _Loader, node: yaml.ScalarNode) -> int | str:
    # Longer ones are refused where they are read as a figure, which is named there.
    return int(node.value, 10) if len(node.value) <= _MOST_DIGITS else str(node.value)


def _day(_loader: _Loader, node: yaml.ScalarNode) -> date:
    try:
        return date(*map(int, node.value.split("-")))
    except ValueError:
        raise _Refused(_NO_SUCH_DAY, node.start_mark) from None


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _day)
_Loader.add_constructor("tag:yaml.org,2002:int", _whole_number)
_Loader.add_constructor("tag:yaml.org,2002:float", lambda _, node: Decimal(node.value))


def read_document(text: str) -> ReadDocument:
    """Return the plain values of a statements file.

    Raises UnreadableDocument.
    """
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            content = loader.construct_document(node) if node is not None else None
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        raise UnreadableDocument(_why(problem), mark.line + 1 if mark else None) from None
    except yaml.YAMLError:
        raise UnreadableDocument(_CHARACTERS, None) from None
    except RecursionError:
        raise UnreadableDocument(
            Because(vi="các phần lồng nhau quá sâu", en="parts are nested too deep"), None
        ) from None
    return ReadDocument(content=content, lines=_statement_lines(node))


def _why(problem: yaml.MarkedYAMLError) -> Because:
    if isinstance(problem, _Refused):
        return problem.because
    if isinstance(problem, yaml.constructor.ConstructorError):
        return _TAG if "tag" in (problem.problem or "") else _SYNTAX
    return _TAB if "'\\t'" in (problem.problem or "") else _SYNTAX


def _statement_lines(node: yaml.Node | None) -> tuple[int, ...]:
    if not isinstance(node, yaml.MappingNode):
        return ()
    for key, value in node.value:
        if key.value == "statements" and isinstance(value, yaml.SequenceNode):
            return tuple(one.start_mark.line + 1 for one in value.value)
    return ()
