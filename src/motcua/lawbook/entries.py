"""Entries of a YAML file that remember their file and line, and refuse what is not there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import yaml

from motcua.engine.lawvalues import LawRefused
from motcua.engine.moments import VIETNAM

_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Entry:
    """One node of a law file."""

    file: str
    node: yaml.Node

    @property
    def where(self) -> str:
        """The file and line, as in law/time/counting.yaml:7."""
        return f"{self.file}:{self.node.start_mark.line + 1}"

    @property
    def is_list(self) -> bool:
        """Whether this is a list rather than named parts or a single value."""
        return isinstance(self.node, yaml.SequenceNode)

    def refuse(self, problem: str) -> LawRefused:
        """Return the error to raise about this entry."""
        return LawRefused(self.where, problem)

    def mapping(self, *known: str) -> dict[str, Entry]:
        """Return the parts by key; raise LawRefused for a list, a key twice or one not known."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.refuse("cần các mục có tên (khóa: giá trị).")
        found: dict[str, Entry] = {}
        for key_node, value_node in self.node.value:
            key = str(key_node.value)
            entry = Entry(self.file, key_node)
            if key in found:
                raise entry.refuse(f"mục “{key}” ghi hai lần.")
            if known and key not in known:
                raise entry.refuse(f"không có mục “{key}”; các mục hợp lệ: {', '.join(known)}.")
            found[key] = Entry(self.file, value_node)
        return found

    def has(self, key: str) -> bool:
        """Say whether there is a part of this name."""
        return isinstance(self.node, yaml.MappingNode) and key in self.mapping()

    def find(self, key: str) -> Entry | None:
        """Return one part, or None when it is absent or empty."""
        entry = self.mapping().get(key)
        return None if entry is None or _is_empty(entry.node) else entry

    def get(self, key: str) -> Entry:
        """Return one part; raise LawRefused when it is absent or empty."""
        entry = self.find(key)
        if entry is None:
            raise self.refuse(f"thiếu mục “{key}”.")
        return entry

    def items(self) -> Iterator[Entry]:
        """Yield the members of a list; raise LawRefused for anything else."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.refuse("cần một danh sách (mỗi dòng bắt đầu bằng “-”).")
        for node in self.node.value:
            yield Entry(self.file, node)

    def text(self) -> str:
        """Return a scalar as it is written."""
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.refuse("cần một giá trị đơn.")
        return str(self.node.value)

    def integer(self) -> int:
        """Return a whole number."""
        try:
            return int(self.text())
        except ValueError:
            raise self.refuse(f"“{self.text()}” không phải số nguyên.") from None

    def boolean(self) -> bool:
        """Return true or false."""
        if self.text() not in ("true", "false"):
            raise self.refuse(f"“{self.text()}” phải là true hoặc false.")
        return self.text() == "true"

    def day(self) -> date:
        """Return a day written as 2023-03-14."""
        try:
            return date.fromisoformat(self.text())
        except ValueError:
            raise self.refuse(
                f"“{self.text()}” không phải ngày có thật; hãy ghi theo dạng 2023-03-14."
            ) from None

    def clock(self) -> time:
        """Return a time of day written as 07:30."""
        try:
            return time.fromisoformat(self.text())
        except ValueError:
            raise self.refuse(f"“{self.text()}” không phải giờ; hãy ghi dạng 07:30.") from None

    def moment(self) -> datetime:
        """Return a moment written as 2023-10-27T09:32, in Vietnamese time unless it says else."""
        try:
            moment = datetime.fromisoformat(self.text())
        except ValueError:
            raise self.refuse(
                f"“{self.text()}” không phải thời điểm; hãy ghi dạng 2023-10-27T09:32."
            ) from None
        return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)

    def plain(self) -> object:
        """Return the entry as Python values: texts, whole numbers, true or false, days, lists."""
        if isinstance(self.node, yaml.MappingNode):
            return {key: entry.plain() for key, entry in self.mapping().items()}
        if isinstance(self.node, yaml.SequenceNode):
            return [entry.plain() for entry in self.items()]
        kind = self.node.tag.rpartition(":")[2]
        if kind == "int":
            return self.integer()
        if kind == "bool":
            return self.boolean()
        if kind == "timestamp" and "T" not in self.text():
            return self.day()
        return None if kind == "null" else self.text()


def read_entries(path: Path, name: str) -> Entry:
    """Read one law file; raise LawRefused when it is absent, empty or no YAML."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    except FileNotFoundError:
        raise LawRefused(f"{name}:1", "không có tệp này trong thư mục luật.") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise LawRefused(f"{name}:{line}", f"không đọc được YAML ({error.problem}).") from None
    if node is None:
        raise LawRefused(f"{name}:1", "tệp trống.")
    return Entry(name, node)


def _is_empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null")
