"""CITATION: legal documents cited with a date, number or year other than the register's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from motcua.engine.auditor.dates import DATE, date_numbers
from motcua.engine.auditor.findings import Finding, FindingClass, Severity
from motcua.engine.auditor.register import LegalDocument, Register, split_symbol, tidy
from motcua.engine.auditor.statements import Citation
from motcua.engine.auditor.wording import Words
from motcua.engine.explain import Because

_LETTERS = r"[A-ZĐ][A-ZĐ0-9]*g?"
_SYMBOL = re.compile(
    rf"(?<![\d/])\d{{1,5}}\s?(?:/\s?(?:\d{{4}}\s?/\s?)?{_LETTERS}(?:\s?-\s?{_LETTERS})?(?:-\s?{_LETTERS})*"
    rf"|-\s?{_LETTERS}/{_LETTERS})(?![\w/])"
)
_DATE = re.compile(DATE, re.IGNORECASE)
# "của Chính phủ" may stand between a symbol and its date; "có hiệu lực từ ngày" is another date.
_UP_TO_DATE = re.compile(
    r"\s*(?:của [^\d,;.()]{2,60}?)?\s*,?\s*(?:(?:ban hành|ký)\s+)?(?:ngày\s+|\(\s*(?:ngày\s+)?)",
    re.IGNORECASE,
)
_FROM_DATE = re.compile(r",?[^\d.;]{0,60}\bban hành\b[^\d.;]{0,40}", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[;]|\.(?=\s|$)")
_YEAR = re.compile(r"\bnăm (\d{4})\b", re.IGNORECASE)
_REACH = 160

DATE_ASPECT = Words("ngày ban hành", "date")
NUMBER_ASPECT = Words("số, ký hiệu", "number")
YEAR_ASPECT = Words("năm", "year")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Mention:
    """A legal document cited in a text: its symbol, its printed date, and the words that follow."""

    symbol: str
    documents: tuple[LegalDocument, ...]
    day: tuple[int, int, int] | None
    day_text: str
    following: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Mismatch:
    """One thing that a text prints otherwise than the register has it."""

    document: LegalDocument
    aspect: Words
    printed: str
    expected: str


def cites_a_document(text: str) -> bool:
    """Say whether a passage names a legal document by its symbol."""
    return _SYMBOL.search(text) is not None


def check_citation(citation: Citation, register: Register) -> Iterator[Finding]:
    """Yield a finding for each document and aspect cited otherwise than the register has it.

    A document that the register does not know is not tested. One document cited wrongly in
    several passages of one statement is one finding.
    """
    grouped: dict[tuple[str, str], list[_Mismatch]] = {}
    for text in citation.texts:
        for mention in _mentions(tidy(text), register):
            for mismatch in _mismatches(mention, register):
                key = (mismatch.document.symbol, mismatch.aspect.en)
                grouped.setdefault(key, []).append(mismatch)
    for mismatches in grouped.values():
        yield _finding(citation.statement_id, mismatches)


def _mentions(text: str, register: Register) -> list[_Mention]:
    spans: list[tuple[int, int, tuple[LegalDocument, ...]]] = [
        (*match.span(), register.with_symbol(match.group())) for match in _SYMBOL.finditer(text)
    ]
    for document in register.documents:
        for match in _short_names(document).finditer(text):
            if not any(start < match.end() and match.start() < end for start, end, _ in spans):
                spans.append((*match.span(), (document,)))
    spans.sort(key=lambda span: span[0])
    mentions = []
    for place, (start, end, documents) in enumerate(spans):
        stop = spans[place + 1][0] if place + 1 < len(spans) else len(text)
        date = _date_after(text, end, stop) or _date_before(text, start)
        after = text[date.end() if date and date.start() >= end else end : stop]
        mentions.append(
            _Mention(
                symbol=text[start:end],
                documents=documents,
                day=date_numbers(date) if date else None,
                day_text=date.group() if date else "",
                following=_SENTENCE_END.split(after, maxsplit=1)[0],
            )
        )
    return mentions


def _short_names(document: LegalDocument) -> re.Pattern[str]:
    """Return a pattern for the names without letters: "Nghị định 45/2020", "NĐ số 45/2020"."""
    number, year, _ = document.parts
    names = [_pattern(alias) for alias in document.aliases]
    if year and document.kind:
        names.append(rf"{_pattern(document.kind)}\s+(?:số\s+)?0*{number}/{year}")
    either = "|".join(names) or r"(?!)"
    return re.compile(rf"(?<!\w)(?:{either})(?![\w/-])", re.IGNORECASE)


def _pattern(name: str) -> str:
    return r"\s+(?:số\s+)?".join(re.escape(word) for word in tidy(name).split(" "))


def _date_after(text: str, end: int, stop: int) -> re.Match[str] | None:
    lead = _UP_TO_DATE.match(text, end, stop)
    return _DATE.match(text, lead.end(), stop) if lead else None


def _date_before(text: str, start: int) -> re.Match[str] | None:
    """Return the date of "Ngày 06/12/2021, Chính phủ ban hành Nghị định số …"."""
    dates = list(_DATE.finditer(text, max(0, start - _REACH), start))
    if dates and _FROM_DATE.fullmatch(text, dates[-1].end(), start):
        return dates[-1]
    return None


def _mismatches(mention: _Mention, register: Register) -> Iterator[_Mismatch]:
    if not mention.documents:
        yield from _other_number(mention, register)
        return
    document = next(
        (one for one in mention.documents if mention.day == _day(one)), mention.documents[0]
    )
    is_same_day = mention.day == _day(document)
    has_own_year = bool(document.parts[1])
    if mention.day and document.signed_on and not is_same_day:
        if not has_own_year and not _may_be(document, mention):
            return
        yield _Mismatch(
            document=document,
            aspect=DATE_ASPECT,
            printed=mention.day_text,
            expected=f"{document.signed_on:%d/%m/%Y}",
        )
    if is_same_day or has_own_year:
        yield from _other_year(mention, document)


def _day(document: LegalDocument) -> tuple[int, int, int] | None:
    signed = document.signed_on
    return (signed.day, signed.month, signed.year) if signed else None


def _may_be(document: LegalDocument, mention: _Mention) -> bool:
    """Return whether a symbol that starts again each year can mean this document, misdated."""
    day, signed = mention.day, _day(document)
    if day is None or signed is None:
        return False
    return day[:2] == signed[:2] or day[2] == signed[2] or _has_title(mention, document)


def _other_year(mention: _Mention, document: LegalDocument) -> Iterator[_Mismatch]:
    """Yield a mismatch when the words after a citation name another year than the title does."""
    years = set(_YEAR.findall(mention.following))
    signed_in = {str(document.signed_on.year)} if document.signed_on else set()
    if len(document.title_years) == 1 and len(years - signed_in) == 1:
        if not years & document.title_years and _has_title(mention, document):
            yield _Mismatch(
                document=document,
                aspect=YEAR_ASPECT,
                printed=(years - signed_in).pop(),
                expected=next(iter(document.title_years)),
            )


def _has_title(mention: _Mention, document: LegalDocument) -> bool:
    """Return whether the words after a citation are, years apart, those of a document's title."""
    title = {word for word in _words(document.title) if not word.isdigit()}
    return len(title) >= 4 and len(title & _words(mention.following)) >= 0.8 * len(title)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", tidy(text).lower()))


