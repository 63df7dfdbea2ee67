"""What the page of the post shows beside its rows: the states, each with its count."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.desk import filter_chips
from motcua.desk.filter_chips import Chip
from motcua.desk.law_words import either
from motcua.lawbook import queries as lawbook


def reveal_reasons(on: date) -> list[tuple[str, str]]:
    """Return for which reasons telephone and address may be shown: key and words of each."""
    return [
        (rule.key, either(rule.title_vi, rule.title_en)) for rule in lawbook.list_reveal_reasons(on)
    ]


def state_chips(counts: dict[str, int], *, state: str) -> tuple[Chip, ...]:
    """Return a chip for each state, with the count of the list it leads to."""
    names = {
        "arrived": _("Đến, chờ tiếp nhận"),
        "ready": _("Chờ giao bưu chính"),
        "planned": _("Đã đăng ký, chưa xong"),
        "sent": _("Đang chuyển"),
        "recalled": _("Cần gọi về"),
        "delivered": _("Đã phát"),
        "failed": _("Chuyển hoàn"),
        "received": _("Đến, đã tiếp nhận"),
    }
    address = reverse("desk:post")
    return filter_chips.state_chips(names, counts, address=address, state=state)
