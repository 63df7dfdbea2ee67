"""The register on the screen: who works on a case reads names in full, all others masked ones."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from motcua.engine.masking import MaskingRules, mask_name

if TYPE_CHECKING:
    from motcua.cases.register_queries import LineShown


def line_on_screen(
    line: LineShown, *, near: Collection[int], counter_id: int, rules: MaskingRules
) -> LineShown:
    """Return a line as the page shows it to somebody who works at the agencies `near`.

    The paper and the workbook follow the form, in full; each time they are taken is noted.
    """
    if counter_id in near or line.settling_id in near:
        return line
    owner = mask_name(line.owner, rules) if line.is_person else line.owner
    return replace(line, owner=owner, receiver=mask_name(line.receiver, rules))
