"""Template tags that mask personal data in lists, as the law of the page's day has it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import template
from django.template import Context

from motcua.engine.masking import MaskingRules, mask_address, mask_name, mask_number
from motcua.lawbook import queries as lawbook
from motcua.people.queries import day_of

register = template.Library()


@register.simple_tag(takes_context=True)
def owner_name(context: Context, case: Any, near: Collection[int]) -> str:
    """Return whose a case is: a person in full only to the agencies that received or settle it.

    `near` are the agencies at which the reader works; `owners` of the case were fetched with it.
    """
    if not case.owners:
        return ""
    owner = case.owners[0]
    is_near = case.receiving_agency_id in near or case.settling_agency_id in near
    is_told = is_near or owner.kind != "PERSON"
    return str(owner.full_name if is_told else mask_name(owner.full_name, _rules(context)))


@register.simple_tag(takes_context=True)
def masked_address(context: Context, value: str) -> str:
    """Write where an address lies, without house and street."""
    return mask_address(value or "", _rules(context))


@register.simple_tag(takes_context=True)
def masked_number(context: Context, value: str) -> str:
    """Write a telephone number with its last signs only."""
    return mask_number(value or "", _rules(context))


def _rules(context: Context) -> MaskingRules:
    return lawbook.get_masking_rules(day_of(context["now"]))
