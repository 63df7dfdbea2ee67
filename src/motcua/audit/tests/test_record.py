"""Writing the trail: one chain per subject, also when several write at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from decimal import Decimal
from threading import Barrier

import pytest
from django.contrib.auth.models import AbstractUser
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from motcua.audit import actions, queries
from motcua.audit.chain import START, CannotBeHashed
from motcua.audit.models import Entry, Head, Read
from motcua.audit.tests.tampering import MONDAY, write


def test_entries_of_a_subject_are_numbered_and_linked(writer: AbstractUser) -> None:
    write(writer, "case:1", count=3)
    write(writer, "case:2", count=1)

    entries = list(queries.list_entries("case:1"))

    assert [entry.number for entry in entries] == [1, 2, 3]
    assert bytes(entries[0].previous_hash) == START
    assert bytes(entries[1].previous_hash) == bytes(entries[0].hash)
    assert bytes(Head.objects.get(subject="case:1").hash) == bytes(entries[2].hash)
    assert Head.objects.get(subject="case:2").number == 1
    assert list(queries.find_broken_chains()) == []


def test_an_entry_goes_with_the_transaction_it_tells_of(writer: AbstractUser) -> None:
    write(writer, count=1)

    with pytest.raises(RuntimeError), transaction.atomic():
        write(writer, count=1)
        raise RuntimeError

    assert queries.count_entries() == 1
    assert list(queries.find_broken_chains()) == []


def test_many_chains_go_on_by_one_entry_each_in_three_statements(writer: AbstractUser) -> None:
    subjects = [f"case:{number}" for number in range(50)]
    for subject in subjects:
        write(writer, subject, count=2)

    with CaptureQueriesContext(connection) as made, transaction.atomic():
        actions.record_many(
            event="case.moved",
            facts={subject: {"place": subject, "none": None} for subject in subjects},
            actor_id=writer.pk,
            at=MONDAY,
            because="Nghị quyết",
        )

    assert len([one for one in made if "audit_" in one["sql"]]) == 3
    assert {head.number for head in Head.objects.all()} == {3}
    last = Entry.objects.get(subject="case:7", number=3)
    assert (last.event, last.facts["place"], last.because) == ("case.moved", "case:7", "Nghị quyết")
    assert list(queries.find_broken_chains()) == []


def test_of_many_entries_none_is_written_when_one_cannot_be(writer: AbstractUser) -> None:
    for subject in ("case:1", "case:2"):
        write(writer, subject, count=1)

    with pytest.raises(CannotBeHashed):
        actions.record_many(
            event="case.moved",
            facts={"case:1": {}, "case:2": {"at": MONDAY}},
            actor_id=writer.pk,
            at=MONDAY,
        )
    with pytest.raises(KeyError):
        actions.record_many(event="case.moved", facts={"case:9": {}}, actor_id=writer.pk, at=MONDAY)

    assert queries.count_entries() == 2


def test_a_read_and_a_refusal_are_noted(writer: AbstractUser) -> None:
    actions.note_read(
        subject="case:1",
        actor_id=writer.pk,
        at=MONDAY,
        what="case.opened",
        was_allowed=False,
        note="cơ quan khác",
    )

    read = Read.objects.get()
    assert list(queries.list_reads("case:1")) == [read]
    assert (read.actor, read.was_allowed, read.note) == (writer, False, "cơ quan khác")


@pytest.mark.parametrize(
    "facts",
    [
        {"rate": 99.48},
        {"amount": Decimal("1.5")},
        {"day": date(2023, 3, 6)},
        {"at": MONDAY},
        {1: "the same as a text"},
        {"names": {"An"}},
        {"deep": [{"deeper": ({"rate": 0.1},)}]},
        {"text": "a\0b"},
        {"text": "\ud800"},
    ],
    ids=str,
)
def test_facts_the_database_would_give_back_otherwise_are_refused(
    writer: AbstractUser, facts: dict[str, object]
) -> None:
    with pytest.raises(CannotBeHashed):
        actions.record(event="a", subject="case:1", actor_id=writer.pk, at=MONDAY, facts=facts)

    assert not Entry.objects.exists()
    assert not Head.objects.exists()


def test_a_moment_without_a_time_zone_is_refused(writer: AbstractUser) -> None:
    naive = datetime(2023, 3, 6, 9)  # noqa: DTZ001

    with pytest.raises(CannotBeHashed, match="no time zone"):
        actions.record(event="a", subject="case:1", actor_id=writer.pk, at=naive)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("already", [0, 1])
def test_writers_at_the_same_moment_make_one_chain(writer: AbstractUser, already: int) -> None:
    write(writer, count=already)
    start = Barrier(4)

    def attempt(_place: int) -> None:
        try:
            with transaction.atomic():
                start.wait(timeout=10)
                write(writer, count=3)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(attempt, range(4)))

    numbers = [entry.number for entry in queries.list_entries("case:1")]
    assert numbers == list(range(1, already + 13))
    assert list(queries.find_broken_chains()) == []
