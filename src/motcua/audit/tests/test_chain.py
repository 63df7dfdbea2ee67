"""The hash of a link: every part counts, and a trip through the database changes none."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.audit import actions
from motcua.audit.chain import Link
from motcua.audit.models import Entry
from motcua.audit.queries import find_broken_chains
from motcua.engine.moments import VIETNAM

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
FACTS = st.dictionaries(
    TEXTS,
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**30), 10**30) | TEXTS,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
        max_leaves=12,
    ),
    max_size=6,
)
MOMENTS = st.datetimes(
    datetime(1900, 1, 1),  # noqa: DTZ001
    datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC) | st.just(VIETNAM),
)
LINKS = st.builds(
    Link,
    subject=TEXTS,
    number=st.integers(1, 10**6),
    happened_at=MOMENTS,
    actor_id=st.integers(1, 10**6),
    event=TEXTS,
    because=TEXTS,
    facts=FACTS,
    previous_hash=st.binary(min_size=32, max_size=32),
)
PARTS = [
    "subject",
    "number",
    "happened_at",
    "actor_id",
    "event",
    "because",
    "facts",
    "previous_hash",
]


@settings(max_examples=80, deadline=None)
@given(link=LINKS, other=LINKS, part=st.sampled_from(PARTS))
def test_a_change_of_any_part_changes_the_hash(link: Link, other: Link, part: str) -> None:
    value: Any = getattr(other, part)

    changed = replace(link, **{part: value})

    assert (changed.hash == link.hash) == (value == getattr(link, part))


@settings(max_examples=50, deadline=None)
@given(link=LINKS, place=st.integers(0, 29))
def test_words_moved_from_one_part_to_the_next_change_the_hash(link: Link, place: int) -> None:
    words = link.because[place:]

    moved = replace(link, because=link.because[:place], event=link.event + words)

    assert (moved.hash == link.hash) == (words == "")


@given(moment=MOMENTS, hours=st.integers(-12, 14))
def test_the_same_moment_in_another_time_zone_has_the_same_hash(
    moment: datetime, hours: int
) -> None:
    link = Link(subject="case:1", number=1, happened_at=moment, actor_id=1, event="a")

    elsewhere = moment.astimezone(timezone(timedelta(hours=hours)))

    assert replace(link, happened_at=elsewhere).hash == link.hash


def test_a_microsecond_counts() -> None:
    link = Link(
        subject="case:1",
        number=1,
        happened_at=datetime(2023, 3, 6, tzinfo=UTC),
        actor_id=1,
        event="a",
    )

    later = replace(link, happened_at=link.happened_at + timedelta(microseconds=1))

    assert later.hash != link.hash


def test_one_and_true_are_different_facts() -> None:
    link = Link(
        subject="case:1",
        number=1,
        happened_at=datetime(2023, 3, 6, tzinfo=UTC),
        actor_id=1,
        event="a",
    )

    hashes = {replace(link, facts={"a": value}).hash for value in (1, True, "1", [1], None)}

    assert len(hashes) == 5


@pytest.mark.django_db
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(facts=FACTS, because=TEXTS, moment=MOMENTS)
def test_whatever_is_written_comes_back_with_the_same_hash(
    writer: AbstractUser, facts: dict[str, Any], because: str, moment: datetime
) -> None:
    sid = transaction.savepoint()
    actions.record(
        event="a", subject="case:1", actor_id=writer.pk, at=moment, because=because, facts=facts
    )

    broken = list(find_broken_chains())
    entry = Entry.objects.get()
    transaction.savepoint_rollback(sid)

    assert broken == []
    assert (entry.because, entry.facts, entry.happened_at) == (because, facts, moment)
