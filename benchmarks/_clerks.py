"""What a clerk does all day, for locust: sign in, receive, look, complete a step, search; and a probe."""

from __future__ import annotations

import itertools
import os
import random
import re
from typing import Any
from urllib.parse import urlsplit

from locust import HttpUser, between, constant_throughput, events, task
from lxml import html

PASSWORD = os.environ["BENCH_PASSWORD"]
PAUSE = float(os.environ["BENCH_PAUSE"])
NAMES = ("Nguyễn Văn Ẵm", "Trần Thị Ngọc Lan", "Lê Hữu Phước", "Phạm Quỳnh Nga", "Võ Thùy Trang")
WORDS = ("nguyen", "tran thi", "phuoc", "trang", "000.01.01.H19-230315")
NUMBERS = itertools.count(1)


@events.init_command_line_parser.add_listener
def _refuse_other_hosts(parser: Any, **_more: Any) -> None:
    """Load is put on this machine only, whatever the command line says."""
    host = os.environ.get("BENCH_HOST", "")
    if urlsplit(host).hostname != "127.0.0.1":
        raise SystemExit(f"The load goes to 127.0.0.1 only, not to {host or 'nowhere'}.")


class Clerk(HttpUser):
    """One of the clerks of the centre, with an account of their own."""

    wait_time = between(PAUSE / 2, PAUSE * 1.5)

    def on_start(self) -> None:
        """Sign in as anybody does, and see which procedures there are."""
        self.cases: list[str] = []
        self.to_complete: list[str] = []
        form = self._form("/tai-khoan/login/", "sign-in page", "form[.//input[@name='password']]")
        form.fields["login"], form.fields["password"] = f"tai.{next(NUMBERS):02}", PASSWORD
        self._send(form, "sign in")
        page = self._get("/tiep-nhan/", "find a procedure")
        links = {urlsplit(link).path for link in page.xpath("//main//a/@href")}
        self.procedures = sorted(filter(re.compile(r"/tiep-nhan/[0-9.]+/").fullmatch, links))

    @task(4)
    def look_at_my_work(self) -> None:
        """Open the list that a clerk has open most of the day."""
        self._get("/viec-cua-toi/", "my work")

    @task(3)
    def receive(self) -> None:
        """Find a procedure, fill in its form with all papers there, and receive."""
        self._get(
            f"/tiep-nhan/?q={random.choice(('cap', 'dang ky', 'bang khen'))}", "find a procedure"
        )
        self.wait()
        form = self._form(random.choice(self.procedures), "reception form", "form[@id='reception']")
        for box in form.xpath(".//input[contains(@class, 'paper-full')]"):
            box.checked = True
        form.fields["applicant_full_name"] = f"{random.choice(NAMES)} {random.randrange(10**6)}"
        self.wait()
        place = self._send(form, "receive")
        if place.startswith("/ho-so/"):
            self._get(place, "case page")
            self.cases.append(place)
            self.to_complete.append(place)

    @task(3)
    def look_at_a_case(self) -> None:
        """Open one of the cases that the clerk received."""
        if self.cases:
            self._get(random.choice(self.cases), "case page")

    @task(2)
    def complete_a_step(self) -> None:
        """Send a received case on."""
        if not self.to_complete:
            return
        place = self.to_complete.pop()
        form = self._form(place, "case page", "form[contains(@action, '/buoc/')][.//textarea]")
        button = form.xpath(".//button[@name='outcome']/@value")[0]
        self.wait()
        self._send(form, "complete a step", outcome=button)

    @task(2)
    def search(self) -> None:
        """Look for a case by a name without diacritics or by the first half of a code."""
        self._get(f"/tim/?q={random.choice(WORDS)}", "search", follow=True)

    def _get(self, path: str, name: str, *, follow: bool = False) -> html.HtmlElement:
        with self.client.get(
            path, name=name, allow_redirects=follow, catch_response=True
        ) as answer:
            if answer.status_code != 200:
                answer.failure(f"{answer.status_code} instead of 200")
            return html.fromstring(answer.text or "<p>", base_url=self.host)

    def _form(self, path: str, name: str, which: str) -> Any:
        return self._get(path, name).xpath(f"//{which}")[0]

    def _send(self, form: Any, name: str, **pressed: str) -> str:
        """Send a form, which must be answered with another place; return that place."""
        values = [*form.form_values(), *pressed.items()]
        with self.client.post(
            urlsplit(form.action).path,
            data=values,
            name=name,
            allow_redirects=False,
            catch_response=True,
        ) as answer:
            if answer.status_code != 302:
                answer.failure(f"{answer.status_code} instead of 302")
            return str(answer.headers.get("Location", ""))


class Probe(HttpUser):
    """Whoever asks for the trivial page, as often as two clerks ask for theirs."""

    fixed_count = 1
    wait_time = constant_throughput(2)

    @task
    def ask_for_health(self) -> None:
        """Ask whether the server is well: one statement, no session, no template."""
        self.client.get("/healthz", name="/healthz")
