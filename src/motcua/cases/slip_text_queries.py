"""What can be asked of the words of slips: which hold at a moment, and who wrote them when and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from motcua.cases.models import SlipText
from motcua.cases.slip_words import SlipForm, SlipWords, get_form, law_words, list_kinds
from motcua.people import queries as people

if TYPE_CHECKING:
    from collections.abc import Iterable


class NoSuchSlip(LookupError):
    """There is no slip of this name whose words can be written."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PartShown:
    """One part of a slip: the words in force, the law's own, and what was written for it."""

    part: str
    text: str
    law_text: str
    written: SlipText | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SlipShown:
    """A slip with its form and words on a day, and what is written for later."""

    kind: str
    form: SlipForm
    words: SlipWords
    parts: tuple[PartShown, ...]
    coming: tuple[SlipText, ...]

    @property
    def is_edited(self) -> bool:
        """Say whether some part is not in the law's own words."""
        return any(part.written is not None for part in self.parts)


def words_at(kind: str, *, form: SlipForm, law_date: date, at: datetime) -> SlipWords:
    """Return the words of a slip that was issued at a moment: what was written by then for its form.

    So a slip that is printed again keeps the words of its day. Raises NotInForce.
    """
    words = law_words(kind, on=law_date)
    written = _written(kind, form).filter(starts_on__lte=people.day_of(at), written_at__lte=at)
    return _with(words, {row.part: row for row in written})


def words_on(kind: str, *, on: date) -> SlipWords:
    """Return the words of a slip that will hold on a day, by what is written now."""
    return get_slip(kind, on=on).words


def get_slip(kind: str, *, on: date) -> SlipShown:
    """Return a slip as it is on a day; raise NoSuchSlip."""
    if kind not in list_kinds():
        raise NoSuchSlip(_("Không có mẫu giấy nào mang tên “%(name)s”.") % {"name": kind[:40]})
    form = get_form(kind, on=on)
    return _shown(kind, form, _written(kind, form), on=on)


def list_slips(*, on: date) -> tuple[SlipShown, ...]:
    """Return every slip that has words, as it is on a day. One query."""
    rows = list(_ordered(SlipText.objects.all()))
    forms = {kind: get_form(kind, on=on) for kind in list_kinds()}
    return tuple(
        _shown(
            kind,
            form,
            [row for row in rows if (row.slip, row.issued_with) == (kind, form.issued_with)],
            on=on,
        )
        for kind, form in forms.items()
    )


def list_texts(kind: str) -> QuerySet[SlipText]:
    """Return everything written for a slip, the newest first."""
    return SlipText.objects.filter(slip=kind).select_related("written_by").order_by("-id")


def newest_id(kind: str) -> int:
    """Return the number of what was written last for a slip, 0 when nothing was."""
    return list_texts(kind).values_list("id", flat=True).first() or 0


def _written(kind: str, form: SlipForm) -> QuerySet[SlipText]:
    return _ordered(SlipText.objects.filter(slip=kind, issued_with=form.issued_with))


def _ordered(rows: QuerySet[SlipText]) -> QuerySet[SlipText]:
    return rows.select_related("written_by").order_by("starts_on", "id")


def _with(words: SlipWords, latest: Mapping[str, SlipText]) -> SlipWords:
    parts = {
        part: (latest[part].text if part in latest else "") or text
        for part, text in words.parts.items()
    }
    return replace(words, parts=parts)


def _shown(kind: str, form: SlipForm, rows: Iterable[SlipText], *, on: date) -> SlipShown:
    found = list(rows)
    latest = {row.part: row for row in found if row.starts_on <= on}
    law = law_words(kind, on=on)
    words = _with(law, latest)
    return SlipShown(
        kind=kind,
        form=form,
        words=words,
        parts=tuple(
            PartShown(
                part=part,
                text=text,
                law_text=law.parts[part],
                written=latest[part] if part in latest and latest[part].text else None,
            )
            for part, text in words.parts.items()
        ),
        coming=tuple(row for row in found if row.starts_on > on),
    )
