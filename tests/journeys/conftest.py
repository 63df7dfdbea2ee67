"""One server and one browser for the journeys of a process; a failed one leaves a picture."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Generator, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from motcua.project.tests.places import Prepared
from tests.journeys.desk import AXE, DESKTOP, PATIENCE_MS, Desk
from tests.journeys.server import ROOT, Server

PICTURES = ROOT / "var/journeys"
BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--in-process-gpu",
    # A page is left before its scripts could earn back what it costs to make them faster.
    "--js-flags=--no-opt --no-maglev --min-semi-space-size=64 --semi-space-growth-factor=4",
]

SitDown = Callable[[str], Desk]
_states = pytest.StashKey[dict[str, Any]]()


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark everything here as a journey, which needs a browser."""
    item.add_marker(pytest.mark.journey)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Take a picture of each browser when a journey fails, and name its file in the report."""
    report = yield
    desks: list[Desk] = getattr(item, "funcargs", {}).get("desks", [])
    if report.when == "call" and report.failed:
        PICTURES.mkdir(parents=True, exist_ok=True)
        for number, desk in enumerate(desks):
            name = re.sub(r"[^\w-]+", "-", item.name)
            picture = PICTURES / f"{name}-{number}-{desk.person or 'nobody'}.png"
            desk.page.screenshot(path=picture, full_page=True)
            report.sections.append((f"picture of {desk.page.url}", str(picture)))
    return report


# Ends with the last journey: where the browser's driver runs, Django believes that it is called
# from an event loop and refuses the database to all other tests.
@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    """A Chromium that all journeys share, each in a context of its own."""
    assert AXE.exists(), f"the front end is not built: no {AXE}"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def server(request: pytest.FixtureRequest, prepared: Prepared) -> Iterator[Server]:
    """The product with the demonstration in it."""
    capture = request.config.pluginmanager.getplugin("capturemanager")

    def tell(words: str) -> None:
        with capture.global_and_fixture_disabled():
            sys.stderr.write(f"{words}\n")

    server = Server(tell, prepared)
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture
def desks() -> list[Desk]:
    """Everybody who takes part in the journey."""
    return []


@pytest.fixture(scope="package")
def free_desks(browser: Browser) -> Iterator[dict[str, list[Desk]]]:
    """The desks at which nobody sits at the moment, by person: their browsers know the product."""
    free: dict[str, list[Desk]] = {}
    yield free
    for desk in (desk for found in free.values() for desk in found):
        desk.context.close()


@pytest.fixture
def sit_down(
    request: pytest.FixtureRequest,
    browser: Browser,
    server: Server,
    desks: list[Desk],
    free_desks: dict[str, list[Desk]],
) -> Iterator[SitDown]:
    """Seats a person, signed in, at a browser of their own; an empty name is a visitor.

    The browser has nothing of an earlier journey but what it has loaded.
    """
    states = request.config.stash.setdefault(_states, {})

    def seat(person: str) -> Desk:
        desk = free_desks[person].pop() if free_desks.get(person) else None
        if desk is None:
            desk = _new_desk(browser, server, person, states)
        desks.append(desk)
        return desk

    yield seat
    wrongs = _wrongs(desks)
    for desk in desks:
        if desk.person in states and desk.tidy_up(states[desk.person]):
            free_desks.setdefault(desk.person, []).append(desk)
        else:
            desk.context.close()
    assert wrongs == []


@pytest.fixture(scope="module")
def kept_desks() -> Iterator[dict[str, Desk]]:
    """The desks of a file whose tests only look: each person keeps theirs, and what it has loaded."""
    kept: dict[str, Desk] = {}
    yield kept
    for desk in kept.values():
        desk.context.close()


@pytest.fixture
def go_back_to(
    request: pytest.FixtureRequest,
    browser: Browser,
    server: Server,
    desks: list[Desk],
    kept_desks: dict[str, Desk],
) -> Iterator[SitDown]:
    """Seats a person where they sat before in this file: only for tests that leave no trace."""
    states = request.config.stash.setdefault(_states, {})

    def seat(person: str) -> Desk:
        if person not in kept_desks:
            kept_desks[person] = _new_desk(browser, server, person, states)
        desks.append(kept_desks[person])
        return kept_desks[person]

    yield seat
    wrongs = _wrongs(desks)
    for desk in desks:
        desk.wrongs.clear()
    assert wrongs == []


def _new_desk(browser: Browser, server: Server, person: str, states: dict[str, Any]) -> Desk:
    """Open a browser of their own for a person, signed in."""
    context = browser.new_context(
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        viewport=DESKTOP,  # type: ignore[arg-type]
        reduced_motion="reduce",
        storage_state=states.get(person),
    )
    desk = Desk(context, address=server.address, person=person)
    if person and person not in states:
        desk.sign_in()
        states[person] = context.storage_state()
    return desk


def _wrongs(desks: list[Desk]) -> list[str]:
    return [f"{desk.person}: {wrong}" for desk in desks for wrong in desk.wrongs]
