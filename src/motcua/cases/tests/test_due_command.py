"""The command `due`: a limit without a database, a procedure with one, and plain refusals."""

import io
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

import motcua
from motcua.cases.models import Case
from motcua.cases.tests.world import World
from motcua.lawbook import queries as lawbook
from motcua.people.models import Agency
from motcua.procedures.models import Revision

RUN = """
import io
import json
import sys
import django
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
RECEIVED = ("--received", "2023-10-27T09:32")


def run(*commands: tuple[str, ...], zone: str = "Asia/Ho_Chi_Minh") -> list[tuple[str, str]]:
    """Run commands in a Python of their own, whose database cannot be reached."""
    environment = os.environ | {
        "PYTHONPATH": str(Path(motcua.__file__).parent.parent),
        "TZ": zone,
        "PYTHONUTF8": "1",
        "DJANGO_SETTINGS_MODULE": "motcua.project.settings",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    }
    done = subprocess.run(
        [sys.executable, "-c", RUN, json.dumps(commands)],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    return [(how, text) for how, text in json.loads(done.stdout)]


def due(*arguments: str) -> dict[str, Any]:
    written = io.StringIO()
    call_command("due", *arguments, "--format", "json", stdout=written)
    told: dict[str, Any] = json.loads(written.getvalue())
    return told


def test_json_has_the_due_time_and_the_ledger_whatever_the_servers_zone() -> None:
    arguments = ("--limit", "5 working days", *RECEIVED, "--format", "json")

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
    assert "the result is due at 17:00 on Monday 20/03/2023" in english


def test_what_cannot_be_read_or_counted_is_refused() -> None:
    refusals = {
        ("0 ngày", "2023-03-16T09:00"): "phải lớn hơn 0",
        ("5 tuần", "2023-03-16T09:00"): "Không hiểu thời hạn",
        ("5 ngày", "16/03/2023 09:00"): "không phải thời điểm",
        ("5 ngày", "2023-03-16"): "thiếu giờ tiếp nhận",
        ("5 ngày", "2023-02-30T09:00"): "không phải thời điểm",
        ("5 ngày", "2023-03-16T25:00"): "không phải thời điểm",
        ("5 ngày", "0001-01-01T00:00+14:00"): "không phải thời điểm",
        ("5 ngày", "2031-03-16T09:00"): "Lịch làm việc chỉ có",
        ("5 ngày", "2014-12-31T09:00"): "Lịch làm việc chỉ có",
    }

    answers = run(*(("--limit", limit, "--received", received) for limit, received in refusals))

    for (how, text), told in zip(answers, refusals.values(), strict=True):
        assert how == "refused"
        assert told in text


def test_a_procedure_is_due_by_the_limit_of_its_channel(world: World) -> None:
    counter = due("--procedure", "1.000001", *RECEIVED)
    online = due("--procedure", "1.000001", *RECEIVED, "--channel", "online")

    assert counter["due_at"] == "2023-11-03T17:00:00+07:00"
    assert counter["procedure"]["channel"] == "COUNTER"
    assert counter["ledger"][0]["source"] == "1/QĐ-UBND"
    assert counter["ledger"][0]["is_verified"] is False
    assert online["due_at"] == "2023-11-02T17:00:00+07:00"
    assert Case.objects.count() == 0


def test_the_office_hours_of_the_unit_are_kept(world: World, tmp_path: Path, settings: Any) -> None:
    law = tmp_path / "law"
    _copy_law(Path(settings.LAW_DIR), law, hours_of="H19.17")
    settings.LAW_DIR = law
    saturday = ("--limit", "1 ngày làm việc", "--received", "2023-03-18T09:00")

    usual, own = due(*saturday, "--unit", "H19.01"), due(*saturday, "--unit", "H19.17")

    assert usual["due_at"] == "2023-03-21T17:00:00+07:00"
    assert own["due_at"] == "2023-03-20T17:00:00+07:00"
    assert own["unit"] == {"code": "H19.17", "name": "Sở Tài nguyên và Môi trường"}
    lawbook.forget_law()


def _copy_law(source: Path, target: Path, *, hours_of: str) -> None:
    """Copy law/, with the hours of the Saturday counter for one agency."""
    for path in source.rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        if path.name == "office_hours.yaml":
            text = text.replace("saturday_counter:", f"{hours_of}:").partition("\nexamples:")[0]
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text, encoding="utf-8")


def test_a_place_that_does_not_take_the_procedure_in_is_warned_of(world: World) -> None:
    Agency.objects.filter(pk=world.elsewhere.pk).update(level="COMMUNE", kind="COMMUNE")

    told = due("--procedure", "1.000001", *RECEIVED, "--unit", "H19.17")

    (warning,) = told["warnings"]
    assert "Sở Tài nguyên và Môi trường không tiếp nhận thủ tục 1.000001." in warning
    assert "Nơi nộp: Trung tâm Hành chính công tỉnh." in warning


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--procedure", "9.999999"), "Không có thủ tục “9.999999” nào đang áp dụng"),
        (("--procedure", ""), "Không có thủ tục “”"),
        (("--procedure", "1.000001", "--channel", "POST"), "các cách nộp là: Trực tiếp (COUNTER)"),
        (("--procedure", "1.000001", "--unit", "H99"), "Không có cơ quan nào mang mã “H99”"),
        (("--limit", "5 ngày", "--unit", "H99"), "Không có cơ quan nào mang mã “H99”"),
        (("--limit", "5 ngày", "--channel", "POST"), "--channel chỉ dùng với --procedure"),
    ],
)
def test_what_is_not_there_is_refused(world: World, arguments: tuple[str, ...], told: str) -> None:
    with pytest.raises(CommandError) as refused:
        due(*arguments, *RECEIVED)

    assert told in str(refused.value)


def test_a_unit_dissolved_before_the_day_is_refused_with_its_heir(world: World) -> None:
    Agency.objects.filter(pk=world.elsewhere.pk).update(
        ends_on=date(2023, 10, 27), successor=world.office
    )

    with pytest.raises(CommandError) as refused:
        due("--limit", "5 ngày", *RECEIVED, "--unit", "H19.17")

    assert "chỉ hoạt động đến hết ngày 26/10/2023" in str(refused.value)
    assert "Cơ quan kế thừa là Văn phòng UBND tỉnh (H19.01)" in str(refused.value)


def test_a_unit_that_works_to_the_end_of_the_day_still_takes_files_in(world: World) -> None:
    Agency.objects.filter(pk=world.elsewhere.pk).update(ends_on=date(2023, 10, 28))

    told = due("--limit", "5 ngày làm việc", *RECEIVED, "--unit", "H19.17")

    assert told["due_at"] == "2023-11-03T17:00:00+07:00"


def test_a_unit_not_yet_founded_is_refused(world: World) -> None:
    with pytest.raises(CommandError, match="hoạt động từ ngày 01/01/2020"):
        due("--limit", "5 ngày", "--received", "2019-12-31T09:00", "--unit", "H19.17")


def test_a_district_takes_nothing_in_once_there_are_two_levels(world: World) -> None:
    Agency.objects.filter(pk=world.elsewhere.pk).update(level="DISTRICT", kind="DISTRICT")

    last = due("--limit", "5 ngày", "--received", "2025-06-30T09:00", "--unit", "H19.17")
    with pytest.raises(CommandError) as refused:
        due("--limit", "5 ngày", "--received", "2025-07-01T09:00", "--unit", "H19.17")

    assert last["unit"]["code"] == "H19.17"
    assert "Vào ngày 01/07/2025 không còn chính quyền cấp huyện" in str(refused.value)


def test_the_revision_of_the_day_counts(world: World) -> None:
    Revision.objects.update(starts_on=date(2023, 10, 28))

    with pytest.raises(CommandError, match="nào đang áp dụng vào ngày 27/10/2023"):
        due("--procedure", "1.000001", *RECEIVED)
