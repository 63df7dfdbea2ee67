"""The table of functions: every one of the requirements stands there once, and what it names is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from django.core.management import get_commands
from django.urls import resolve

from motcua.cases.letters import BY_ADDRESS
from motcua.desk.case_clock import BY_SLUG

TABLE = Path(__file__).parents[2] / "docs" / "reference" / "functions.md"
IDS = [*(f"F-{n:02}" for n in range(1, 32)), *(f"P-{n:02}" for n in range(1, 19))]
ROWS = {"| F-", "| P-"}
FILLED = {"<code>": "X", "<key>": "x", "<id>": "1"}


class Line(NamedTuple):
    id: str
    function: str
    english: str
    where: str
    state: str

    @property
    def addresses(self) -> list[str]:
        return [place for place in self.where.split(", ") if place.startswith("/")]

    @property
    def commands(self) -> list[str]:
        return re.findall(r"`motcua ([a-z_]+)`", self.where)


def lines() -> list[Line]:
    rows = [row for row in TABLE.read_text(encoding="utf-8").splitlines() if row[:4] in ROWS]
    return [Line(*(cell.strip() for cell in row.strip("|").split(" | "))) for row in rows]


def test_every_function_stands_there_once_and_in_order() -> None:
    assert [line.id for line in lines()] == IDS


@pytest.mark.parametrize("line", lines(), ids=lambda line: line.id)
def test_every_address_leads_somewhere_and_every_command_is_one(line: Line) -> None:
    for address in line.addresses:
        place = re.sub("<[a-z]+>", lambda part: FILLED[part[0]], address)
        assert resolve(place).func is not None, address
        if found := re.search(r"/thoi-han/([a-z-]+)/$", address):
            assert found[1] in BY_SLUG, address
        if found := re.search(r"/giay/([a-z-]+)\.pdf$", address):
            assert found[1] in BY_ADDRESS, address
    assert set(line.commands) <= set(get_commands())
    told = [*line.addresses, *(f"`motcua {command}`" for command in line.commands)]
    assert sorted(line.where.split(", ")) == sorted(told or ["–"])


@pytest.mark.parametrize("line", lines(), ids=lambda line: line.id)
def test_the_state_is_there_partly_or_not_there_and_says_what_is_missing(line: Line) -> None:
    state, _colon, missing = line.state.partition(": ")

    assert state in {"there", "partly", "not there"}
    assert (line.where == "–") == (state == "not there")
    assert missing if state == "partly" else True
    assert not (missing and state == "there"), "what is missing makes it partly there"
