"""The engine imports and computes on a Python that has neither Django nor a database driver."""

import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src"

WITHOUT = """
import importlib
import pkgutil
import sys

FORBIDDEN = {"django", "psycopg", "psycopg2", "procrastinate"}


class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in FORBIDDEN:
            raise ImportError(f"the engine must not import {name}")
        return None


sys.meta_path.insert(0, Refuse())
sys.path.insert(0, sys.argv[1])

import motcua.engine

modules = [
    module.name
    for module in pkgutil.walk_packages(motcua.engine.__path__, "motcua.engine.")
    if ".tests" not in module.name
]
for name in modules:
    importlib.import_module(name)
assert not FORBIDDEN & {name.partition(".")[0] for name in sys.modules}
"""

COMPUTE = """
from datetime import date, datetime, time
from decimal import Decimal

from motcua.engine.deadlines import due
from motcua.engine.explain import Because
from motcua.engine.limits import parse_limit
from motcua.engine.moments import VIETNAM
from motcua.engine.office_hours import DayHours, OpenHours, WeeklyHours
from motcua.engine.timerules import CountingRules, DueClock, Rule
from motcua.engine.worktime import WorkCalendar

day = DayHours(hours=(OpenHours(opens=time(7), closes=time(17)),))
calendar = WorkCalendar.compile(
    first_day=date(2023, 1, 1),
    last_day=date(2023, 12, 31),
    office_hours=[
        WeeklyHours(first_day=date(2023, 1, 1), last_day=None, week=dict.fromkeys(range(5), day),
                    source="-")
    ],
)
why = Because(vi="-", en="-", source="-")
rules = CountingRules(
    receipt_day=Rule("not_counted", why),
    after_hours=Rule("next_opening", why),
    day_off_at_end=Rule("next_working_day", why),
    due_clock=Rule(DueClock.CLOSE_OF_DAY, why),
    half_day_hours=Rule(4, why),
)
deadline = due(
    received_at=datetime(2023, 10, 27, 9, 32, tzinfo=VIETNAM),
    limit=parse_limit("5 ngày làm việc"),
    calendar=calendar,
    rules=rules,
)
print(len(modules) > 10, deadline.due_at.isoformat())
"""


def test_the_engine_imports_and_computes_without_django() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", WITHOUT + COMPUTE, str(SOURCE)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.stderr == ""
    assert answer.stdout.strip() == "True 2023-11-03T17:00:00+07:00"
