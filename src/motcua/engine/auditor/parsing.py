"""Parsing: plain values (from YAML, JSON or a spreadsheet) into statements, or a clear refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import TypeVar

from motcua.engine.auditor.dates import read_printed_date
from motcua.engine.auditor.precision import (
    Printed,
    UnreadableNumber,
    read_count,
    read_number,
    read_percent,
)
from motcua.engine.auditor.statements import (
    COUNT_KEYS,
    RATE_KEYS,
    Carry,
    Citation,
    Partition,
    PrintedRate,
    PublishedDocument,
    PublishedPeriod,
    Ratio,
    Same,
    Settlement,
    Statement,
)
from motcua.engine.auditor.wording import LABELS, Words
from motcua.engine.explain import Because

T = TypeVar("T")

_FREE_KEYS = frozenset({"name", "label", "note", "source", "where", "page", "unit", "comment"})
_DOCUMENT_KEYS = _FREE_KEYS | {"period", "statements", "issuer", "title", "number", "date", "url"}
_DEEPEST_PARTS = 4
# A source may say what it divides in words: "đến hạn trong kỳ" is the figure `due`.
_FIGURES = {
    word: key
    for key in COUNT_KEYS
    for word in (key, LABELS[key].vi.lower(), LABELS[key].en.lower())
}


class StatementError(Exception):
    """A statement cannot be read: says which one, which key, and what is expected there."""

    def __init__(self, statement: str, key: str, because: Because, position: int | None) -> None:
        at = Words(f", khóa “{key}”", f", key “{key}”") if key else Words("", "")
        of = Words("Phát biểu ", "Statement ") if position is not None else Words("", "")
        stop = "" if because.vi.endswith("?") else "."
        self.because = Because(
            vi=f"{of.vi}“{statement}”{at.vi}: {because.vi}{stop}",
            en=f"{of.en}“{statement}”{at.en}: {because.en}{stop}",
        )
        super().__init__(self.because.vi)
        self.statement = statement
        self.key = key
        self.position = position


class _Reader:
    """One statement being read: its id and place, so that each refusal can name them."""

    def __init__(self, statement: str, content: object, position: int | None) -> None:
        self.statement = statement
        self.position = position
        self.content = self._mapping("", content)

    def refuse(self, key: str, vi: str, en: str) -> StatementError:
        return StatementError(self.statement, key, Because(vi=vi, en=en), self.position)

    def _mapping(self, key: str, content: object) -> Mapping[object, object]:
        if isinstance(content, Mapping):
            return content
        raise self.refuse(
            key, "cần một bảng khóa: giá trị", "a mapping of keys to values is needed"
        )

    def mapping(self, key: str) -> Mapping[object, object]:
        return self._mapping(key, self.content.get(key))

    def only(self, *keys: str) -> None:
        known = {*keys, *_FREE_KEYS}
        for key in map(str, self.content):
            if key not in known:
                near = get_close_matches(key, known, n=1)
                vi = (
                    f"; có phải là “{near[0]}”?"
                    if near
                    else f"; các khóa: {', '.join(sorted(keys))}"
                )
                en = (
                    f"; is it “{near[0]}”?" if near else f"; the keys are {', '.join(sorted(keys))}"
                )
                raise self.refuse(key, f"không có khóa này{vi}", f"there is no such key{en}")

    def number(self, read: Callable[[object], T], key: str, value: object) -> T:
        try:
            return read(value)
        except UnreadableNumber as unreadable:
            raise self.refuse(key, unreadable.because.vi, unreadable.because.en) from None

    def numbers(self, key: str) -> dict[str, Printed | None]:
        return {
            str(name): self.number(read_number, f"{key}.{name}", value)
            for name, value in self.mapping(key).items()
        }


def parse_document(document: object) -> PublishedDocument:
    """Return the statements of a document given as plain values.

    Raises StatementError.
    """
    reader = _Reader("document", document, None)
    reader.only(*_DOCUMENT_KEYS)
    content = reader.content
    period = content.get("period")
    listed = content.get("statements")
    if listed is None and period is None:
        raise reader.refuse("statements", "không có phát biểu nào", "there are no statements")
    if not isinstance(listed or [], Sequence) or isinstance(listed, str):
        raise reader.refuse("statements", "cần một danh sách", "a list is needed")

    statements: list[Statement] = []
    seen: set[str] = set()
    for position, one in enumerate(listed or []):  # type: ignore[arg-type, var-annotated]
        statement = _parse_statement(one, position)
        if statement.statement_id in seen:
            raise StatementError(
                statement.statement_id,
                "id",
                Because(vi="đã có phát biểu mang id này", en="another statement has this id"),
                position,
            )
        seen.add(statement.statement_id)
        statements.append(statement)
    return PublishedDocument(
        period=None if period is None else _parse_period(period), statements=tuple(statements)
    )


def _parse_period(period: object) -> PublishedPeriod:
    reader = _Reader("period", period, None)
    reader.only("from", "to", "name")
    days = {}
    for key in ("from", "to"):
        value = reader.content.get(key)
        days[key] = None if value is None else read_printed_date(value)
        if value is not None and days[key] is None:
            raise reader.refuse(
                key,
                f"“{value}” không phải là một ngày (ghi 15/12/2022 hoặc 2022-12-15)",
                f"“{value}” is not a date (write 15/12/2022 or 2022-12-15)",
            )
    first, last = days["from"], days["to"]
    if first and last and first > last:
        raise reader.refuse(
            "to", "ngày cuối kỳ trước ngày đầu kỳ", "the last day is before the first"
        )
    return PublishedPeriod(
        name=str(reader.content.get("name") or ""), first_day=first, last_day=last
    )


def _parse_statement(content: object, position: int) -> Statement:
    reader = _Reader(f"số {position + 1}", content, position)
    statement_id = reader.content.get("id")
    if statement_id is None or not str(statement_id).strip():
        raise reader.refuse("id", "thiếu id của phát biểu", "the statement has no id")
    reader.statement = str(statement_id)
    kind = reader.content.get("kind")
    parse = _KINDS.get(str(kind))
    if parse is None:
        raise reader.refuse(
            "kind",
            f"không có loại “{kind}”; các loại: {', '.join(_KINDS)}",
            f"there is no kind “{kind}”; the kinds are {', '.join(_KINDS)}",
        )
    return parse(reader)


def _parse_settlement(reader: _Reader, depth: int = 0) -> Settlement:
    reader.only("id", "kind", "parts", *COUNT_KEYS, *RATE_KEYS)
    counts = {
        key: count
        for key in COUNT_KEYS
        if (count := reader.number(read_count, key, reader.content.get(key))) is not None
    }
    rates = {
        key: rate
        for key in RATE_KEYS
        if (rate := _parse_rate(reader, key, reader.content.get(key))) is not None
    }
    parts: dict[str, Settlement] = {}
    if reader.content.get("parts") is not None:
        if depth == _DEEPEST_PARTS:
            raise reader.refuse("parts", "các phần lồng nhau quá sâu", "parts are nested too deep")
        for name, content in reader.mapping("parts").items():
            part = _Reader(f"{reader.statement} / {name}", content, reader.position)
            parts[str(name)] = _parse_settlement(part, depth + 1)
    return Settlement(statement_id=reader.statement, counts=counts, rates=rates, parts=parts)


def _parse_rate(reader: _Reader, key: str, content: object) -> PrintedRate | None:
    if content is None:
        return None
    if not isinstance(content, Mapping):
        content = {"percent": content}
    rate = _Reader(reader.statement, content, reader.position)
    for name in map(str, rate.content):
        if name not in {"percent", "of", "over", *_FREE_KEYS}:
            raise rate.refuse(
                f"{key}.{name}",
                "không có khóa này; các khóa: percent, of, over",
                "there is no such key; the keys are percent, of, over",
            )
    printed = rate.number(read_percent, f"{key}.percent", rate.content.get("percent"))
    of = _parse_term(rate, f"{key}.of", rate.content.get("of"))
    over = _parse_term(rate, f"{key}.over", rate.content.get("over"))
    return None if printed is None else PrintedRate(percent=printed, of=of, over=over)


def _parse_term(reader: _Reader, key: str, value: object) -> tuple[str, ...] | int | None:
    """Return what a rate divides: names of figures, added up, or a number."""
    if value is None:
        return None
    if isinstance(value, str):
        names = tuple(_FIGURES.get(name.strip().lower(), "") for name in value.split("+"))
        if all(names):
            return names
        if not any(character.isdigit() for character in value):
            raise reader.refuse(
                key,
                f"“{value}” không phải là tên một số liệu; các tên: {', '.join(COUNT_KEYS)}",
                f"“{value}” is not the name of a figure; the names are {', '.join(COUNT_KEYS)}",
            )
    return reader.number(read_count, key, value)


def _parse_partition(reader: _Reader) -> Partition:
    reader.only("id", "kind", "total", "parts")
    return Partition(
        statement_id=reader.statement,
        total=reader.number(read_number, "total", reader.content.get("total")),
        parts=reader.numbers("parts"),
    )


def _parse_ratio(reader: _Reader) -> Ratio:
    reader.only("id", "kind", "numerator", "denominator", "percent")
    return Ratio(
        statement_id=reader.statement,
        numerator=reader.number(read_number, "numerator", reader.content.get("numerator")),
        denominator=reader.number(read_number, "denominator", reader.content.get("denominator")),
        percent=reader.number(read_percent, "percent", reader.content.get("percent")),
    )


def _parse_same(reader: _Reader) -> Same:
    reader.only("id", "kind", "values")
    return Same(statement_id=reader.statement, values=reader.numbers("values"))


def _parse_carry(reader: _Reader) -> Carry:
    reader.only("id", "kind", "open_before", "carried_over")
    return Carry(
        statement_id=reader.statement,
        open_before=reader.number(read_count, "open_before", reader.content.get("open_before")),
        carried_over=reader.number(read_count, "carried_over", reader.content.get("carried_over")),
    )


def _parse_citation(reader: _Reader) -> Citation:
    reader.only("id", "kind", "text")
    text = reader.content.get("text")
    texts = [text] if isinstance(text, str) else text
    if not isinstance(texts, list) or not all(
        isinstance(one, str) and one.strip() for one in texts
    ):
        raise reader.refuse(
            "text",
            "cần một đoạn văn hoặc một danh sách đoạn văn",
            "a text or a list of texts is needed",
        )
    return Citation(statement_id=reader.statement, texts=tuple(texts))


_KINDS: dict[str, Callable[[_Reader], Statement]] = {
    "settlement": _parse_settlement,
    "partition": _parse_partition,
    "ratio": _parse_ratio,
    "same": _parse_same,
    "carry": _parse_carry,
    "citation": _parse_citation,
}
