"""A dissolution is taken back as a whole, or not at all once somebody has gone on with what it moved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from motcua.audit.models import Entry
from motcua.audit.queries import find_broken_chains
from motcua.cases import actions
from motcua.cases.actions import CannotUndoDissolution
from motcua.cases.models import Case, Dissolution
from motcua.cases.tests.dissolving import FRIDAY, Merger, make_merger, open_task
from motcua.cases.tests.world import MONDAY, World
from motcua.messages.models import Notice
from motcua.people import queries as people
from motcua.people.actions import NotAllowed
from motcua.people.models import Agency, Post
from motcua.workflow.models import Run, Task

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
def merger(world: World) -> Merger:
    return make_merger(world)


def undo(merger: Merger, made: Dissolution, reason: str = "Ghi nhầm cơ quan") -> Dissolution:
    return actions.undo_dissolution(
        officer=merger.admin, dissolution_id=made.pk, reason=reason, now=LATER
    )


def standing() -> list[object]:
    return [
        list(Task.objects.order_by("pk").values()),
        list(Run.objects.order_by("pk").values()),
        list(Post.objects.order_by("pk").values()),
        list(Agency.objects.order_by("pk").values()),
        list(Case.objects.order_by("pk").values()),
    ]


def test_everything_is_as_it_was(merger: Merger) -> None:
    taken, _free = merger.received(2)
    merger.world.receive()
    actions.take_task(officer=merger.world.oanh, task_id=open_task(taken).pk, now=MONDAY)
    before = standing()

    undone = undo(merger, merger.dissolve())

    assert standing() == before
    assert (undone.undone_at, undone.undo_reason) == (LATER, "Ghi nhầm cơ quan")
    assert Entry.objects.filter(event="case.handing_on_undone").count() == 3
    assert Entry.objects.filter(subject="agency:H19.17", event="agency.revived").count() == 1
    told = Notice.objects.filter(once_key__contains=":undone:").values_list("person_id", flat=True)
    assert merger.world.oanh.id in told
    assert list(find_broken_chains()) == []


def test_what_has_not_taken_effect_yet_is_taken_back_too_and_can_be_decided_anew(
    merger: Merger,
) -> None:
    merger.received()
    before = standing()

    undo(merger, merger.dissolve(last_day=FRIDAY))

    assert standing() == before
    assert merger.dissolve().moved_at == MONDAY


def test_only_who_may_dissolve_takes_it_back_with_a_reason_and_once(merger: Merger) -> None:
    made = merger.dissolve()

    with pytest.raises(NotAllowed):
        actions.undo_dissolution(
            officer=merger.lan, dissolution_id=made.pk, reason="Nhầm", now=LATER
        )
    with pytest.raises(CannotUndoDissolution, match="Hãy ghi lý do"):
        undo(merger, made, " ")
    undo(merger, made)
    with pytest.raises(CannotUndoDissolution, match="đã được hủy lúc 10:00 06/03/2023"):
        undo(merger, made)


def complete(merger: Merger, case: Case) -> None:
    hoa = people.get_person(user_id=merger.hoa.id)
    actions.complete_step(officer=hoa, task_id=open_task(case).pk, now=LATER)


def take(merger: Merger, case: Case) -> None:
    hoa = people.get_person(user_id=merger.hoa.id)
    actions.take_task(officer=hoa, task_id=open_task(case).pk, now=LATER)


@pytest.mark.parametrize("go_on", [complete, take])
def test_once_a_moved_step_was_touched_nothing_is_taken_back_and_the_case_is_named(
    merger: Merger, go_on: Callable[[Merger, Case], None]
) -> None:
    case, other = merger.received(2)
    made = merger.dissolve()
    go_on(merger, case)
    before = standing()

    with pytest.raises(CannotUndoDissolution, match=f"1 hồ sơ đã được Sở Nông nghiệp.*{case.code}"):
        undo(merger, made)

    assert standing() == before
    assert open_task(other).agency_id == merger.new.pk
    assert not Entry.objects.filter(event="case.handing_on_undone").exists()


def test_a_step_that_was_opened_at_the_successor_holds_it_too(merger: Merger) -> None:
    case = merger.world.receive()
    made = merger.dissolve()
    actions.complete_step(officer=merger.world.cuc, task_id=open_task(case).pk, now=LATER)

    with pytest.raises(CannotUndoDissolution, match=case.code):
        undo(merger, made)


def test_a_post_that_somebody_ended_earlier_since_stays_ended(merger: Merger) -> None:
    made = merger.dissolve(last_day=FRIDAY)
    post = Post.objects.get(person_id=merger.lan.id)
    Post.objects.filter(pk=post.pk).update(ends_on=FRIDAY)

    undo(merger, made)

    post.refresh_from_db()
    assert post.ends_on == FRIDAY
