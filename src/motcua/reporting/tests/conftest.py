"""The province and its case files, for the tests that need them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from motcua.reporting.tests.province import QUARTER, Province, make_cases, make_province


@pytest.fixture(scope="module")
def province_of_file(
    made_once: Callable[[Callable[[], Province]], Callable[[], Province]],
) -> Callable[[], Province]:
    return made_once(make_province)


@pytest.fixture
def province(db: None, province_of_file: Callable[[], Province]) -> Province:
    return province_of_file()


@pytest.fixture
def quarter(province: Province) -> Province:
    make_cases(province, QUARTER)
    return province
