"""The province of the demonstration, and who plays its story."""

from __future__ import annotations

import pytest

from motcua.demonstration import content, province
from motcua.demonstration.actions import _Cast, _span


@pytest.fixture
def cast(db: None) -> _Cast:
    province.set_up()
    period = content.read("office_cases")["period"]
    return _Cast(_span(period["from"], period["to"]))
