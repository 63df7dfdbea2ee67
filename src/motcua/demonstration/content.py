"""Reads the data files of the demonstration province."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import yaml


@cache
def read(name: str) -> dict[str, Any]:
    """Return the content of one data file: agencies, people, procedures or office_cases."""
    text = resources.files("motcua.demonstration").joinpath(f"data/{name}.yaml").read_text("utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    return content


def read_bytes(name: str) -> bytes:
    """Return a data file as it is."""
    return resources.files("motcua.demonstration").joinpath(f"data/{name}.yaml").read_bytes()


def read_flow_charts() -> dict[str, str]:
    """Return the BPMN 2.0 drawings of the demonstration by their key."""
    folder = resources.files("motcua.demonstration").joinpath("workflows")
    return {
        entry.name.removesuffix(".bpmn"): entry.read_text("utf-8")
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".bpmn")
    }
