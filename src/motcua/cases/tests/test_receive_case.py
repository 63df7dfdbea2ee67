"""Receiving a case: code, clock, first step; and everything that keeps a bad one out."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.audit.queries import find_broken_chains, list_entries
from motcua.cases import queries
from motcua.cases.actions import CannotReceiveCase, PartyEntry, receive_case
from motcua.cases.models import Case, CodeCounter, LedgerEntry, Party
from motcua.cases.tests.world import LONG_AGO, MONDAY, World, make_person
from motcua.engine.moments import VIETNAM
from motcua.people.actions import NotAllowed
from motcua.procedures.models import Component
from motcua.workflow.models import Task

pytestmark = pytest.mark.django_db


def problems(error: pytest.ExceptionInfo[CannotReceiveCase]) -> dict[str, str]:
    return {problem.field: problem.message for problem in error.value.problems}


def test_an_officer_of_another_agency_cannot_receive(world: World) -> None:
    with pytest.raises(NotAllowed, match="không có quyền tiếp nhận hồ sơ"):
        receive_case(
            officer=world.oanh,
            agency_id=world.centre.pk,
            submission=world.submission(),
            now=MONDAY,
        )

    assert not Case.objects.exists()


def test_an_expired_post_is_named_with_its_last_day(world: World) -> None:
    former = make_person(
        world.system, "cu", "Đoàn Yến", world.centre, "CLERK", ends_on=date(2023, 1, 1)
    )

    with pytest.raises(NotAllowed, match="hết hiệu lực từ ngày 01/01/2023"):
        receive_case(
            officer=former, agency_id=world.centre.pk, submission=world.submission(), now=MONDAY
        )


def test_a_received_case_has_its_code_due_time_and_first_step(world: World) -> None:
    case = world.receive()

    task = Task.objects.get()
    assert case.code == "000.01.01.H19-230306-0001"
    assert case.due_at == datetime(2023, 3, 13, 17, 0, tzinfo=VIETNAM)
    assert (task.name, task.agency_id, task.role) == (
        "Kiểm tra, chuyển hồ sơ",
        world.centre.pk,
        "CLERK",
    )


def test_the_ledger_counts_five_working_days_and_skips_the_weekend(world: World) -> None:
    case = world.receive()

    kinds = [line.kind for line in LedgerEntry.objects.filter(case=case).order_by("number")]
    counted = sum(line.amount for line in LedgerEntry.objects.filter(case=case, kind="COUNTED"))
    assert "SKIPPED" in kinds
    assert counted == 5


def test_receiving_is_on_the_trail_and_the_chain_holds(world: World) -> None:
    case = world.receive()

    assert [entry.event for entry in list_entries(f"case:{case.code}")] == ["case.received"]
    assert list(find_broken_chains()) == []


def test_a_double_click_makes_one_case(world: World) -> None:
    key = uuid4()

    first = world.receive(submission_key=key)
    second = world.receive(submission_key=key, now=MONDAY + timedelta(seconds=1))

    assert first.pk == second.pk
    assert Case.objects.count() == 1


def test_the_second_case_of_the_day_gets_the_next_number(world: World) -> None:
    world.receive()

    assert world.receive().code.endswith("-0002")


def test_more_than_9999_cases_a_day_widen_the_code(world: World) -> None:
    CodeCounter.objects.create(agency=world.centre, day=date(2023, 3, 6), last_number=9999)

    assert world.receive().code == "000.01.01.H19-230306-10000"


def test_the_owner_is_the_applicant_unless_named(world: World) -> None:
    owner = PartyEntry(
        kind="ORGANISATION", full_name="Công ty Nước Sạch", identity_number="3600123457"
    )

    alone, two = world.receive(), world.receive(owner=owner)

    assert Party.objects.get(case=alone, role="OWNER").full_name == "Nguyễn Thị Thúy An"
    assert Party.objects.get(case=two, role="OWNER").full_name == "Công ty Nước Sạch"


def test_a_name_typed_in_decomposed_letters_is_stored_composed(world: World) -> None:
    import unicodedata

    typed = PartyEntry(kind="PERSON", full_name=unicodedata.normalize("NFD", "Nguyễn  Ưỡng"))

    case = world.receive(applicant=typed)

    party = Party.objects.get(case=case, role="APPLICANT")
    assert (party.full_name, party.search_name) == ("Nguyễn Ưỡng", "nguyen uong")


def test_an_unknown_procedure_is_refused_by_its_code(world: World) -> None:
    with pytest.raises(CannotReceiveCase) as error:
        world.receive(procedure_code="9.999999")

    assert "9.999999" in problems(error)["procedure"]


def test_a_missing_component_is_named_and_nothing_is_written(world: World) -> None:
    form = Component.objects.get(number=1)

    with pytest.raises(CannotReceiveCase) as error:
        world.receive(papers={})

    assert "Đơn đề nghị cấp phép" in problems(error)[f"component_{form.pk}"]
    assert (Case.objects.count(), CodeCounter.objects.count(), Task.objects.count()) == (0, 0, 0)


def test_every_problem_is_told_at_once(world: World) -> None:
    applicant = PartyEntry(
        kind="PERSON", full_name="", identity_number="12", phone="abc", email="x"
    )

    with pytest.raises(CannotReceiveCase) as error:
        world.receive(applicant=applicant, variant_code="99", channel="POST")

    assert set(problems(error)) == {
        "channel",
        "variant",
        "applicant_full_name",
        "applicant_identity_number",
        "applicant_phone",
        "applicant_email",
    }


def test_a_commune_cannot_receive_a_provincial_procedure_and_says_where_to_go(world: World) -> None:
    from motcua.people import actions as people_actions

    commune = people_actions.add_agency(
        officer=world.system,
        now=MONDAY,
        code="H19.31.01",
        name="UBND phường Trảng Dài",
        level="COMMUNE",
        kind="COMMUNE",
        starts_on=LONG_AGO,
    )
    clerk = make_person(world.system, "xa", "Lý Tuyền", commune, "CLERK")

    with pytest.raises(CannotReceiveCase, match="Trung tâm Hành chính công tỉnh"):
        receive_case(officer=clerk, agency_id=commune.pk, submission=world.submission(), now=MONDAY)


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_never_get_the_same_code(world: World) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def receive(_place: int) -> str:
        try:
            return world.receive().code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(receive, range(20)))

    numbers = sorted(int(code.rsplit("-", 1)[1]) for code in codes)
    assert numbers == list(range(1, 21))


@pytest.mark.django_db(transaction=True)
def test_receiving_is_one_statement_with_no_transaction_round_it(world: World) -> None:
    world.receive()
    with CaptureQueriesContext(connection) as asked:
        world.receive()

    statements = [query["sql"] for query in asked.captured_queries]
    writes = [sql for sql in statements if "INSERT INTO" in sql]
    assert len(writes) == 1
    assert "INSERT INTO cases_case " in writes[0]
    assert not {"BEGIN", "COMMIT"} & set(statements)


def test_a_clerk_who_loses_every_number_is_told_to_try_again_and_nothing_is_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.receive()
    read = queries.read_starting_point

    def read_late(**asked: Any) -> queries.StartingPoint | None:
        start = read(**asked)
        return start and replace(start, number=start.number - 1)

    monkeypatch.setattr(queries, "read_starting_point", read_late)
    with pytest.raises(CannotReceiveCase) as refused:
        world.receive()

    assert "chưa ghi được" in problems(refused)["procedure"]
    assert (Case.objects.count(), CodeCounter.objects.get().last_number) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_make_one_case(world: World) -> None:
    from concurrent.futures import ThreadPoolExecutor

    submission = replace(world.submission(), submission_key=uuid4())

    def click(_place: int) -> str:
        try:
            return receive_case(
                officer=world.cuc, agency_id=world.centre.pk, submission=submission, now=MONDAY
            ).code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(click, range(8)))

    assert (len(set(codes)), Case.objects.count()) == (1, 1)
