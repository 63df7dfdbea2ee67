"""The command that imports and exports the catalogue."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from motcua.audit.models import Entry
from motcua.procedures import queries
from motcua.procedures.catalogue_files import read_catalogue
from motcua.procedures.catalogue_yaml import write_yaml
from motcua.procedures.models import Procedure
from motcua.procedures.tests.samples import make_catalogue, make_province

pytestmark = pytest.mark.django_db


def run(*arguments: object) -> str:
    out = io.StringIO()
    call_command("catalogue", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_a_file_goes_in_and_comes_out_in_both_forms(tmp_path: Path) -> None:
    system = make_province()
    source = tmp_path / "in.yaml"
    source.write_bytes(write_yaml(make_catalogue()))

    said = run("import", source)
    run("export", tmp_path / "out.yaml")
    run("export", tmp_path / "out.xlsx", "--on", "2022-06-01")

    assert "Đã thêm 1 thủ tục" in said
    assert Entry.objects.get(subject="procedure:1.000450").actor_id == system.id
    stored = queries.export_catalogue(on=None)
    assert read_catalogue((tmp_path / "out.yaml").read_bytes()) == stored
    assert read_catalogue((tmp_path / "out.xlsx").read_bytes()).procedures == stored.procedures


def test_a_file_with_errors_names_them_and_writes_nothing(tmp_path: Path) -> None:
    make_province()
    source = tmp_path / "in.yaml"
    source.write_bytes(write_yaml(make_catalogue()).replace(b"PROVINCE", b"NOWHERE"))

    with pytest.raises(CommandError) as caught:
        run("import", source)

    assert "Tệp có 1 lỗi" in str(caught.value)
    assert "1.000450 › level: “NOWHERE”" in str(caught.value)
    assert Procedure.objects.count() == 0


def test_a_missing_file_an_unknown_form_and_a_missing_province_are_each_said(
    tmp_path: Path,
) -> None:
    with pytest.raises(CommandError, match="Không đọc được tệp"):
        run("import", tmp_path / "none.yaml")
    with pytest.raises(CommandError, match=r"\.yaml hoặc \.xlsx"):
        run("export", tmp_path / "out.pdf")
    (tmp_path / "in.yaml").write_text("x")
    with pytest.raises(CommandError, match="chưa có tỉnh"):
        run("import", tmp_path / "in.yaml")
    with pytest.raises(CommandError, match="không phải là ngày"):
        run("export", tmp_path / "out.yaml", "--on", "hôm qua")
