"""Template tags of the look: explanations, deadline chips, formats, lists and form fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, Protocol

from django import forms, template
from django.contrib.messages.storage.base import Message
from django.core.paginator import Page
from django.forms import BoundField
from django.forms.utils import ErrorList
from django.template import Context
from django.template.defaultfilters import capfirst
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.engine.explain import Because
from motcua.look import formats

register = template.Library()

DEADLINE_ICONS = {
    "ok": "clock",
    "soon": "clock-exclamation",
    "late": "alert-triangle",
    "done": "circle-check",
    "paused": "player-pause",
}
SIGN_TONES = {"neutral", "active", "good", "warn", "bad"}


class Chip(Protocol):
    """What a deadline chip shows: words, and a tone that only supports them."""

    words: str
    tone: str


@register.filter
def vn_date(value: date | datetime | None) -> str:
    """Write a day as dd/mm/yyyy."""
    return formats.write_date(value or None)


@register.filter
def vn_datetime(value: datetime | None) -> str:
    """Write a moment as dd/mm/yyyy HH:MM, in Viet Nam."""
    return formats.write_moment(value or None)


@register.filter
def vn_number(value: formats.Number | None, decimals: int = 0) -> str:
    """Write a number as 1.234,56, with as many decimals as asked for."""
    return formats.write_number(None if value == "" else value, decimals)


@register.filter
def vn_percent(value: formats.Number | None, decimals: int = 2) -> str:
    """Write a rate that is already in percent as 99,48%."""
    return formats.write_percent(None if value == "" else value, decimals)


@register.filter
def undo_url(message: Message) -> str:
    """Return the path that undoes what a message tells, from its tag `undo:/path`."""
    for tag in (message.extra_tags or "").split():
        path = tag.removeprefix("undo:")
        if path != tag and path.startswith("/") and not path.startswith("//"):
            return path
    return ""


@register.filter
def initials(name: str) -> str:
    """Return the letters of a Vietnamese name's badge: family name, then given name."""
    words = str(name).split()
    return "".join(word[0].upper() for word in (words[:1] + words[1:][-1:]))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of the sprite; without a label it is hidden from those who read by ear."""
    if not label:
        return _hidden_icon(name)
    spoken = format_html('role="img" aria-label="{}"', label)
    return _draw_icon(name, spoken)


@cache
def _hidden_icon(name: str) -> SafeString:
    """Draw an icon that is not spoken; pages have dozens of them, and there are few different ones."""
    return _draw_icon(name, mark_safe('aria-hidden="true"'))


def _draw_icon(name: str, spoken: SafeString) -> SafeString:
    address = static("dist/icons.svg")
    return format_html('<svg class="icon" {}><use href="{}#{}"/></svg>', spoken, address, name)


@register.simple_block_tag
def explain(content: str, url: str = "", title: str = "") -> SafeString:
    """Underline something with dots; opening it shows, at the side, why it is so."""
    if not url:
        return mark_safe(content)  # noqa: S308 - the block was rendered with escaping on
    return format_html(
        '<a class="explain" href="{url}" hx-get="{url}" hx-target="#explain-body"'
        ' hx-swap="innerHTML" aria-haspopup="dialog" aria-expanded="false" title="{title}">'
        "{content}</a>",
        url=url,
        title=title or _("Xem giải thích"),
        content=mark_safe(content.strip()),  # noqa: S308 - the block was rendered with escaping on
    )


@register.inclusion_tag("look/parts/deadline_chip.html")
def deadline_chip(chip: Chip | None) -> dict[str, Any]:
    """Show how much time is left, in words first and colour second."""
    tone = chip.tone if chip else ""
    return {"chip": chip, "tone": tone, "icon_name": DEADLINE_ICONS.get(tone, "clock")}


@register.simple_tag
def status_badge(label: str, tone: str = "neutral") -> SafeString:
    """Show a status; the tone is one of neutral, active, good, warn, bad."""
    tone = tone if tone in SIGN_TONES else "neutral"
    return format_html('<span class="sign sign-{}">{}</span>', tone, label)


@register.inclusion_tag("look/parts/empty_state.html")
def empty_state(
    title: str, text: str = "", icon: str = "inbox", url: str = "", label: str = ""
) -> dict[str, str]:
    """Say what will appear on an empty page, and what to do first."""
    return {"title": title, "text": text, "icon_name": icon, "url": url, "label": label}


@register.inclusion_tag("look/parts/filter_chips.html")
def filter_chips(chips: Iterable[Any], label: str = "") -> dict[str, Any]:
    """Show filters as chips: each has label, url, is_active and, if it counts, count."""
    return {"chips": chips, "label": label or _("Bộ lọc")}


@register.inclusion_tag("look/parts/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], parameter: str = "page") -> dict[str, Any]:
    """Show which rows are seen and links to the other pages, keeping the rest of the address."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    query = context["request"].GET.copy()

    def address(number: int) -> str:
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    links = [
        {"number": number, "url": address(number) if isinstance(number, int) else ""}
        for number in numbers
    ]
    return {
        "page": page,
        "links": links,
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("look/parts/ledger.html")
def ledger(lines: Iterable[Any]) -> dict[str, Any]:
    """List the lines behind an answer: amount, text, source, is_verified."""
    return {"lines": lines}


@register.inclusion_tag("look/parts/ledger.html")
def because(reasons: Iterable[Because]) -> dict[str, Any]:
    """List the engine's reasons in the language of the reader."""
    language = get_language() or "vi"
    return {
        "lines": [
            {
                "amount": "",
                "text": capfirst(reason.text(language)),
                "source": reason.source,
                "is_verified": reason.is_verified,
            }
            for reason in reasons
        ]
    }


@register.inclusion_tag("look/parts/flowchart.html")
def flowchart(
    label: str,
    xml: str = "",
    url: str = "",
    steps: Mapping[str, str | list[str]] | None = None,
    name: str = "flowchart",
    legend: str = "progress",
) -> dict[str, Any]:
    """Draw a flow chart from its XML or its address, its steps done, current or late.

    With the legend "changes" the marks are added, changed and removed.
    """
    return {
        "label": label,
        "xml": xml,
        "url": url,
        "steps": dict(steps or {}),
        "name": name,
        "legend": legend,
    }


@register.inclusion_tag("look/parts/chart.html")
def chart(content: Mapping[str, Any], name: str = "chart") -> dict[str, Any]:
    """Draw figures that a table beside it tells as well, for those who read by ear or keyboard."""
    return {"content": dict(content), "name": name}


@register.simple_block_tag
def confirm(
    content: str,
    name: str,
    *,
    button: str,
    title: str,
    yes: str,
    tone: str = "danger",
    field: str = "",
    value: str = "",
    skips_checks: bool = False,
) -> SafeString:
    """Ask, inside a form, before what cannot be undone; the block tells the consequence."""
    return render_to_string(
        "look/parts/confirm.html",
        {
            "content": mark_safe(content),  # noqa: S308 - the block was rendered with escaping on
            "name": name,
            "button": button,
            "title": title,
            "yes": yes,
            "tone": tone,
            "field": field,
            "value": value,
            "skips_checks": skips_checks,
        },
    )


@register.inclusion_tag("look/parts/error_summary.html")
def error_summary(form: forms.BaseForm | None) -> dict[str, Any]:
    """List every error of a form at its top, each linked to its field."""
    if form is None or not form.is_bound:
        return {"errors": [], "has_fields": False}
    errors = [{"text": text, "target": ""} for text in form.non_field_errors()]
    for bound in form:
        target = _focus_target(bound)
        errors += [{"text": f"{bound.label}: {text}", "target": target} for text in bound.errors]
    return {"errors": errors, "has_fields": any(error["target"] for error in errors)}


def _focus_target(bound: BoundField) -> str:
    if bound.is_hidden:
        return ""
    return bound.id_for_label or f"{bound.auto_id}_0"


@register.inclusion_tag("look/parts/field.html")
def field(
    bound: BoundField,
    label: str = "",
    help: str | None = None,  # noqa: A002
) -> dict[str, Any]:
    """Show one form field: label, help, error, control; a hidden one shows only its control."""
    errors: ErrorList = bound.errors
    help_text = bound.help_text if help is None else help
    described = [f"{bound.auto_id}_helptext"] * bool(help_text)
    described += [f"{bound.auto_id}_error"] * bool(errors)
    attrs: dict[str, Any] = {}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    widget = bound.field.widget
    kind = _kind_of(widget)
    if label:
        # A placeholder of a library repeats, in its language, the label replaced here.
        attrs["placeholder"] = ""
    if kind == "control":
        own = "form-select" if isinstance(widget, forms.Select) else "form-control"
        attrs["class"] = f"{own} {widget.attrs.get('class', '')}".strip()
    return {
        "field": bound,
        "label": label or bound.label,
        "help_text": help_text,
        "kind": kind,
        "control": "" if kind == "group" else bound.as_widget(attrs=attrs),
        "described": " ".join(described),
        "is_optional": not bound.field.required
        and kind != "checkbox"
        and not isinstance(widget, forms.SearchInput),
    }


def _kind_of(widget: forms.Widget) -> str:
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "group"
    return "control"


@register.inclusion_tag("look/parts/form_fields.html")
def form_fields(form: forms.BaseForm) -> dict[str, Any]:
    """Show the error summary and every field of a form."""
    return {"form": form}
