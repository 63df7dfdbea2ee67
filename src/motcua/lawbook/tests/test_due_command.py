"""The command `due`: answers without a database, refuses what it cannot read."""

import json
import os
import subprocess
import sys
from pathlib import Path

import motcua

RUN = """
import io
import json
import sys
import django
from django.conf import settings
settings.configure(INSTALLED_APPS=["motcua.lawbook"], DATABASES={})
django.setup()
from django.core.management import CommandError, call_command
answers = []
for arguments in json.loads(sys.argv[1]):
    written = io.StringIO()
    try:
        call_command("due", *arguments, stdout=written)
    except CommandError as refused:
        answers.append(["refused", str(refused)])
    else:
        answers.append(["answered", written.getvalue()])
print(json.dumps(answers))
"""


def run(*commands: tuple[str, ...], zone: str = "Asia/Ho_Chi_Minh") -> list[tuple[str, str]]:
    """Run commands in a Python of their own, with no settings but the lawbook and no database."""
    source = Path(motcua.__file__).parent.parent
    environment = os.environ | {"PYTHONPATH": str(source), "TZ": zone, "PYTHONUTF8": "1"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [sys.executable, "-c", RUN, json.dumps(commands)],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    return [(how, text) for how, text in json.loads(done.stdout)]


def test_json_has_the_due_time_and_the_ledger_whatever_the_servers_zone() -> None:
    arguments = ("--limit", "5 working days", "--received", "2023-10-27T09:32", "--format", "json")

    answers = [run(arguments, zone=zone) for zone in ("UTC", "Europe/Berlin")]

    assert answers[0] == answers[1]
    told = json.loads(answers[0][0][1])
    assert told["due_at"] == "2023-11-03T17:00:00+07:00"
    assert [line["kind"] for line in told["ledger"]] == ["START", "SKIPPED", "SKIPPED", "COUNTED"]
    assert {"from", "to", "kind", "amount", "because", "source"} <= set(told["ledger"][0])
    assert all(line["source"] for line in told["ledger"])


def test_text_explains_day_by_day_in_both_languages() -> None:
    arguments = ("--limit", "2 ngày làm việc", "--received", "2023-03-16T09:00")

    (_, vietnamese), (_, english) = run(arguments, (*arguments, "--language", "en"))

    assert "Hạn trả kết quả: 17:00 Thứ Hai 20/03/2023" in vietnamese
    assert "17/03/2023  +1 ngày làm việc Thứ Sáu 17/03" in vietnamese
    assert "Thứ Bảy 18/03/2023: ngày nghỉ hằng tuần, không tính" in vietnamese
    assert "Due: 17:00 on Monday 20/03/2023" in english


def test_what_cannot_be_read_or_counted_is_refused() -> None:
    refusals = {
        ("0 ngày", "2023-03-16T09:00"): "phải lớn hơn 0",
        ("5 tuần", "2023-03-16T09:00"): "Không hiểu thời hạn",
        ("5 ngày", "16/03/2023 09:00"): "không phải thời điểm",
        ("5 ngày", "2023-03-16"): "thiếu giờ tiếp nhận",
        ("5 ngày", "2023-02-30T09:00"): "không phải thời điểm",
        ("5 ngày", "2031-03-16T09:00"): "Lịch làm việc chỉ có",
    }

    answers = run(*(("--limit", limit, "--received", received) for limit, received in refusals))

    for (how, text), words in zip(answers, refusals.values(), strict=True):
        assert how == "refused"
        assert words in text
