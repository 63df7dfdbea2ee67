"""A walk through the cells of a report: each counted one is opened, and its rows are compared with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html import unescape

# Gives the text of a page by its address.
Get = Callable[[str], str]

_FIGURE = r"[\d.]+(?:,\d+)?"
# A cell that opens to its rows: its whole text is a count.
_OPENS = re.compile(
    r'<a href="(/bao-cao/(?:bieu/\w+/(?:ho-so|thu-tuc)|mot-cua/ho-so|tre-han/ho-so|tai-cho|tai-cho/ho-so'
    r'|qua-tai/viec)/\?[^"]*)"[^>]*>(?:<b>)?([\d.]+)(?:</b>)?</a>'
)
_EXPLAINED = re.compile(r'<a class="explain" href="([^"]+)"[^>]*>(.*?)</a>', re.DOTALL)
_ANSWER = re.compile(rf'class="explain-answer">({_FIGURE}|–)')
_LISTS = re.compile(r'<a href="([^"]+)">[^<]*\(([\d.]+)\)</a>')
_NEXT = re.compile(r'<a href="([^"]+)" rel="next"')
_ROW = re.compile(r'<(?:a|span) class="cell-title[" ]')


@dataclass
class Walk:
    """What a walk has opened so far, and what did not agree."""

    get: Get
    opened: dict[str, int] = field(default_factory=dict)
    explained: dict[str, str] = field(default_factory=dict)
    cells: int = 0
    wrong: list[str] = field(default_factory=list)

    def through(self, addresses: Iterable[str]) -> Walk:
        """Open each counted cell of these pages, and each list behind an explained one."""
        for address in addresses:
            page = self.get(address)
            for url, words in _OPENS.findall(page):
                self._open(unescape(url), words, address)
            for url, inner in _EXPLAINED.findall(page):
                words = re.sub(r"<[^>]+>", "", inner).strip()
                # Heads of columns are no cells, and what nobody entered is not counted.
                if re.fullmatch(_FIGURE, words):
                    self._explain(unescape(url), words, address)
        return self

    def _open(self, url: str, words: str, where: str) -> None:
        self.cells += 1
        if url not in self.opened:
            self.opened[url] = count_rows(self.get, url)
        if self.opened[url] != int(words.replace(".", "")):
            self.wrong.append(f"{where}: {words}, but {self.opened[url]} rows behind {url}")

    def _explain(self, url: str, words: str, where: str) -> None:
        page = self.explained.get(url) or self.get(url)
        is_new = url not in self.explained
        self.explained[url] = page
        self.cells += 1
        answer = _ANSWER.search(page)
        said = answer[1] if answer else "nothing"
        # In a sentence a whole rate is written without its decimals.
        if said.removesuffix(",00") != words.removesuffix(",00"):
            self.wrong.append(f"{where}: {words}, but {said} is explained at {url}")
        for behind, number in _LISTS.findall(page) if is_new else ():
            self._open(unescape(behind), number, url)


def cells_of(page: str) -> list[str]:
    """Return the addresses behind the cells of a page: lists, and explanations."""
    return [unescape(url) for url, _words in (*_OPENS.findall(page), *_EXPLAINED.findall(page))]


def count_rows(get: Get, url: str) -> int:
    """Return how many rows a list has on all its pages."""
    address, rows = url.partition("#")[0], 0
    while True:
        page = get(address)
        rows += len(_ROW.findall(page))
        following = _NEXT.search(page)
        if following is None:
            return rows
        address = address.partition("?")[0] + "?" + unescape(following[1]).partition("?")[2]
