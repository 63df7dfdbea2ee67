"""The counter's duty to pass a case on, in words: by when, by which rule, and whether it was kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from motcua.cases import transfer_queries as transfers
from motcua.cases.queries import CasePage
from motcua.engine.explain import Because
from motcua.engine.moments import local
from motcua.engine.wording import moment_en, moment_vi


@dataclass(frozen=True, kw_only=True, slots=True)
class TransferShown:
    """A duty to pass on: how it stands in a word and in a sentence, and the rule behind it."""

    due_at: datetime
    is_kept: bool
    standing: str
    sentence: str
    because: tuple[Because, ...]


def tell_transfer(page: CasePage, *, language: str, now: datetime) -> TransferShown | None:
    """Return how the counter's duty to pass a case on stands; None where there is none."""
    duty = transfers.find_duty(page.case, page.tasks)
    if duty is None:
        return None
    is_kept = duty.was_kept(now=now)
    standing, sentence = _words(duty, is_kept=is_kept, language=language)
    return TransferShown(
        due_at=duty.due_at,
        is_kept=is_kept,
        standing=standing,
        sentence=sentence,
        because=(duty.because,),
    )


def _words(duty: transfers.TransferDuty, *, is_kept: bool, language: str) -> tuple[str, str]:
    if duty.passed_at is None:
        if is_kept:
            return _("chưa chuyển, còn trong hạn"), _("Hồ sơ chưa chuyển, còn trong hạn.")
        return _("chưa chuyển, quá hạn"), _("Hồ sơ chưa chuyển, đã quá hạn chuyển.")
    moment = moment_en if language.startswith("en") else moment_vi
    at = {"at": moment(local(duty.passed_at))}
    if is_kept:
        return _("đã chuyển đúng hạn"), _("Đã chuyển lúc %(at)s, đúng hạn.") % at
    return _("đã chuyển muộn"), _("Đã chuyển lúc %(at)s, muộn.") % at
