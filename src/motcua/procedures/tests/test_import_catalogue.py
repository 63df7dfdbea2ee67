"""Importing a catalogue: all of it or nothing, and history is never edited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.audit.models import Entry
from motcua.people.actions import NotAllowed
from motcua.people.queries import Person
from motcua.procedures import actions, queries
from motcua.procedures.catalogue import ParsedCatalogue, RevisionEntry
from motcua.procedures.catalogue_files import read_catalogue
from motcua.procedures.models import Component, Field, Procedure, Revision
from motcua.procedures.tests.samples import (
    LAND,
    NOW,
    make_catalogue,
    make_officer,
    make_procedure,
    make_province,
    make_revision,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def system_of_file(
    made_once: Callable[[Callable[[], Person]], Callable[[], Person]],
) -> Callable[[], Person]:
    return made_once(make_province)


@pytest.fixture
def system(db: None, system_of_file: Callable[[], Person]) -> Person:
    return system_of_file()


def run(system: Person, content: ParsedCatalogue) -> actions.ImportResult:
    return actions.import_catalogue(officer=system, content=content, now=NOW)


def refusal(system: Person, content: ParsedCatalogue) -> str:
    with pytest.raises(actions.CannotImportCatalogue) as caught:
        run(system, content)
    return "\n".join(str(problem) for problem in caught.value.problems)


def two_revisions() -> tuple[RevisionEntry, RevisionEntry]:
    first = make_revision(last_day=date(2022, 12, 31))
    return first, make_revision(name="Đăng ký đất đai", starts_on=date(2023, 1, 1))


@pytest.mark.parametrize("role", ["CLERK", "OFFICER", "LEADER", "ADMIN", None])
def test_only_a_controller_may_import(system: Person, role: str | None) -> None:
    officer = make_officer(system, username="an", role=role)

    with pytest.raises(NotAllowed):
        actions.import_catalogue(officer=officer, content=make_catalogue(), now=NOW)
    with pytest.raises(NotAllowed):
        actions.import_catalogue_file(officer=officer, data=b"khong doc", now=NOW)

    assert Procedure.objects.count() == Field.objects.count() == 0


def test_a_catalogue_is_stored_as_it_was_stated(system: Person) -> None:
    content = make_catalogue(make_procedure(revisions=two_revisions()), make_procedure("2.000001"))

    result = run(system, content)

    stored = queries.export_catalogue(on=None)
    assert stored.procedures == content.procedures
    assert {field.code for field in stored.fields} == {"DD", "TNN"}
    assert result.added == ("1.000450", "2.000001")
    assert result.fields_added == ("TNN", "DD")
    assert (result.changed, result.unchanged, result.revision_count) == ((), (), 3)
    assert list(Component.objects.values_list("number", flat=True)[:2]) == [1, 2]


def test_the_last_day_of_a_file_is_stored_as_the_first_day_after_it(system: Person) -> None:
    run(system, make_catalogue(make_procedure(revisions=two_revisions())))

    first, second = Revision.objects.order_by("starts_on")
    assert (first.number, first.ends_on) == (1, date(2023, 1, 1))
    assert (second.number, second.ends_on) == (2, None)


def test_each_added_procedure_and_field_leaves_an_audit_entry(system: Person) -> None:
    run(system, make_catalogue())

    entry = Entry.objects.get(subject="procedure:1.000450")
    assert (entry.event, entry.actor_id) == ("procedure.added", system.id)
    assert entry.facts["revisions_added"] == ["2022-01-01"]
    assert Entry.objects.filter(subject="field:DD", event="field.added").count() == 1


def test_the_same_file_twice_changes_nothing(system: Person) -> None:
    run(system, make_catalogue())
    before = Entry.objects.count()

    result = run(system, make_catalogue())

    assert result.unchanged == ("1.000450",)
    assert (result.added, result.changed, result.fields_added) == ((), (), ())
    assert Entry.objects.count() == before


def test_a_stored_revision_is_never_edited(system: Person) -> None:
    run(system, make_catalogue())
    changed = make_revision(name="Tên khác", result="Kết quả khác")

    said = refusal(system, make_catalogue(make_procedure(revisions=(changed,))))

    assert "01/01/2022" in said
    assert "tên, kết quả" in said
    assert "thêm một bản mới" in said
    assert Revision.objects.get().name == "Đăng ký đất đai lần đầu"


def test_an_open_revision_is_ended_by_its_successor(system: Person) -> None:
    run(system, make_catalogue())

    result = run(system, make_catalogue(make_procedure(revisions=two_revisions())))

    assert (result.changed, result.revision_count) == (("1.000450",), 1)
    assert Revision.objects.get(number=1).ends_on == date(2023, 1, 1)
    entry = Entry.objects.get(subject="procedure:1.000450", event="procedure.changed")
    assert entry.facts["revisions_ended"] == {"2022-01-01": "2022-12-31"}


def test_an_end_once_set_is_not_moved(system: Person) -> None:
    run(system, make_catalogue(make_procedure(revisions=two_revisions())))
    earlier = make_revision(last_day=date(2022, 6, 30))

    said = refusal(system, make_catalogue(make_procedure(revisions=(earlier,))))

    assert "ngày cuối áp dụng" in said
    assert Revision.objects.get(number=1).ends_on == date(2023, 1, 1)


def test_a_new_revision_may_not_overlap_a_stored_one_that_the_file_leaves_out(
    system: Person,
) -> None:
    run(system, make_catalogue())
    successor = two_revisions()[1]

    said = refusal(system, make_catalogue(make_procedure(revisions=(successor,))))

    assert "với ngày cuối 31/12/2022" in said
    assert Revision.objects.count() == 1


def test_the_level_and_the_field_of_a_procedure_stay(system: Person) -> None:
    run(system, make_catalogue())

    said = refusal(system, make_catalogue(make_procedure(level="COMMUNE", field_code="TNN")))

    assert "cấp thực hiện khác" in said
    assert "ở lĩnh vực “DD”" in said


def test_a_code_may_become_verified(system: Person) -> None:
    run(system, make_catalogue())

    result = run(system, make_catalogue(make_procedure(code_status="verified")))

    assert result.changed == ("1.000450",)
    assert Procedure.objects.get().code_status == "verified"
    entry = Entry.objects.get(subject="procedure:1.000450", number=2)
    assert entry.facts["code_status"] == ["illustrative", "verified"]


def test_an_older_agency_code_names_the_same_agency(system: Person) -> None:
    older = make_procedure(revisions=(make_revision(agency="000.00.01.H19"),))

    run(system, make_catalogue(older))
    result = run(system, make_catalogue())

    assert result.unchanged == ("1.000450",)


def test_a_kind_of_agency_is_stored_instead_of_an_agency(system: Person) -> None:
    entry = make_revision(agency="", agency_kind="COMMUNE")

    run(system, make_catalogue(make_procedure(revisions=(entry,))))

    revision = Revision.objects.get()
    assert (revision.agency_id, revision.agency_kind) == (None, "COMMUNE")


def test_unknown_fields_and_agencies_are_all_named_and_nothing_is_written(system: Person) -> None:
    content = make_catalogue(
        make_procedure(field_code="XX", field_place="dòng 7"),
        make_procedure("2.1", revisions=(make_revision(agency="H19.77", agency_place="dòng 9"),)),
    )

    said = refusal(system, content)

    assert "dòng 7: Không có lĩnh vực mang mã “XX”" in said
    assert "dòng 9: Không có cơ quan nào mang mã “H19.77”" in said
    assert Field.objects.count() == Procedure.objects.count() == 0


def test_a_field_is_not_renamed(system: Person) -> None:
    run(system, make_catalogue())

    said = refusal(system, ParsedCatalogue(fields=(replace(LAND, name="Đất"),)))

    assert "đã có tên là “Đất đai”" in said


def test_the_english_name_of_a_field_may_be_set(system: Person) -> None:
    run(system, make_catalogue())

    result = run(system, ParsedCatalogue(fields=(replace(LAND, name_en="Land law"),)))

    assert result.fields_changed == ("DD",)
    assert Field.objects.get(code="DD").name_en == "Land law"


def test_what_is_imported_is_found_without_marks_by_code_and_by_field_name(system: Person) -> None:
    run(system, make_catalogue())

    for text in ("dang ky", "ĐĂNG KÝ", "1.000450", "dat dai lan dau", "registration"):
        found = queries.search_revisions(text=text, field_id=None, on=NOW.date())
        assert [revision.procedure.code for revision in found] == ["1.000450"], text


def test_progress_is_told_procedure_by_procedure(system: Person) -> None:
    told: list[tuple[int, int]] = []
    content = make_catalogue(make_procedure("1.1"), make_procedure("1.2"))

    actions.import_catalogue(
        officer=system, content=content, now=NOW, report=lambda *step: told.append(step)
    )

    assert told == [(1, 2), (2, 2)]


def test_a_longer_dossier_takes_no_more_queries(system: Person) -> None:
    run(system, make_catalogue())
    small = make_revision()
    papers = small.variants[0].components * 50
    large = make_revision(variants=(replace(small.variants[0], components=papers),))
    counts = []

    for code, revision in (("1.1", small), ("1.2", large)):
        with CaptureQueriesContext(connection) as made:
            run(system, make_catalogue(make_procedure(code, revisions=(revision,))))
        counts.append(len(made))

    assert counts[0] == counts[1]


def test_lists_are_planned_for_what_was_imported(system: Person) -> None:
    run(system, make_catalogue(*(make_procedure(f"1.{number}") for number in range(40))))

    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'procedures_procedure'")
        assert cursor.fetchone()[0] >= 40


def test_the_demonstration_catalogue_is_sound() -> None:
    folder = Path(apps.get_app_config("demonstration").path) / "data"
    content = read_catalogue((folder / "procedures.yaml").read_bytes())

    assert content.problems == ()
    assert len(content.procedures) >= 60
