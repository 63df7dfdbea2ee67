"""Libraries that only a few pages need are not loaded by each command and each server process."""

from __future__ import annotations

import subprocess
import sys

# Together they take as long to load as Django itself.
RARELY_NEEDED = (
    "barcode",
    "docx",
    "duckdb",
    "httpx",
    "numpy",
    "openpyxl",
    "PIL",
    "pyspark",
    "xlsxwriter",
)
LOAD_ALL = """
import sys, django
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
print(" ".join(sys.modules))
"""


def test_no_page_loads_a_rarely_needed_library_before_it_is_opened() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOAD_ALL],
        env={"DJANGO_SETTINGS_MODULE": "motcua.project.settings", "PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert set(RARELY_NEEDED) & set(done.stdout.split()) == set()
