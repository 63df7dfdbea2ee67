"""Guards: whether this person may do this, here, now; said in words where not."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from motcua.people import queries
from motcua.people.rights import FUNCTION_NAMES, Person, day_of, scope_of

SYSTEM_USERNAME = queries.SYSTEM_USERNAME


class NotAllowed(Exception):
    """This person may not do this, here, now."""


def require(
    person: Person,
    function: str,
    *,
    now: datetime,
    agency_id: int | None = None,
    agency_path: str = "",
) -> None:
    """Stop the action unless `person` may use `function` at `now` (over one agency, or at all)."""
    scope = scope_of(person, function, now=now)
    if agency_id is None:
        if not scope.is_empty:
            return
    elif scope.covers(agency_id=agency_id, agency_path=agency_path):
        return
    raise NotAllowed(_refusal(person, function, now=now))


def is_system(person: Person) -> bool:
    """Say whether this is the system's own account."""
    return person.username == queries.SYSTEM_USERNAME


def require_system(person: Person) -> None:
    """Stop the action unless the system itself acts."""
    if not is_system(person):
        raise NotAllowed(
            _(
                "Việc này do hệ thống tự làm khi tới lúc, không ai làm thay được. Không cần làm gì thêm."
            )
        )


def _refusal(person: Person, function: str, *, now: datetime) -> str:
    """Say why: an expired post is named with its last day, otherwise the missing right."""
    today = day_of(now)
    doing = _(FUNCTION_NAMES[function])
    ended = [post for post in person.posts if post.ends_on is not None and post.ends_on <= today]
    if ended and not person.posts_on(today):
        post = max(ended, key=lambda held: held.ends_on or held.starts_on)
        return _(
            "Vị trí công tác của anh/chị tại %(agency)s đã hết hiệu lực từ ngày %(day)s, nên anh/chị "
            "không thể %(doing)s. Hãy liên hệ quản trị viên để được phân công lại."
        ) % {
            "agency": post.agency_label,
            "day": f"{post.ends_on:%d/%m/%Y}",
            "doing": doing,
        }
    return _(
        "Anh/chị không có quyền %(doing)s ở cơ quan này: quyền được giao theo vị trí công tác tại từng "
        "cơ quan. Nếu cần, hãy chuyển sang vị trí khác của mình hoặc liên hệ quản trị viên."
    ) % {"doing": doing}
