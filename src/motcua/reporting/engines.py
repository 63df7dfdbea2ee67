"""Engines that hold the facts and count them with the same SQL: PostgreSQL, DuckDB, Spark."""

from __future__ import annotations

import importlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from motcua.reporting.fact_files import FACTS, FactFiles, write_facts
from motcua.reporting.facts import Database, Engine
from motcua.reporting.spark_facts import LOCAL, SparkFacts
from motcua.reporting.unit_and_period import CannotReport

ENGINES: Final = ("postgres", "duckdb", "spark")
# What to install for a module that does not come with motcua itself.
_EXTRAS: Final = {"duckdb": "motcua[parquet]", "pyspark": "motcua[spark]"}


class CannotCount(CannotReport):
    """The engine asked for is not installed, or has no facts to count."""


@contextmanager
def open_engine(name: str, *, folder: Path | None = None, master: str = LOCAL) -> Iterator[Engine]:
    """Open an engine over the facts in a folder of Parquet files, or over those of this moment.

    Without a folder the facts are written to one that lasts as long as the engine. PostgreSQL needs
    none: it holds them. Raises CannotCount.
    """
    if name == "postgres":
        yield Database()
    elif folder is None:
        with tempfile.TemporaryDirectory(prefix="motcua-facts-") as fresh:
            write_facts(Path(fresh), duckdb=require_module("duckdb"))
            with open_engine(name, folder=Path(fresh), master=master) as engine:
                yield engine
    else:
        _require_facts(folder)
        if name == "duckdb":
            yield FactFiles(folder, duckdb=require_module("duckdb"))
            return
        pyspark = require_module("pyspark")
        importlib.import_module("pyspark.sql")
        spark = SparkFacts(folder, pyspark=pyspark, master=master)
        try:
            yield spark
        finally:
            spark.close()


def require_module(name: str) -> Any:
    """Return a module that motcua can do without; raise CannotCount where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise CannotCount(
            _("Chưa cài %(name)s nên không làm được việc này. Hãy cài thêm: %(extra)s.")
            % {"name": name, "extra": _EXTRAS[name]}
        ) from None


def _require_facts(folder: Path) -> None:
    missing = [f"{name}.parquet" for name in FACTS if not (folder / f"{name}.parquet").is_file()]
    if missing:
        raise CannotCount(
            _(
                "Thư mục “%(folder)s” thiếu %(files)s. Hãy chạy: motcua export facts --parquet "
                "%(folder)s."
            )
            % {"folder": folder, "files": ", ".join(missing)}
        )
