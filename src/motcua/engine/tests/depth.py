"""Depth: how many examples a property is tried on, few by default, MOTCUA_HYPOTHESIS=deep for many."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

IS_DEEP = os.environ.get("MOTCUA_HYPOTHESIS") == "deep"

PROPERTY = settings(
    max_examples=10_000 if IS_DEEP else 100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)

RANDOM_CASES = 100_000 if IS_DEEP else 1_000
MINUTE_CASES = 100_000 if IS_DEEP else 300
