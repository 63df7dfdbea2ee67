"""Collects the Vietnamese strings that people see, and keeps the English beside them in step."""

from __future__ import annotations

import argparse
import io
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = Path("src/motcua")
ENGLISH = Path("src/motcua/locale/en/LC_MESSAGES/django.po")

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
NOT_SEEN = {"tests", "migrations"}
# The moments and names that Babel would write change with every run, or say nothing.
HEADER = """\
# English for the Vietnamese of the sources; script/messages keeps the two in step.
msgid ""
msgstr ""
"Project-Id-Version: motcua\\n"
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
PLACEHOLDER = re.compile(r"%\((\w+)\)[-+0 #\d.]*[a-z]|%[-+0#\d.]*([a-z%])|\{(\w*)[^{}]*\}")
TAG = re.compile(r"</?(?:a|abbr|b|br|code|em|i|kbd|span|strong)(?:\s[^<>]*)?>")
# Quoted words must be typed as they stand; the symbol of a document is part of its name.
QUOTED = re.compile(r"“[^”]*”|\d+/\d{4}/\S+")
VIETNAMESE_LETTER = re.compile(r"[ăâđêôơưĂÂĐÊÔƠƯ\u0300-\u036f]")


class Found(NamedTuple):
    """One string of the sources, with its plural and context if it has them, and its file."""

    text: str
    plural: str
    context: str
    file: str


def list_sources(root: Path) -> Iterator[Path]:
    """Yield the modules and templates whose strings people may see."""
    for path in sorted((root / PACKAGE).rglob("*")):
        is_template = "templates" in path.parts and path.suffix in {".html", ".txt"}
        inside = path.relative_to(root)
        if (path.suffix == ".py" or is_template) and not NOT_SEEN.intersection(inside.parts):
            yield path


def find_strings(path: Path, root: Path) -> Iterator[Found]:
    """Yield every string of one source file that is handed to gettext."""
    code = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Blanked-out markup may be indented in ways that Python's tokeniser refuses.
        lines = templatize(code, origin=str(path.relative_to(root))).splitlines()
        code = "\n".join(line.lstrip() for line in lines)
    for _line, message, _comments, context in extract(
        "python", io.BytesIO(code.encode()), KEYWORDS
    ):
        text, plural = message if isinstance(message, tuple) else (message, "")
        yield Found(text, plural, context or "", path.relative_to(root).as_posix())


def collect(root: Path) -> Catalog:
    """Return a catalogue, without translations, of everything that the sources say."""
    catalogue = Catalog(locale="en")
    for source in list_sources(root):
        for found in sorted(set(find_strings(source, root))):
            catalogue.add(
                (found.text, found.plural) if found.plural else found.text,
                string="",
                locations=[(found.file, 1)],
                context=found.context or None,
            )
    return catalogue


def read(path: Path) -> Catalog:
    """Return the catalogue of a .po file; an absent file is an empty one."""
    if not path.exists():
        return Catalog(locale="en")
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3], abort_invalid=True)


def write(path: Path, catalogue: Catalog) -> None:
    """Write a .po file: sorted, one string a line, files without line numbers."""
    body = io.BytesIO()
    write_po(body, catalogue, width=0, omit_header=True, sort_output=True, include_lineno=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(HEADER.encode() + body.getvalue().strip() + b"\n")


def translated(sources: Catalog, known: Catalog) -> Catalog:
    """Return the strings of the sources with the translations that are known."""
    for message in sources:
        before = known.get(message.id, message.context) if message.id else None
        if before and not before.fuzzy and before.pluralizable == message.pluralizable:
            message.string = before.string
    return sources


def forms(value: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """Return the singular and, if there is one, the plural of a string."""
    return (value,) if isinstance(value, str) else tuple(value or ())


def placeholders(text: str) -> tuple[set[str], Counter[str]]:
    """Return what is filled in: the names, and how often each kind without a name."""
    names: set[str] = set()
    nameless: Counter[str] = Counter()
    for match in PLACEHOLDER.finditer(text):
        name, kind, brace = match.groups()
        if name or brace:
            names.add(name or brace)
        elif kind != "%":
            nameless[kind or "{}"] += 1
    return names, nameless


def has_vietnamese_letters(text: str) -> bool:
    """Say whether a text has letters that no English word has."""
    return bool(VIETNAMESE_LETTER.search(unicodedata.normalize("NFD", text)))


def faults(message: Message) -> Iterator[str]:
    """Yield what is wrong with one string and its English."""
    sources, english = forms(message.id), forms(message.string)
    if any(not unicodedata.is_normalized("NFC", text) for text in (*sources, *english)):
        yield "is not in Unicode NFC"
    if not all(english):
        yield "has no English"
        return
    if message.fuzzy:
        yield "is marked fuzzy"
    if any(placeholders(text) != placeholders(sources[0]) for text in (*sources, *english)):
        yield "has other placeholders in English"
    if any(sorted(TAG.findall(text)) != sorted(TAG.findall(sources[0])) for text in english):
        yield "has other HTML in English"
    if any(has_vietnamese_letters(QUOTED.sub("", text)) for text in english):
        yield "has Vietnamese letters in its English"


def list_problems(sources: Catalog, known: Catalog) -> list[str]:
    """Return one line for each string that is missing, left over or wrongly translated."""
    told = []
    for message in sources:
        if not message.id:
            continue
        before = known.get(message.id, message.context)
        if before is None:
            told.append(f"has no English: {forms(message.id)[0]!r} ({_files(message)})")
        elif before.pluralizable != message.pluralizable:
            told.append(f"has a plural in one place only: {forms(message.id)[0]!r}")
        else:
            told += [f"{fault}: {forms(message.id)[0]!r}" for fault in faults(before)]
    told += [
        f"is no longer in the sources: {forms(message.id)[0]!r}"
        for message in known
        if message.id and sources.get(message.id, message.context) is None
    ]
    return told


def _files(message: Message) -> str:
    return ", ".join(sorted({file for file, _line in message.locations}))


def main() -> int:
    """Update the English file, or with --check only compare; tell what remains to be done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, only compare")
    arguments = parser.parse_args()
    sources, known = collect(ROOT), read(ROOT / ENGLISH)
    if not arguments.check:
        write(ROOT / ENGLISH, translated(sources, known))
        known = read(ROOT / ENGLISH)
    problems = list_problems(sources, known)
    for problem in problems:
        print(problem)
    print(f"{len(sources)} strings, {len(problems)} problems. The English is in {ENGLISH}.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
