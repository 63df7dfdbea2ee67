"""Bulk exports: within one's scope, limited, masked, and each noted with who, what and how many."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from motcua.audit.models import Read
from motcua.cases import actions, export_queries
from motcua.cases.tests.world import World, make_person
from motcua.desk.tests.rows import LATER, count_queries, desk_clock, make_rows, sign_in, words
from motcua.reporting.tests.test_lateness import MARCH

EXPORT, LOG = "/ho-so/tai-ve/", "/ho-so/nhat-ky-tai-ve/"


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock():
        yield world


@pytest.fixture
def at_most_three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_queries, "most_rows", lambda on: 3)


def rows_of(answer: Any) -> list[tuple[Any, ...]]:
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    return [tuple(row) for row in sheet.values][1:]


def test_a_visitor_and_the_administrator_export_nothing(world: World) -> None:
    admin = make_person(world.system, "phuc", "Phạm Hồng Phúc", world.office, "ADMIN")

    assert Client().get(EXPORT).status_code == 302
    assert sign_in(admin).get(EXPORT).status_code == 403
    assert not Read.objects.filter(subject="export:cases").exists()


def test_another_agencys_cases_are_not_in_it(world: World) -> None:
    world.receive()

    assert rows_of(sign_in(world.oanh).get(EXPORT)) == []


def test_an_export_holds_the_list_as_narrowed_with_masked_names(world: World) -> None:
    case = world.receive()
    make_rows(world, 2)
    company = actions.PartyEntry(kind="ORGANISATION", full_name="=Công ty Nước Sạch")
    world.receive(applicant=company)
    client = sign_in(world.cuc)

    everything = rows_of(client.get(EXPORT))
    found = rows_of(client.get(EXPORT, {"q": "thuy an"}))

    assert len(everything) == 4
    assert [(row[0], row[4]) for row in found] == [(case.code, "Nguyễn T. T. A.")]
    assert "=Công ty Nước Sạch" in {row[4] for row in everything}


def test_who_took_how_many_is_noted_without_the_words_looked_for(world: World) -> None:
    world.receive()

    sign_in(world.cuc).get(EXPORT, {"q": "Thúy An"})

    noted = Read.objects.get(subject="export:cases")
    assert (noted.actor_id, noted.was_allowed) == (world.cuc.id, True)
    assert json.loads(noted.note) == {"rows": 1, "most": 1000, "status": "", "is_searched": True}


@pytest.mark.usefixtures("at_most_three")
def test_too_many_are_refused_with_what_to_do_and_noted(world: World) -> None:
    make_rows(world, 4)

    answer = sign_in(world.cuc).get(EXPORT, follow=True)

    assert answer.redirect_chain[0][0].startswith("/ho-so/")
    assert "Có 4 hồ sơ, nhiều hơn 3 hồ sơ được tải một lần. Hãy lọc bớt" in words(answer)
    assert Read.objects.get(subject="export:cases").was_allowed is False


@pytest.mark.usefixtures("at_most_three")
def test_the_workbook_of_lateness_is_noted_too(world: World) -> None:
    client = sign_in(world.controller)

    assert client.get("/bao-cao/tre-han/tai-ve/", MARCH).status_code == 200

    noted = Read.objects.get(subject="export:lateness")
    assert (noted.actor_id, json.loads(noted.note)["rows"]) == (world.controller.id, 0)


def test_the_log_is_for_the_controller_and_the_administrator(world: World) -> None:
    make_rows(world, 2)
    sign_in(world.cuc).get(EXPORT)
    admin = make_person(world.system, "phuc", "Phạm Hồng Phúc", world.office, "ADMIN")

    for person in (world.controller, admin):
        page = words(sign_in(person).get(LOG))
        assert "Trần Thị Cúc Danh sách hồ sơ không lọc 2 1.000 Đã tải" in page
    for person in (world.oanh, world.cuc, world.dung):
        assert sign_in(person).get(LOG).status_code == 403


def test_the_log_says_how_a_list_was_narrowed_and_keeps_no_words(world: World) -> None:
    world.receive()
    actions.enter_waiting(now=LATER)
    client = sign_in(world.cuc)
    client.get(EXPORT, {"q": "Thúy An", "status": "RECEIVED"})
    client.get("/so-theo-doi/tai-ve/xlsx/", {"q": "Thúy An"})
    sign_in(world.controller).get("/bao-cao/tre-han/tai-ve/", MARCH)

    page = words(sign_in(world.controller).get(LOG))

    assert "Danh sách hồ sơ Được tiếp nhận; có từ tìm 1 1.000 Đã tải" in page
    assert "Sổ theo dõi hồ sơ H19.01.01; năm 2023; có từ tìm 1 1.000 Đã tải" in page
    assert "Ai làm chậm? H19.01; 01/03/2023 – 31/03/2023 0 1.000 Đã tải" in page
    assert "Thúy An" not in page


def test_a_command_on_the_server_is_noted_with_the_account_that_ran_it(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "vanhanh")
    world.receive()
    days = ("--from", "2023-03-01", "--to", "2023-03-31")

    call_command("export", "facts", parquet=tmp_path, stdout=io.StringIO())
    call_command("report", "lateness", *days, "--format", "json", stdout=io.StringIO())
    call_command("report", "lateness", *days, stdout=io.StringIO())
    call_command("report", "ii-07a", *days, stdout=io.StringIO())
    page = words(sign_in(world.controller).get(LOG))

    system = "Hệ thống dòng lệnh, tài khoản máy chủ “vanhanh”"
    assert f"{system} Dữ kiện của báo cáo (Parquet) không lọc 1 10.000.000 Đã tải" in page
    assert f"{system} Ai làm chậm? H19.01; 01/03/2023 – 31/03/2023 0 10.000.000 Đã tải" in page
    # Sums name no case file.
    assert page.count("vanhanh") == 2


def test_a_command_that_asks_for_too_many_writes_nothing_and_is_noted(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_queries, "most_rows_at_server", lambda on: 3)
    make_rows(world, 4)

    with pytest.raises(CommandError, match="Có 4 hồ sơ, nhiều hơn 3 hồ sơ"):
        call_command("export", "facts", parquet=tmp_path, stdout=io.StringIO())

    assert list(tmp_path.iterdir()) == []
    assert Read.objects.get(subject="export:facts").was_allowed is False


def test_the_log_takes_as_many_queries_for_many_rows_as_for_few(world: World) -> None:
    client = sign_in(world.controller)
    for _number in range(10):
        actions.note_export(officer=world.cuc, what="cases", rows=1, now=LATER)
    few = count_queries(client, LOG)
    for _number in range(30):
        actions.note_export(officer=world.cuc, what="cases", rows=1, now=LATER)

    assert count_queries(client, LOG) == few
