"""The register of legal documents that citations are checked against."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

_YEAR = re.compile(r"\bnăm (\d{4})\b")
_SYMBOL_START = re.compile(r"(\d+)(?:/(\d{4}))?[/-](.+)")


class RegisterError(Exception):
    """The register of legal documents has an entry that cannot be used."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LegalDocument:
    """A legal document as the register has it."""

    symbol: str
    kind: str
    signed_on: date | None
    title: str
    aliases: tuple[str, ...]
    source: str
    is_verified: bool

    @property
    def parts(self) -> tuple[int, str, str]:
        """Return number, year (or nothing) and the letters of the symbol, ready to compare."""
        return split_symbol(self.symbol)

    @property
    def title_years(self) -> frozenset[str]:
        """Return the years that the title names ("kế hoạch … năm 2023")."""
        return frozenset(_YEAR.findall(tidy(self.title)))


@dataclass(frozen=True, slots=True)
class Register:
    """All legal documents that citations are checked against."""

    documents: tuple[LegalDocument, ...] = ()

    def with_symbol(self, symbol: str) -> tuple[LegalDocument, ...]:
        """Return the documents that carry a symbol, in any of its spellings."""
        wanted = comparable(symbol)
        return tuple(
            one
            for one in self.documents
            if wanted in {comparable(one.symbol), *map(comparable, one.aliases)}
        )


def read_register(content: Mapping[str, object]) -> Register:
    """Return the register held in law/documents.yaml, given as plain values.

    Raises RegisterError.
    """
    listed = content.get("documents")
    if not isinstance(listed, list):
        raise RegisterError("documents: a list is needed")
    return Register(tuple(_read_document(one) for one in listed))


def _read_document(entry: object) -> LegalDocument:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("symbol"), str):
        raise RegisterError(f"documents: an entry has no symbol: {entry!r}")
    symbol = entry["symbol"]
    signed_on, status = entry.get("date"), entry.get("status")
    if signed_on is not None and not isinstance(signed_on, date):
        raise RegisterError(f"{symbol}: date must be a date or null, not {signed_on!r}")
    if status not in {"verified", "unverified"}:
        raise RegisterError(f"{symbol}: status must be verified or unverified, not {status!r}")
    if not entry.get("source"):
        raise RegisterError(f"{symbol}: source is missing")
    return LegalDocument(
        symbol=symbol,
        kind=str(entry.get("kind") or ""),
        signed_on=signed_on,
        title=str(entry.get("title") or ""),
        aliases=tuple(str(alias) for alias in entry.get("aliases") or ()),
        source=str(entry["source"]),
        is_verified=status == "verified",
    )


def tidy(text: str) -> str:
    """Return text with one way to write each letter, dash and space."""
    text = unicodedata.normalize("NFC", text).replace("Ð", "Đ")
    text = re.sub("[‐‑‒–—−]", "-", text)
    return " ".join(text.split())


def comparable(symbol: str) -> str:
    """Return a symbol so that spellings of one document are equal: 1/2018/TT-VPCP, 01/2018/TT-VPCP."""
    text = re.sub(r"\s*([/-])\s*", r"\1", tidy(symbol)).upper().replace("Đ", "D")
    return re.sub(r"\b0+(?=\d+[/-])", "", text)


def split_symbol(symbol: str) -> tuple[int, str, str]:
    """Return number, year (or nothing) and letters of a symbol: (45, "2020", "ND-CP")."""
    match = _SYMBOL_START.match(comparable(symbol))
    return (int(match[1]), match[2] or "", match[3]) if match else (0, "", comparable(symbol))
