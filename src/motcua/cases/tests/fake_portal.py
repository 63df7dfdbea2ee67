"""A small portal on loopback that speaks the adapter's protocol and does as a test tells it."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ACCEPT, REFUSE, FAIL, HANG, LOSE, BABBLE, FORGET, REDIRECT = (
    "accept",
    "refuse",
    "fail",
    "hang",
    "lose",
    "babble",
    "forget",
    "redirect",
)


@dataclass
class Portal:
    """What the portal does with the next calls (then accepts), what was called, and what it keeps."""

    url: str = ""
    script: list[str] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    sign_ins: int = 0
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    user: str = "H19"
    password: str = "khoa-bi-mat"
    let_go: threading.Event = field(default_factory=threading.Event)

    def system(self, **changes: str) -> dict[str, str]:
        """Return the settings by which it is reached."""
        values = {
            "url": self.url,
            "user": self.user,
            "key": self.password,
            "unit": "000.00.00.H19",
            "destination": "VN:GOV:DVCQG",
            "login_path": "/mapi/login",
            "service_path": "/mapi/g",
        }
        return {**values, **changes}


@contextmanager
def open_portal() -> Iterator[Portal]:
    """Run a portal on a free port of loopback until the block ends."""
    portal = Portal()
    server = _Server(("127.0.0.1", 0), _Handler)
    server.portal = portal
    portal.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    try:
        yield portal
    finally:
        portal.let_go.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    portal: Portal


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/mapi/login":
            self._sign_in(body)
        else:
            self._take(body)

    def _sign_in(self, body: dict[str, Any]) -> None:
        portal = self.server.portal
        portal.sign_ins += 1
        if (body["username"], body["password"]) != (portal.user, portal.password):
            self._answer(200, {"error_code": 100, "message": "AUTHEN_ERROR"})
        else:
            self._answer(200, {"error_code": 0, "session": f"S{portal.sign_ins}"})

    def _take(self, body: dict[str, Any]) -> None:
        portal, key = self.server.portal, self.headers["Idempotency-Key"]
        portal.calls.append({**body, "key": key, "dstcode": self.headers["dstcode"]})
        act = portal.script.pop(0) if portal.script else ACCEPT
        if act in {ACCEPT, LOSE, HANG}:
            # The same key again is the same record: kept once, and answered as before.
            portal.kept.setdefault(key, body["data"])
        if act == HANG:
            portal.let_go.wait(timeout=10)
        elif act == LOSE:
            self.connection.shutdown(socket.SHUT_RDWR)
        elif act == BABBLE:
            self._write(200, b"<html>OK</html>")
        else:
            self._answer(*_ANSWERS[act])

    def _answer(self, status: int, told: dict[str, Any]) -> None:
        self._write(status, json.dumps(told).encode())

    def _write(self, status: int, content: bytes) -> None:
        self.send_response(status)
        if status == HTTPStatus.FOUND:
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


_ANSWERS: dict[str, tuple[int, dict[str, Any]]] = {
    ACCEPT: (200, {"error_code": 0}),
    REFUSE: (422, {"error_code": 500, "message": "DATA_INCORRECT"}),
    FAIL: (500, {}),
    FORGET: (401, {"error_code": 100}),
    REDIRECT: (302, {}),
}
