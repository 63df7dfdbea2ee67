"""What charts say to a change of the catalogue: whether their steps fit into the new time limits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from django.dispatch import receiver
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.engine.limit_checks import LegalLimit, check_limits
from motcua.engine.limits import Limit, Unit
from motcua.lawbook import queries as lawbook
from motcua.procedures import events
from motcua.procedures.events import Problem, ProcedureEntry, RevisionEntry
from motcua.workflow import queries


@receiver(events.revisions_added, dispatch_uid="workflow.revisions_added")
def compare_limits(*, entries: Iterable[ProcedureEntry], **_signal: Any) -> list[Problem]:
    """Return a warning for each new revision whose chart is missing or needs more than its limits.

    The catalogue is not refused: the law gives the limit, and it is the chart that has to follow.
    """
    find = cache(_version_in_force)
    return [
        Problem(place=revision.place or entry.place, message=message)
        for entry in entries
        for revision in entry.revisions
        if revision.workflow
        for message in _warnings(entry.code, revision, find(revision.workflow, revision.starts_on))
    ]


def _version_in_force(key: str, on: date) -> queries.PublishedVersion | None:
    return queries.find_version_in_force(workflow_key=key, on=on)


def _warnings(
    code: str, revision: RevisionEntry, version: queries.PublishedVersion | None
) -> list[str]:
    if version is None:
        return [
            _(
                "Quy trình “%(key)s” chưa ban hành cho ngày %(day)s, nên thủ tục %(code)s chưa tiếp nhận "
                "được. Hãy ban hành quy trình, hoặc ghi mã quy trình khác."
            )
            % {"key": revision.workflow, "day": f"{revision.starts_on:%d/%m/%Y}", "code": code}
        ]
    limits = [
        LegalLimit(
            procedure=code, limit=Limit(amount=channel.limit_amount, unit=Unit(channel.limit_unit))
        )
        for channel in revision.channels
    ]
    week = lawbook.get_working_week(revision.starts_on)
    choices = lawbook.get_limit_choices(revision.starts_on)
    return [
        _("Quy trình “%(name)s”: %(finding)s")
        % {
            "name": version.net.name or revision.workflow,
            "finding": finding.because.text(get_language() or "vi"),
        }
        for finding in check_limits(version.net, limits, week, choices)
        if finding.severity == "error"
    ]
