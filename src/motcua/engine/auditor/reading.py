"""Reading YAML text into plain values, each number kept as it was printed."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import yaml

from motcua.engine.explain import Because


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


class _Loader(yaml.SafeLoader):
    """Safe YAML that keeps 99.50 as printed, knows no octal or base 60, and refuses repetition."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        # A few nested references can stand for millions of statements.
        if self.check_event(yaml.AliasEvent):
            event: Any = self.get_event()  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="alias (*)", problem_mark=event.start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for place, key in enumerate(keys):
            if key.value in {earlier.value for earlier in keys[:place]}:
                raise yaml.MarkedYAMLError(problem=f"“{key.value}” ×2", problem_mark=key.start_mark)
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
_Loader.add_constructor("tag:yaml.org,2002:int", lambda _, node: int(node.value, 10))
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
        raise UnreadableDocument(
            Because(
                vi=f"không đọc được YAML: {problem.problem}",
                en=f"not readable YAML: {problem.problem}",
            ),
            mark.line + 1 if mark else None,
        ) from None
    except (yaml.YAMLError, ValueError) as problem:
        raise UnreadableDocument(
            Because(vi=f"không đọc được YAML: {problem}", en=f"not readable YAML: {problem}"), None
        ) from None
    except RecursionError:
        raise UnreadableDocument(
            Because(vi="các phần lồng nhau quá sâu", en="parts are nested too deep"), None
        ) from None
    return ReadDocument(content=content, lines=_statement_lines(node))


def _statement_lines(node: yaml.Node | None) -> tuple[int, ...]:
    if not isinstance(node, yaml.MappingNode):
        return ()
    for key, value in node.value:
        if key.value == "statements" and isinstance(value, yaml.SequenceNode):
            return tuple(one.start_mark.line + 1 for one in value.value)
    return ()
