"""Python's collector: seldom at work in commands, and nothing to do with what a server has loaded."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator

import pytest

from motcua.project import cli


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


def test_a_command_looks_through_everything_a_hundred_times_less_often(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gc.set_threshold(700, 10, 10)
    monkeypatch.setattr(sys, "argv", ["motcua", "--version"])

    assert cli.main() == 0

    assert capsys.readouterr().out.strip()
    assert gc.get_threshold() == (700, 10, 1_000)


def test_a_server_keeps_what_it_has_loaded_out_of_every_later_look() -> None:
    from motcua.project import wsgi

    assert callable(wsgi.application)
    # The pages of all areas, with all that they load.
    assert "motcua.desk.views.case" in sys.modules
    assert gc.get_freeze_count() > 100_000
