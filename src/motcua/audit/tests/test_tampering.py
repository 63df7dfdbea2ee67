"""Whatever is changed behind the trail's back is found, at the first entry that does not hold."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.core.management import CommandError, call_command
from django.db.models import F

from motcua.audit.models import Entry, Head
from motcua.audit.queries import find_broken_chains
from motcua.audit.tests.tampering import MONDAY, hash_again, without_triggers, write

pytestmark = pytest.mark.django_db


def found() -> list[tuple[str, int, str]]:
    return [(chain.subject, chain.number, chain.reason) for chain in find_broken_chains()]


def tamper(number: int, **changes: object) -> None:
    with without_triggers():
        Entry.objects.filter(subject="case:1", number=number).update(**changes)


@pytest.fixture
def trail(writer: AbstractUser) -> AbstractUser:
    """Two chains of four entries, of which only the first is ever tampered with."""
    write(writer, "case:1")
    write(writer, "case:2")
    return writer


@pytest.mark.parametrize(
    "changes",
    [
        {"because": "Bước 2 chưa xong"},
        {"because": ""},
        {"event": "case.returned"},
        {"happened_at": MONDAY},
        {"facts": {"task": 2, "opened": ["thẩm định", None], "is_last": True}},
        {"facts": {}},
        {"facts": {"task": 2.5}},
        {"facts": [1e300]},
        {"hash": bytes(32)},
    ],
    ids=str,
)
def test_a_changed_entry_is_found(trail: AbstractUser, changes: dict[str, object]) -> None:
    tamper(2, **changes)

    assert found() == [("case:1", 2, "nội dung đã bị sửa")]


def test_a_changed_actor_is_found(trail: AbstractUser) -> None:
    tamper(2, actor=get_user_model().objects.create(username="oanh", full_name="Đỗ Thị Oanh"))

    assert found() == [("case:1", 2, "nội dung đã bị sửa")]


def test_an_entry_moved_to_another_subject_is_missed_where_it_was(trail: AbstractUser) -> None:
    tamper(2, subject="case:3")

    assert [(subject, number) for subject, number, _reason in found()] == [
        ("case:1", 2),
        ("case:3", 1),
    ]


def test_an_entry_deleted_in_the_middle_is_missed(trail: AbstractUser) -> None:
    with without_triggers():
        Entry.objects.filter(subject="case:1", number=2).delete()

    assert found() == [("case:1", 2, "thiếu một dòng")]


def test_a_gap_that_was_closed_is_found(trail: AbstractUser) -> None:
    with without_triggers():
        Entry.objects.filter(subject="case:1", number=2).delete()
        for number in (3, 4):
            Entry.objects.filter(subject="case:1", number=number).update(number=number - 1)

    assert found() == [("case:1", 2, "không nối với dòng trước")]


def test_a_cut_tail_is_found(trail: AbstractUser) -> None:
    with without_triggers():
        Entry.objects.filter(subject="case:1", number__gt=2).delete()

    assert found() == [("case:1", 3, "phần cuối chuỗi đã bị cắt")]


def test_a_deleted_chain_is_found(trail: AbstractUser) -> None:
    with without_triggers():
        Entry.objects.filter(subject="case:1").delete()

    assert found() == [("case:1", 1, "mất toàn bộ dấu vết")]


def test_swapped_entries_are_found(trail: AbstractUser) -> None:
    with without_triggers():
        swapped = Entry.objects.filter(subject="case:1", number__in=(2, 3))
        swapped.update(number=F("number") + 100)
        swapped = Entry.objects.filter(subject="case:1", number__gt=100)
        swapped.update(number=105 - F("number"))

    assert found() == [("case:1", 2, "không nối với dòng trước")]


def test_an_entry_put_in_at_the_end_is_found(trail: AbstractUser) -> None:
    Entry.objects.create(
        subject="case:1",
        number=5,
        happened_at=MONDAY,
        actor_id=trail.pk,
        event="case.returned",
        previous_hash=Head.objects.get(subject="case:1").hash,
        hash=bytes(32),
    )

    assert found() == [("case:1", 5, "nội dung đã bị sửa")]


def test_a_forged_head_is_found(trail: AbstractUser) -> None:
    Head.objects.filter(subject="case:1").update(hash=bytes(32))

    assert found() == [("case:1", 4, "dấu cuối chuỗi đã bị sửa")]


def test_a_head_turned_back_is_found(trail: AbstractUser) -> None:
    third = Entry.objects.get(subject="case:1", number=3)
    Head.objects.filter(subject="case:1").update(number=3, hash=third.hash)

    assert found() == [("case:1", 4, "dấu cuối chuỗi đã bị sửa")]


def test_a_missing_head_is_found(trail: AbstractUser) -> None:
    Head.objects.filter(subject="case:1").delete()

    assert found() == [("case:1", 4, "mất dấu cuối chuỗi")]


def test_each_broken_chain_is_named(trail: AbstractUser) -> None:
    with without_triggers():
        Entry.objects.filter(number=3).update(because="khác")

    assert [(subject, number) for subject, number, _reason in found()] == [
        ("case:1", 3),
        ("case:2", 3),
    ]


def test_an_entry_with_a_new_hash_of_its_own_breaks_the_next(trail: AbstractUser) -> None:
    tamper(2, because="khác")
    link = Entry.objects.get(subject="case:1", number=2)
    hash_of_two = bytes(link.hash)
    with without_triggers():
        hash_again("case:1")
        Entry.objects.filter(subject="case:1", number=3).update(previous_hash=hash_of_two)

    assert found() == [("case:1", 3, "không nối với dòng trước")]


def test_the_command_names_the_place_and_fails(
    trail: AbstractUser, capsys: pytest.CaptureFixture[str]
) -> None:
    tamper(2, because="khác")

    with pytest.raises(CommandError, match="1 chuỗi dấu vết không còn nguyên vẹn"):
        call_command("trail", "verify")

    assert "case:1: dòng 2 – nội dung đã bị sửa" in capsys.readouterr().out


def test_the_command_counts_what_holds(
    trail: AbstractUser, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("trail", "verify")

    assert capsys.readouterr().out == "Nguyên vẹn: 8 dòng dấu vết, 0 ngày đã niêm phong.\n"
