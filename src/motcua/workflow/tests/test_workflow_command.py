"""`motcua workflow check`: what publication would say, for people and as JSON."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from motcua.engine.tests.diagrams import document
from motcua.workflow.models import Version
from motcua.workflow.tests.offices import drawing

pytestmark = pytest.mark.django_db


def check(tmp_path: Path, xml: str, *options: str) -> str:
    file = tmp_path / "chart.bpmn"
    file.write_text(xml, encoding="utf-8")
    out = StringIO()
    try:
        call_command("workflow", "check", str(file), "--on", "2023-03-06", *options, stdout=out)
    except SystemExit as left:
        return f"{left.code} {out.getvalue()}"
    return f"0 {out.getvalue()}"


def test_a_sound_chart_can_be_published_and_nothing_is_stored(tmp_path: Path) -> None:
    told = check(tmp_path, drawing())

    assert told.startswith("0 ")
    assert told.rstrip().endswith("Có thể công bố.")
    assert not Version.objects.exists()


def test_faults_are_told_as_json_and_by_the_exit_code(tmp_path: Path) -> None:
    body = (
        '<startEvent id="s"/><callActivity id="c" name="Trình" calledElement="to-office"/>'
        '<endEvent id="e"/><sequenceFlow id="f" sourceRef="s" targetRef="c"/>'
        '<sequenceFlow id="g" sourceRef="c" targetRef="e"/>'
    )

    code, _, text = check(tmp_path, document(body), "--json", "--language", "en").partition(" ")

    told = json.loads(text)
    assert (code, told["ok"]) == ("1", False)
    assert [(f["code"], f["element"]) for f in told["findings"]] == [("CALL_MISSING", "c")]
    assert "calls the process “to-office”" in told["findings"][0]["text"]


def test_broken_xml_is_told_with_its_line(tmp_path: Path) -> None:
    told = check(tmp_path, "<a>", "--json")

    assert told.startswith("1 ")
    assert json.loads(told[2:])["findings"][0]["code"] == "BROKEN_XML"


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nowhere"):
        call_command("workflow", "check", str(tmp_path / "nowhere.bpmn"), "--on", "2023-03-06")