def _other_number(mention: _Mention, register: Register) -> Iterator[_Mismatch]:
    """Yield a mismatch when an unknown symbol is, by date and title, a known document's."""
    number, year, letters = split_symbol(mention.symbol)
    for document in register.documents:
        known_number, known_year, known_letters = document.parts
        if mention.day and document.signed_on and mention.day != _day(document):
            continue
        is_same_day = mention.day is not None and mention.day == _day(document)
        is_alike = letters == known_letters and (
            number == known_number
            or (year == known_year and sorted(str(number)) == sorted(str(known_number)))
        )
        is_titled = letters == known_letters and _has_title(mention, document)
        is_other_kind = bool(year) and (number, year) == (known_number, known_year)
        if (is_same_day and (is_alike or is_titled or is_other_kind)) or (
            is_titled and bool(year) and year == known_year
        ):
            yield _Mismatch(
                document=document,
                aspect=NUMBER_ASPECT,
                printed=mention.symbol,
                expected=document.symbol,
            )
            return


def _finding(statement: str, mismatches: list[_Mismatch]) -> Finding:
    first = mismatches[0]
    document, aspect = first.document, first.aspect
    printed = "; ".join(dict.fromkeys(one.printed for one in mismatches))
    name = f"{document.kind} {document.symbol}".strip()
    doubt = Words("", "")
    if not document.is_verified:
        doubt = Words(
            " (mục này của sổ văn bản chưa được đối chiếu với bản gốc)",
            " (the register's entry has not been checked against the original)",
        )
    return Finding(
        statement=statement,
        finding_class=FindingClass.CITATION,
        severity=Severity.ERROR,
        printed=printed,
        expected=first.expected,
        difference=None,
        because=Because(
            vi=f"{name}: {aspect.vi} in {printed} không khớp với sổ văn bản: "
            f"{first.expected}{doubt.vi}.",
            en=f"{name}: {aspect.en} printed as {printed} does not reconcile with the register of "
            f"documents: {first.expected}{doubt.en}.",
            source=document.source,
            is_verified=document.is_verified,
        ),
    )
