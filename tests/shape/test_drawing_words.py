"""Each text that the drawing library can show on the drawing page has its Vietnamese."""

from __future__ import annotations

import re
from pathlib import Path

FRONTEND = Path(__file__).parents[2] / "frontend"
# Texts of elements and tools that the page does not offer, so that nobody meets them.
NOT_OFFERED = re.compile(
    r"^(Append (?!user|exclusive|parallel|end)|Append end event$|Create (?!start|end)|Collection$|Loop$|"
    r"Parallel multi|Sequential multi|Participant multi|Connect using|Add text annotation$|HELLO|Align elements $)"
)


def vietnamese() -> set[str]:
    text = (FRONTEND / "src/drawing/vietnamese.ts").read_text()
    return {
        quoted or bare
        for quoted, bare in re.findall(r'^  (?:"([^"]+)"|(\w+)):', text, re.MULTILINE)
    }


def test_what_the_page_offers_is_said_in_vietnamese() -> None:
    text = (FRONTEND / "src/drawing/modeler.ts").read_text()
    offered = set(
        re.findall(r'"((?:Create|Append|Activate|Add lane|Connect|Change|Delete) ?[^"]*)"', text)
    )
    sorts = re.search(r"const SORTS.*?};", text, re.DOTALL)
    assert sorts is not None
    offered |= set(re.findall(r': "([^"]+)"', sorts[0]))

    assert len(offered) > 20
    assert offered - vietnamese() == set()


def test_what_the_library_says_by_itself_is_said_in_vietnamese() -> None:
    sources = [
        *(FRONTEND / "node_modules/bpmn-js/lib").rglob("*.js"),
        *(FRONTEND / "node_modules/diagram-js/lib").rglob("*.js"),
    ]
    said = {
        text
        for source in sources
        for text in re.findall(r"translate\('([A-Za-z{][^']*)'", source.read_text())
        if not NOT_OFFERED.match(text)
    }

    assert len(said) > 10
    assert said - vietnamese() == set()
