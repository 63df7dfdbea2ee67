"""A person at a browser, and what a person sees: errors, focus, contrast, a page that fits."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pypdfium2
from lxml import html
from playwright.sync_api import (
    APIResponse,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
)

from motcua.demonstration.province import PASSWORD

AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa")
# The page is the same on a phone but for its layout, and by night but for its colours.
OF_COLOURS = ("color-contrast",)
OF_LAYOUT = (
    "target-size",
    "scrollable-region-focusable",
    "link-in-text-block",
    "meta-viewport",
    "css-orientation-lock",
    "aria-hidden-focus",
    "aria-hidden-body",
    "button-name",
    "link-name",
    "label",
    "select-name",
    "nested-interactive",
)
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
# Machines that do other things at the same time are slow; nothing waits longer than it must.
PATIENCE_MS = 60_000

_FIND_VIOLATIONS = """([where, rules]) => axe.run(where, {runOnly: rules, resultTypes: ['violations']}).then(
    found => found.violations.flatMap(rule => rule.nodes.map(node =>
        `${rule.id}: ${node.target.join(' ')}: ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message}`
    )))"""
# Of the rows of a list that are built alike, the first two are looked at (stripes go in turns): what
# is wrong with the others is wrong with these, and axe takes longer for each row than for the last.
_TAKE_REPEATED_ROWS_AWAY = """() => {
    const shape = row => [row, ...row.querySelectorAll('*')].map(part => [
        part.tagName, part.getAttribute('class'), part.getAttribute('style'),
        part.getAttributeNames().join(), part.textContent.trim() === '',
    ].join('|')).join('/');
    window.taken = [];
    for (const list of document.querySelectorAll('main :is(tbody, ul, ol, dl, div, section)')) {
        if (list.childElementCount <= 6 || !list.isConnected) continue;
        const seen = new Map();
        for (const row of [...list.children]) {
            const built = shape(row);
            seen.set(built, (seen.get(built) ?? 0) + 1);
            if (seen.get(built) > 2) {
                const place = document.createComment('');
                row.replaceWith(place);
                window.taken.push([place, row]);
            }
        }
    }
}"""
_PUT_THEM_BACK = """() => {
    for (const [place, row] of window.taken.reverse()) place.replaceWith(row);
}"""
# What has words of its own or is pressed, and is drawn.
_SEEN = """const seen = () => [...document.querySelectorAll('body *')].filter(one =>
    (one.matches('a, button, input, select, textarea')
        || [...one.childNodes].some(part => part.nodeType === 3 && part.textContent.trim()))
    && one.checkVisibility({visibilityProperty: true, opacityProperty: true})
    && one.getClientRects().length > 0);"""
_NOTE_WHAT_IS_SEEN = f"() => {{ {_SEEN} window.seen_before = new Set(seen()); }}"
_MARK_WHAT_IS_NEW = f"""() => {{ {_SEEN}
    const shown = seen().filter(one => !window.seen_before.has(one));
    for (const one of shown) one.dataset.new = '';
    return shown.length;
}}"""
# What axe does not look at: whether the border of a box stands out from what is behind it, three to
# one (WCAG 2.2, 1.4.11). Boxes that the browser itself draws are its own affair.
_FIND_FAINT_BOXES = """() => {
    const brush = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
    const light = (...colours) => {
        brush.fillStyle = 'white';
        brush.fillRect(0, 0, 1, 1);
        for (const colour of colours) { brush.fillStyle = colour; brush.fillRect(0, 0, 1, 1); }
        const [r, g, b] = [...brush.getImageData(0, 0, 1, 1).data].map(part =>
            (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
    };
    const behind = one => {
        const all = [];
        for (let at = one.parentElement; at; at = at.parentElement)
            all.unshift(getComputedStyle(at).backgroundColor);
        return all;
    };
    return [...document.querySelectorAll('main :is(input, select, textarea):not([type=hidden])')]
        .filter(box => box.checkVisibility({visibilityProperty: true, opacityProperty: true})
            && !box.disabled && getComputedStyle(box).appearance === 'none')
        .filter(box => {
            const style = getComputedStyle(box), ground = behind(box), under = light(...ground);
            const stands_out = colour => {
                const over = light(...ground, colour);
                return Math.max(over, under) / Math.min(over, under) >= 2.95;
            };
            return !stands_out(style.borderTopColor) && !stands_out(style.backgroundColor);
        })
        .map(box => `${box.type} ${box.name || box.id}: its border is too faint`);
}"""
# What pages keep in the browser, but for its cookies and for what it has loaded.
_LEFT_BEHIND = "local_storage,indexeddb,websql,service_workers,cache_storage"
_SHOWS_FOCUS = """() => {
    const style = getComputedStyle(document.activeElement);
    const has_outline = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    return has_outline || style.boxShadow !== 'none';
}"""
_WHERE = """() => {
    const one = document.activeElement;
    return `${one.tagName} ${one.id} ${one.className} ${one.textContent.trim().slice(0, 40)}`;
}"""


class Desk:
    """One person at one browser. What goes wrong unseen, in console or network, is kept."""

    def __init__(self, context: BrowserContext, *, address: str, person: str) -> None:
        self.context = context
        self.address = address
        self.person = person
        self.wrongs: list[str] = []
        self._awaited: set[int] = set()
        self._painted = "light"
        self._rail_is_known = False
        context.set_default_timeout(PATIENCE_MS)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.wrongs.append(f"script: {error.error}"))
        context.on("response", self._look_at)
        context.on("requestfailed", self._miss)
        self.page: Page = context.new_page()

    def sign_in(self, *, password: str = PASSWORD) -> None:
        """Sign in as anybody does."""
        self.open("/tai-khoan/login/")
        self.page.get_by_label("Tên đăng nhập").fill(self.person)
        self.page.get_by_label("Mật khẩu").fill(password)
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="Đăng nhập").click()

    def tidy_up(self, state: Any) -> bool:
        """Leave the browser as it was when its person had just signed in; say whether it could be."""
        kept = {cookie["name"]: cookie["value"] for cookie in state["cookies"]}
        session = next((name for name in kept if "session" in name), "")
        for cookie in self.context.cookies():
            if cookie["name"] == session and cookie["value"] != kept[session]:
                return False
            if cookie["name"] not in kept:
                self.context.clear_cookies(name=cookie["name"])
        if session not in {cookie["name"] for cookie in self.context.cookies()}:
            return False
        self.context.set_offline(False)
        self.context.unroute_all()
        fresh = self.context.new_page()
        self.context.new_cdp_session(fresh).send(
            "Storage.clearDataForOrigin", {"origin": self.address, "storageTypes": _LEFT_BEHIND}
        )
        for page in self.context.pages:
            if page is not fresh:
                page.close()
        self.page = fresh
        self.wrongs.clear()
        self._awaited.clear()
        self._painted, self._rail_is_known = "light", False
        return True

    def open(self, path: str, *, status: int = 200) -> Response:
        """Go to a page of the server, which must answer with this status."""
        self.await_status(status)
        answer = self.page.goto(f"{self.address}{path}")
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status} instead of {status}"
        return answer

    def await_status(self, *statuses: int) -> None:
        """From here on an answer with one of these statuses is no mishap."""
        self._awaited.update(statuses)

    def fetch(self, link: str, *, status: int = 200) -> APIResponse:
        """Fetch what a link leads to, in the same session, without showing it."""
        answer = self.context.request.get(
            link if "://" in link else f"{self.address}{link}", timeout=PATIENCE_MS
        )
        assert answer.status == status, f"{link}: {answer.status} instead of {status}"
        return answer

    def fetch_page(self, link: str) -> html.HtmlElement:
        """Fetch a page without showing it."""
        return html.fromstring(self.fetch(link).text())

    def fetch_pdf(self, link: str) -> str:
        """Fetch a PDF and return the words in it."""
        answer = self.fetch(link)
        assert answer.headers["content-type"] == "application/pdf"
        paper = pypdfium2.PdfDocument(io.BytesIO(answer.body()))
        return "\n".join(sheet.get_textpage().get_text_range() for sheet in paper)

    @property
    def path(self) -> str:
        """Where the browser is."""
        return urlsplit(self.page.url).path

    @property
    def heading(self) -> str:
        """The heading of the page."""
        return self.page.locator("h1").inner_text().strip()

    def tab_to(self, selector: str) -> None:
        """Press Tab until the element has the focus, which must be seen at every stop."""
        for _ in range(60):
            self.page.keyboard.press("Tab")
            assert self.page.evaluate(_SHOWS_FOCUS), f"no focus seen: {self.page.evaluate(_WHERE)}"
            if self.page.evaluate("s => document.activeElement.matches(s)", selector):
                return
        raise AssertionError(f"{selector} cannot be reached with Tab from {self.path}")

    def find_barriers(self) -> list[str]:
        """Return what axe finds wrong, on a desktop and a phone, by day and by night.

        The rail, the same on every page of a person, is looked at on the first.
        """
        by_day: dict[str, Any] = {"type": "tag", "values": RULES}
        colours: dict[str, Any] = {"type": "rule", "values": OF_COLOURS}
        on_phone: dict[str, Any] = {"type": "rule", "values": OF_LAYOUT}
        self.page.evaluate(_TAKE_REPEATED_ROWS_AWAY)
        found = self._look_for_barriers(DESKTOP, "light", by_day)
        found += self._look_for_barriers(DESKTOP, "dark", colours)
        self.page.evaluate(_NOTE_WHAT_IS_SEEN)
        self.page.set_viewport_size(PHONE)
        # The colours of a phone are other ones where it shows what a desktop does not.
        if self.page.evaluate(_MARK_WHAT_IS_NEW):
            found += self._look_for_barriers(PHONE, "dark", colours, within="[data-new]")
            found += self._look_for_barriers(PHONE, "light", colours, within="[data-new]")
        found += self._look_for_barriers(PHONE, "light", on_phone)
        self.page.evaluate(_PUT_THEM_BACK)
        if (wide := self._width()) > PHONE["width"]:
            found.append(f"{self.path}: scrolls sideways on a phone, {wide} px wide")
        self.page.set_viewport_size(DESKTOP)
        self._rail_is_known |= self.page.locator(".rail").count() > 0
        return found

    def receive_case(self, *, procedure: str = "2.000437", name: str = "Trần Thị Ngọc Lan") -> str:
        """Receive a case at the counter with the mouse and return its code."""
        self.fill_in_reception(procedure=procedure, name=name)
        with self.page.expect_navigation():
            self.page.locator(".form-actions").get_by_role("button", name="Tiếp nhận").click()
        assert self.path.startswith("/ho-so/"), self.page.locator("main").inner_text()
        return self.heading

    def fill_in_reception(self, *, procedure: str = "2.000437", name: str) -> dict[str, str]:
        """Fill in the form of a procedure, all papers there, and return what it would send."""
        self.open(f"/tiep-nhan/{procedure}/")
        self.page.get_by_role("button", name="Đủ tất cả").click()
        expect(self.page.locator(".paper-full:not(:checked)")).to_have_count(0)
        self.page.locator("#id_applicant_full_name").fill(name)
        form: dict[str, str] = self.page.locator("form.reception").evaluate(
            "form => Object.fromEntries(new FormData(form))"
        )
        return form

    def _look_for_barriers(
        self, size: dict[str, int], scheme: str, rules: dict[str, Any], *, within: str = "html"
    ) -> list[str]:
        self._paint(scheme)
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text())
        where = {"include": [[within]], "exclude": [[".rail"]] if self._rail_is_known else []}
        found = [
            *self.page.evaluate(_FIND_VIOLATIONS, [where, rules]),
            *self.page.evaluate(_FIND_FAINT_BOXES),
        ]
        return [f"{self.path}, {size['width']} px, {scheme}: {one}" for one in found]

    def _paint(self, scheme: str) -> None:
        if scheme == self._painted:
            return
        # With less motion colours change at once, instead of being on their way.
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        self.page.wait_for_function(
            "scheme => document.documentElement.dataset.bsTheme === scheme", arg=scheme
        )
        self._painted = scheme

    def _width(self) -> int:
        width: int = self.page.evaluate("document.documentElement.scrollWidth")
        return width

    def _hear(self, message: ConsoleMessage) -> None:
        refused = re.search(r"responded with a status of (\d+)", message.text)
        if message.type == "error" and not refused:
            self.wrongs.append(f"console: {message.text}")

    def _look_at(self, answer: Response) -> None:
        path = urlsplit(answer.url).path
        if answer.status >= 400 and answer.status not in self._awaited and path != "/favicon.ico":
            self.wrongs.append(f"{answer.request.method} {path}: {answer.status}")

    def _miss(self, request: Request) -> None:
        # The browser itself gives up what it no longer needs: a download, a page left behind.
        if request.failure != "net::ERR_ABORTED":
            self.wrongs.append(f"{request.method} {request.url}: {request.failure}")
