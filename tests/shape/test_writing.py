"""One way of writing for everyone: “quotation marks”, 24,4% without a space, ranges with “–”."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src/motcua"
CATALOGUE = PACKAGE / "locale/en/LC_MESSAGES/django.po"
NOT_SHOWN = {"tests", "migrations", "node_modules"}

ATTRIBUTE = re.compile(r"=\"[^\"]*\"")
FAULTS = {
    "quote with “ and ”": re.compile(r"[\u00ab\u00bb\u201e]|\"(?:\{\}|%\(\w+\)s)\"(?!\})"),
    "write 24,4%": re.compile(r"(?:^|[\d}]|\)[sd])[ \u00a0\u202f]%{1,2}(?=$|[\s.,;:)–])"),
    "write a range with “–”": re.compile(r"(?<![\w/.%-])\d{1,3} ?- ?\d{1,3}%? [^\W\d_]{2}"),
    "an extension is “hẹn lại”": re.compile(r"\b[Gg]ia hạn"),
}
# The titles of forms are the law's own.
WORDS_OF_THE_LAW = {"Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết"}


def faults(text: str) -> list[str]:
    """Return how a text is to be written, when it is not."""
    if text in WORDS_OF_THE_LAW or not any(letter.isalnum() or letter == "%" for letter in text):
        return []
    prose = ATTRIBUTE.sub("", text)
    return [rule for rule, pattern in FAULTS.items() if pattern.search(prose)]


def said_by_catalogue() -> Iterator[str]:
    with CATALOGUE.open("rb") as file:
        for message in read_po(file, locale="en"):
            for said in (message.id, message.string):
                yield from (said,) if isinstance(said, str) else said or ()


def said_by_modules() -> Iterator[str]:
    """Yield the constants of the modules, one with values in it as a whole."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if NOT_SHOWN.isdisjoint(path.parts) and "demonstration" not in path.parts:
            yield from constants(ast.parse(path.read_text()))


def constants(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.JoinedStr):
        yield "".join(
            str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
        )
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for part in ast.iter_child_nodes(node):
        if not isinstance(node, ast.JoinedStr) or isinstance(part, ast.FormattedValue):
            yield from constants(part)


def said_by_law() -> Iterator[str]:
    for path in sorted([*(ROOT / "law").rglob("*.yaml"), *PACKAGE.rglob("texts/*.yaml")]):
        yield from strings(yaml.safe_load(path.read_text()))


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for part in value.values() for text in strings(part))
    elif isinstance(value, list):
        yield from (text for part in value for text in strings(part))


def said_by_pages() -> Iterator[str]:
    """Yield the lines of the pages, without what the template language says."""
    for path in sorted(PACKAGE.rglob("templates/**/*.html")):
        for line in path.read_text().splitlines():
            yield re.sub(r"\{%.*?%\}", "", re.sub(r"\{\{.*?\}\}", "{}", line))


def said_by_scripts() -> Iterator[str]:
    """Yield what is quoted in the scripts of the browser and in the slips."""
    for path in sorted([*ROOT.glob("frontend/src/**/*.ts"), *PACKAGE.rglob("*.typ")]):
        for plain, filled in re.findall(r"\"([^\"\n]*)\"|`([^`]*)`", path.read_text()):
            yield plain or filled


@pytest.mark.parametrize(
    "said", [said_by_catalogue, said_by_modules, said_by_law, said_by_pages, said_by_scripts]
)
def test_what_people_read_is_written_in_one_way(said: Callable[[], Iterator[str]]) -> None:
    texts = list(said())

    assert len(texts) > 100
    assert [(text, found) for text in texts if (found := faults(text))] == []


@pytest.mark.parametrize(
    ("text", "is_wrong"),
    [
        ("Bước \u00abKý\u00bb", True),
        ("Bước “Ký”", False),
        ('Step "%(step)s" is open', True),
        ('<a href="%(url)s">Mở</a>', False),
        ("78 %", True),
        ("{} %", True),
        ("%(share)s %% thời hạn", True),
        ("24,4%, %(share)s%% thời hạn", False),
        ("5-10 ngày", True),
        ("5–10 ngày; 12-2023; QT-01 mới", False),
        ("Không thể gia hạn", True),
    ],
)
def test_another_way_of_writing_is_caught(text: str, is_wrong: bool) -> None:
    assert bool(faults(text)) is is_wrong


def test_days_and_times_are_asked_with_one_field_everywhere() -> None:
    own = re.compile(
        r"forms\.(?:Date|Time|DateTime|SplitDateTime)(?:Field|Input)\(|type=\"(?:date|time|datetime-local)"
    )
    # Stands on the floor of the shared field, and so beside it.
    apart = {PACKAGE / "look/inputs.py", PACKAGE / "people/forms.py"}
    sources = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("templates/**/*.html")]

    assert [
        path.relative_to(PACKAGE).as_posix()
        for path in sorted(sources)
        if path not in apart and "tests" not in path.parts and own.search(path.read_text())
    ] == []
