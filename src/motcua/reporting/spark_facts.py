"""Facts in Parquet files, counted by Spark on one machine or many with the same SQL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from motcua.reporting.fact_files import FACTS

_PARAMETER = re.compile(r"(?<![:\w]):([a-z_]+)\b")
LOCAL = "local[*]"


class SparkFacts:
    """Facts in Parquet files that Spark reads: each worker must see the folder under the same name."""

    def __init__(self, folder: Path, *, pyspark: Any, master: str = LOCAL) -> None:
        self.session = (
            pyspark.sql.SparkSession.builder.master(master)
            .appName("motcua")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            # A form has a few hundred groups: the usual 200 partitions would be 200 empty tasks.
            .config("spark.sql.shuffle.partitions", "8")
            .getOrCreate()
        )
        self.session.sparkContext.setLogLevel("ERROR")
        for name in FACTS:
            files = self.session.read.parquet(str((folder / f"{name}.parquet").resolve()))
            files.createOrReplaceTempView(name)

    def rows(self, sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Return the rows of a query whose parameters are written :name."""
        asked = {name: parameters[name] for name in _PARAMETER.findall(sql)}
        return [tuple(row) for row in self.session.sql(sql, args=asked).collect()]

    def close(self) -> None:
        """Let go of the workers."""
        self.session.stop()
