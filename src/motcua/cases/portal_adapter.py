"""Tells another system our statuses, in the protocol of the National Portal's adapter over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import httpx
from django.utils.translation import gettext as _

from motcua.cases.receiver import NotDelivered, Refused

SERVICE = "CapNhatTienDoHoSoMC"
# Their session is over, or was never known: asked for once more.
_UNKNOWN_SESSION = frozenset({401, 403})
# Asked again later these may be taken: the receiver was slow, too early or too busy.
_LATER = frozenset({408, 425, 429})


class _SessionOver(Exception):
    """The session of an earlier call holds no more."""


class PortalAdapter:
    """The adapter of the National Portal: a session by account and key, then one call a record.

    POST {url}{login_path} {"username", "password"} answers {"error_code": 0, "session"}; POST
    {url}{service_path} {"session", "madonvi", "service", "data"} answers {"error_code": 0}. The shape is
    from public code of the older adapter, and the header Idempotency-Key is ours (both unverified).
    """

    def __init__(self, system: Mapping[str, str], *, wait: timedelta) -> None:
        self._system = system
        self._session = ""
        headers = {"dstcode": system["destination"]} if system["destination"] else {}
        # Where an answer leads elsewhere it is not followed: the key goes to the address that was set.
        self._client = httpx.Client(
            base_url=system["url"], timeout=wait.total_seconds(), headers=headers
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def tell(self, record: Mapping[str, str], *, key: UUID) -> None:
        """Tell one status; return only once it is taken. Raises NotDelivered or Refused."""
        had_session = bool(self._session)
        try:
            self._call(record, key)
        except _SessionOver as over:
            self._session = ""
            if not had_session:
                raise NotDelivered(_("Hệ thống kia không nhận phiên vừa mở.")) from over
            try:
                self._call(record, key)
            except _SessionOver as again:
                raise NotDelivered(_("Hệ thống kia không nhận phiên vừa mở.")) from again

    def _call(self, record: Mapping[str, str], key: UUID) -> None:
        self._session = self._session or self._sign_in()
        body = {
            "session": self._session,
            "madonvi": self._system["unit"],
            "service": SERVICE,
            "data": dict(record),
        }
        response = self._post(self._system["service_path"], body, {"Idempotency-Key": str(key)})
        if response.status_code in _UNKNOWN_SESSION:
            raise _SessionOver
        if response.is_client_error and response.status_code not in _LATER:
            raise Refused(_told(response))
        answer = _answer(response)
        if str(answer.get("error_code")) != "0":
            raise Refused(_told(response))

    def _sign_in(self) -> str:
        body = {"username": self._system["user"], "password": self._system["key"]}
        answer = _answer(self._post(self._system["login_path"], body, {}))
        session = answer.get("session")
        if str(answer.get("error_code")) != "0" or not isinstance(session, str) or not session:
            raise NotDelivered(
                _(
                    "Hệ thống kia không mở phiên cho tài khoản đã đặt. Hãy kiểm tra tài khoản và khóa."
                )
            )
        return session

    def _post(
        self, path: str, body: Mapping[str, Any], headers: Mapping[str, str]
    ) -> httpx.Response:
        try:
            return self._client.post(path, json=body, headers=dict(headers))
        except httpx.TimeoutException as error:
            raise NotDelivered(
                _("Hết giờ chờ mà hệ thống kia chưa trả lời, nên không biết tin đã tới hay chưa.")
            ) from error
        except httpx.HTTPError as error:
            raise NotDelivered(_("Không nối được tới hệ thống kia.")) from error


def _answer(response: httpx.Response) -> Mapping[str, Any]:
    """Return what an answer says; raise NotDelivered where it says nothing that can be relied on."""
    if not response.is_success:
        raise NotDelivered(_("Hệ thống kia trả lời mã %(code)s.") % {"code": response.status_code})
    try:
        answer = response.json()
    except ValueError as error:
        raise NotDelivered(_("Hệ thống kia trả lời không đúng dạng JSON.")) from error
    if not isinstance(answer, dict) or "error_code" not in answer:
        raise NotDelivered(_("Hệ thống kia trả lời mà không nói có nhận hay không."))
    return answer


def _told(response: httpx.Response) -> str:
    """Return why a record was refused, in the words of who refused it."""
    try:
        answer = response.json()
    except ValueError:
        answer = {}
    told = answer if isinstance(answer, dict) else {}
    words = str(told.get("message") or told.get("error_message") or "")[:300].replace("\0", "")
    code = told.get("error_code", response.status_code)
    if words:
        return _("Hệ thống kia từ chối (mã %(code)s): %(words)s") % {"code": code, "words": words}
    return _("Hệ thống kia từ chối (mã %(code)s).") % {"code": code}
