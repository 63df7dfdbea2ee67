"""What a rehearsal shows: figures before and after, each with the address of its cases, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.cases import rehearsal_queries
from motcua.look import formats

BARS_SHOWN = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A figure and the list of the cases behind it; without cases there is nothing to open."""

    words: str
    url: str
    about: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A unit, or a step at a unit: cases and working hours before and after."""

    name: str
    unit: str
    cases: tuple[Figure, Figure]
    hours: tuple[Figure, Figure]
    difference: str


class ResultShown:
    """The result of a rehearsal in words and addresses."""

    def __init__(self, rehearsal: Any) -> None:
        self._rehearsal = rehearsal
        self._found: Mapping[str, Any] = rehearsal.result
        self.names = rehearsal_queries.name_agencies(
            {unit for unit, _name in self._found["places"]}, on=rehearsal.last_day
        )

    @property
    def verdict(self) -> str:
        """What the draft does to lateness, in one sentence."""
        before, after = self._found["late_before"], self._found["late_after"]
        values = {"all": self._found["all"], "before": before, "after": after}
        if after < before:
            return (
                _(
                    "Bản thảo giảm số hồ sơ trễ hạn từ %(before)d xuống %(after)d trong %(all)d hồ sơ."
                )
                % values
            )
        if after > before:
            return (
                _("Bản thảo tăng số hồ sơ trễ hạn từ %(before)d lên %(after)d trong %(all)d hồ sơ.")
                % values
            )
        return _("Bản thảo không đổi số hồ sơ trễ hạn: %(after)d trong %(all)d hồ sơ.") % values

    @property
    def totals(self) -> list[tuple[str, Figure | None, Figure, Figure]]:
        """The figures of all cases: their name, in fact, with the chart in use, with the draft."""
        return [
            (_("Hồ sơ"), *(3 * (self._figure("all", _("hồ sơ")),))),
            (
                _("Trễ hạn"),
                self._figure("late_actual", _("trễ hạn trong thực tế")),
                self._figure("late_before", _("trễ hạn theo lưu đồ đang dùng")),
                self._figure("late_after", _("trễ hạn theo bản thảo")),
            ),
            (
                _("Chưa đến kết thúc"),
                self._figure("unfinished", _("chưa xong trong thực tế")),
                self._figure("stopped_before", _("không đi hết lưu đồ đang dùng")),
                self._figure("stopped_after", _("không đi hết bản thảo")),
            ),
        ]

    @property
    def moved(self) -> list[tuple[str, Figure]]:
        """Which cases become late, and which no longer are."""
        return [
            (_("Thành trễ hạn"), self._figure("newly_late", _("thành trễ hạn"))),
            (_("Hết trễ hạn"), self._figure("no_longer_late", _("hết trễ hạn"))),
        ]

    @property
    def units(self) -> list[Line]:
        """The load of each unit."""
        return [self._line(line) for line in self._found["units"]]

    @property
    def steps(self) -> list[Line]:
        """Where cases wait."""
        return [self._line(line) for line in self._found["steps"]]

    def chart(self, lines: list[Line], kind: str) -> dict[str, Any]:
        """Return the bars of the heaviest lines, before and after."""
        stored = self._found[kind][:BARS_SHOWN]
        return {
            "kind": "pairs",
            "names": [_("Lưu đồ đang dùng"), _("Bản thảo")],
            "pairs": [
                {
                    "label": shown.name,
                    "values": [minutes / 60 for minutes in line["minutes"]],
                    "words": [figure.words for figure in shown.hours],
                    "urls": [figure.url for figure in shown.hours],
                }
                for line, shown in zip(stored, lines, strict=False)
            ],
        }

    @property
    def charts(self) -> dict[str, Any]:
        """Both charts by their name."""
        return {"units": self.chart(self.units, "units"), "steps": self.chart(self.steps, "steps")}

    @property
    def sources(self) -> list[tuple[str, str, str]]:
        """How much of the working time rests on what, before and after, in percent."""
        names = {
            "THE_CASE": _("thời gian thật của chính hồ sơ"),
            "OTHER_CASES": _("thời gian của bước như vậy ở các hồ sơ khác"),
            "ITS_LIMIT": _("thời hạn ghi trên lưu đồ, vì chưa hồ sơ nào qua bước đó"),
        }
        before, after = self._found["sources"]
        return [
            (name, _share(before[key], before), _share(after[key], after))
            for key, name in names.items()
        ]

    @property
    def assumed(self) -> list[str]:
        """The steps of the draft whose time had to be assumed, in words."""
        return [_assumption(*one) for one in self._found["assumed"][1]]

    def _line(self, line: Mapping[str, Any]) -> Line:
        name = line["name"] or self.names[line["unit"]]
        query = {"unit": line["unit"]}
        if line["name"]:
            query["step"] = line["name"]
        cases, hours = (
            tuple(
                Figure(words=words(line[key][side]), url=self._url(which, query), about=name)
                for side, which in enumerate(("before", "after"))
            )
            for key, words in (("cases", formats.write_number), ("minutes", hours_words))
        )
        more = line["minutes"][1] - line["minutes"][0]
        return Line(
            name=name,
            unit=self.names[line["unit"]] if line["name"] else "",
            cases=(cases[0], cases[1]),
            hours=(hours[0], hours[1]),
            difference=("+" if more > 0 else "") + hours_words(more),
        )

    def _figure(self, name: str, about: str) -> Figure:
        return Figure(
            words=formats.write_number(self._found[name]), url=self._url(name), about=about
        )

    def _url(self, figure: str, more: Mapping[str, str] | None = None) -> str:
        address = reverse(
            "desk:rehearsed-cases", args=[self._rehearsal.draft_id, self._rehearsal.pk]
        )
        return f"{address}?{urlencode({'figure': figure, **(more or {})})}"


def hours_words(minutes: int) -> str:
    """Return working minutes as hours with one decimal."""
    return formats.write_number(round(minutes / 60, 1), 1)


def _share(minutes: int, sources: Mapping[str, int]) -> str:
    total = sum(sources.values())
    return formats.write_percent(100 * minutes / total if total else 0, 1)


def _assumption(name: str, source: str, times: int) -> str:
    words = {
        "OTHER_CASES": _("“%(step)s”: %(times)s lần lấy thời gian từ các hồ sơ khác."),
        "ITS_LIMIT": _(
            "“%(step)s”: %(times)s lần lấy đúng thời hạn của bước, vì chưa có hồ sơ nào."
        ),
        "NOTHING": _(
            "“%(step)s”: %(times)s lần tính là 0 phút, vì chưa có hồ sơ nào và bước không ghi thời hạn."
        ),
    }
    return words[source] % {"step": name, "times": formats.write_number(times)}


# What the list of cases is headed with.
def heading_of(figure: str, *, step: str, unit: str) -> str:
    """Return what the cases of a list have in common."""
    place = f"“{step}”, {unit}" if step else unit
    headings = {
        "all": _("Mọi hồ sơ đã diễn tập"),
        "unfinished": _("Hồ sơ chưa xong trong thực tế"),
        "late_actual": _("Hồ sơ trễ hạn trong thực tế"),
        "late_before": _("Hồ sơ trễ hạn theo lưu đồ đang dùng"),
        "late_after": _("Hồ sơ trễ hạn theo bản thảo"),
        "newly_late": _("Hồ sơ thành trễ hạn theo bản thảo"),
        "no_longer_late": _("Hồ sơ hết trễ hạn theo bản thảo"),
        "stopped_before": _("Hồ sơ không đi hết lưu đồ đang dùng"),
        "stopped_after": _("Hồ sơ không đi hết bản thảo"),
        "before": _("Hồ sơ qua %(place)s theo lưu đồ đang dùng") % {"place": place},
        "after": _("Hồ sơ qua %(place)s theo bản thảo") % {"place": place},
    }
    return headings[figure]


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseLine:
    """A case in a list: what it had, took and would need, in working hours."""

    code: str
    is_visible: bool
    allowed: str
    actual: str
    before: str
    after: str
    here: str
    stopped: str
    is_late: bool


def case_lines(
    rows: Iterable[Any], *, figure: str, places: list[int], visible: set[int]
) -> list[CaseLine]:
    """Return the cases as the list shows them; `here` is the time at the places asked for."""
    return [
        CaseLine(
            code=row.case.code,
            is_visible=row.case_id in visible,
            allowed=hours_words(row.allowed_minutes),
            actual="" if row.actual_minutes is None else hours_words(row.actual_minutes),
            before=hours_words(row.before_minutes),
            after=hours_words(row.after_minutes),
            here=hours_words(
                sum(stay[1] for stay in row.stays.get(figure, ()) if stay[0] in places)
            )
            if places
            else "",
            stopped=row.stopped_after or row.stopped_before,
            is_late=row.is_late_after,
        )
        for row in rows
    ]


def places_of(result: Mapping[str, Any], *, unit: str, step: str) -> list[int]:
    """Return the numbers of the places of a unit, or of one step at it."""
    return [
        number
        for number, (place, name) in enumerate(result["places"])
        if place == unit and step in ("", name)
    ]
