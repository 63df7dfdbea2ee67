"""Endurance benchmark: odd and simultaneous forms, sent to a demonstration server by people of each role.

Everybody opens what they find and sends each form that they see: with values nobody expects, some of
them four times at one moment. Prints how many pages were opened and forms sent, and each answer that
was a failure of the server (500 and above, or none within the time) with what was sent; exits with 1
when there was one. What is found deserves a test of its own.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import threading
import time
from collections import Counter, deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
from lxml import html

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import django  # noqa: E402

django.setup()

from motcua.demonstration.province import PASSWORD  # noqa: E402
from tests.journeys.server import Server  # noqa: E402

ONE_OF_EACH = """
SELECT DISTINCT ON (post.role, agency.kind, agency.level) person.username
FROM people_post post
JOIN people_user person ON person.id = post.person_id
JOIN people_agency agency ON agency.id = post.agency_id
WHERE post.ends_on IS NULL AND person.is_active AND person.password LIKE '%%$%%'
ORDER BY post.role, agency.kind, agency.level, person.username
"""
ODD = (
    "", " ", "0", "-1", "1e309", "NaN", "99999999999999999999", "٣", "\x00", "a\x00b", "\ud7ff\ufffe",
    "30/02/2023", "2023-02-30", "29/02/2023", "01/01/0001", "31/12/9999", "24:00", "15/03/2023 25:61",
    "'", "\"><script>", "%s%n{}", "../../etc/passwd", "Tiê\u0301ng Việt", "e\u0301" * 60, "ữ" * 5000,
    "000.00.00.H19-230315-9999", "H19.99", "1,5", "1.234,56", "\u202e", "🙂", "\r\nSet-Cookie: a=b",
)  # fmt: skip
LEFT_ALONE = re.compile(r"^/tai-khoan/|^/i18n/")
AT_ONCE = 4
TIMEOUT_SECONDS = 30.0


@dataclass(kw_only=True)
class Found:
    """What all people did, and what went wrong."""

    statuses: Counter[int] = field(default_factory=Counter)
    pages: int = 0
    forms: int = 0
    failures: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, status: int, told: str, *, is_form: bool) -> None:
        with self.lock:
            self.statuses[status] += 1
            self.forms += is_form
            self.pages += not is_form
            if status >= 500 or status == 0:
                self.failures.append(f"{status or 'no answer'}: {told}")


class Visitor:
    """One person at the pages, who opens and sends whatever there is."""

    def __init__(self, server: Server, person: str, *, seed: str, alike: int, found: Found) -> None:
        self.person = person
        self._alike = alike
        self._client = httpx.Client(
            base_url=server.address, timeout=TIMEOUT_SECONDS, follow_redirects=True
        )
        self._random = random.Random(seed + person)
        self._found = found
        self._paths: set[str] = set()
        self._seen: Counter[str] = Counter()
        self._queue: deque[str] = deque(["/", "/viec-cua-toi/", "/ho-so/", "/bao-cao/", "/luat/"])

    def visit(self, until: float) -> None:
        """Walk from page to page until the time is over, or nothing new is left."""
        door = self._client.get("/tai-khoan/login/")
        token = html.fromstring(door.text).xpath("string(//*[@name='csrfmiddlewaretoken']/@value)")
        answer = self._post(
            "/tai-khoan/login/",
            {"login": self.person, "password": PASSWORD, "csrfmiddlewaretoken": token},
            here=str(door.url),
        )
        if answer is None or answer.url == door.url:
            self._found.note(0, f"{self.person} cannot sign in", is_form=True)
            return
        while self._queue and time.monotonic() < until:
            self._open(self._queue.popleft(), until)

    def _open(self, path: str, until: float) -> None:
        answer = self._ask("GET", path)
        if answer is None or "html" not in answer.headers.get("content-type", ""):
            return
        page: html.HtmlElement = html.document_fromstring(answer.text or "<p>")
        here = str(answer.url)
        for link in page.iter("a"):
            self._queue_up(urljoin(here, link.get("href") or ""))
        for form in page.forms:
            if time.monotonic() < until:
                self._send(form, here)

    def _queue_up(self, url: str) -> None:
        place = urlsplit(url)
        if place.netloc != self._client.base_url.netloc.decode() or LEFT_ALONE.match(place.path):
            return
        path = place.path + (f"?{place.query}" if place.query else "")
        if path in self._paths:
            return
        self._paths.add(path)
        shape = re.sub(r"[0-9A-F]{6,}|\d+", "N", path)
        self._seen[shape] += 1
        if self._seen[shape] <= self._alike:
            self._queue.append(path)

    def _send(self, form: Any, here: str) -> None:
        to = urljoin(here, form.action or here)
        shape = f"{form.method} {re.sub(r'[0-9]+', 'N', urlsplit(to).path)} {sorted(form.fields.keys())}"
        self._seen[shape] += 1
        if LEFT_ALONE.match(urlsplit(to).path) or self._seen[shape] > self._alike:
            return
        values = self._values(form)
        if form.method != "POST":
            self._ask("GET", urlsplit(to).path, params=values)
            return
        if self._seen[shape] % 2:
            self._post(to, values, here=here)
            return
        with ThreadPoolExecutor(AT_ONCE) as at_once:
            list(at_once.map(lambda _: self._post(to, values, here=here), range(AT_ONCE)))

    def _values(self, form: Any) -> dict[str, Any]:
        """Fill in a form: with what it holds, with a choice of its own, or with what nobody expects."""
        values: dict[str, Any] = {}
        for part in form.inputs:
            name, kind = part.name, getattr(part, "type", None)
            if not name or kind in {"submit", "button", "file"}:
                continue
            chance = self._random.random()
            if name == "csrfmiddlewaretoken" or chance < 0.4:
                if (held := part.value) is not None:
                    values[name] = held if isinstance(held, str) else list(held)
            elif chance < 0.6 and (choices := getattr(part, "value_options", None)):
                values[name] = self._random.choice(choices)
            elif chance < 0.95:
                values[name] = self._random.choice(ODD)
        buttons = form.xpath(".//button[@name]")
        if buttons:
            pressed = self._random.choice(buttons)
            values[pressed.get("name")] = pressed.get("value") or ""
        return values

    def _post(self, to: str, values: dict[str, Any], *, here: str) -> httpx.Response | None:
        return self._ask("POST", to, data=values, headers={"Referer": here})

    def _ask(self, method: str, path: str, **sent: Any) -> httpx.Response | None:
        values = sent.get("data") or sent.get("params") or ""
        told = f"{self.person}: {method} {path} {values}"[:1500]
        is_form = bool(sent)
        try:
            answer = self._client.request(method, path, **sent)
        except httpx.InvalidURL:
            return None
        except httpx.HTTPError as mishap:
            self._found.note(0, f"{told}: {mishap!r}", is_form=is_form)
            return None
        self._found.note(answer.status_code, told, is_form=is_form)
        return answer


def main() -> None:
    """Serve, send, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--alike", type=int, default=8, help="pages and forms opened of one shape")
    parser.add_argument("--seed", default="motcua", help="another one sends other values")
    options = parser.parse_args()
    server, found = Server(print), Found()
    try:
        server.start()
        people = [row[0] for row in server.ask(ONE_OF_EACH)]
        visitors = [
            Visitor(server, one, seed=options.seed, alike=options.alike, found=found)
            for one in people
        ]
        until = time.monotonic() + options.seconds
        with ThreadPoolExecutor(6) as at_work:
            list(at_work.map(lambda one: one.visit(until), visitors))
        _before, *traces = re.split(r"(?=Traceback \(most recent call last\))", server.said)
    finally:
        server.remove()
    print(f"{len(people)} people opened {found.pages} pages and sent {found.forms} forms")
    print(
        "answers: " + ", ".join(f"{n} of {status}" for status, n in sorted(found.statuses.items()))
    )
    for failure in found.failures[:40]:
        print(failure)
    for trace in traces[:5]:
        print(trace[-3000:])
    print(
        f"failures of the server: {len(found.failures)}; errors that it wrote down: {len(traces)}"
    )
    sys.exit(bool(found.failures or traces))


if __name__ == "__main__":
    main()
