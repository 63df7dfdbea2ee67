"""After a dissolution: what is no case yet, what the post carries, opinions, and who answers for lost time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from motcua.audit.queries import find_broken_chains
from motcua.cases import actions, lateness_queries, online_queries, post_queries
from motcua.cases.actions import CannotUndoDissolution
from motcua.cases.models import Case, Consultation, OnlineSubmission, PostalItem
from motcua.cases.tests.dissolving import FRIDAY, Merger, make_merger, open_task
from motcua.cases.tests.world import MONDAY, World, make_person
from motcua.people import queries as people
from motcua.people.actions import NotAllowed
from motcua.people.queries import Person
from motcua.workflow.models import Run

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=2)


@pytest.fixture
def merger(world: World) -> Merger:
    return make_merger(world)


@pytest.fixture
def mai(merger: Merger) -> Person:
    return make_person(merger.world.system, "mai", "Lý Thị Mai", merger.world.office, "CLERK")


def fresh(person: Person) -> Person:
    return people.get_person(user_id=person.id)


def close_counter(merger: Merger) -> int:
    made = merger.dissolve(agency_id=merger.world.centre.pk, successor_id=merger.world.office.pk)
    return made.pk


def send_online(merger: Merger) -> OnlineSubmission:
    return actions.register_submission(
        officer=merger.world.system,
        agency_code="H19.01.01",
        submission=merger.world.submission(channel="ONLINE"),
        submitted_at=MONDAY,
        now=MONDAY,
    )


def test_what_was_sent_online_is_refused_at_the_successor_within_its_time(
    merger: Merger, mai: Person
) -> None:
    row = send_online(merger)
    with pytest.raises(NotAllowed):
        actions.refuse_submission(officer=mai, key=row.key, reason="Sai nơi nộp", now=LATER)
    close_counter(merger)
    clerk = fresh(mai)

    (waiting,) = online_queries.waiting_for(clerk, now=LATER)
    assert online_queries.may_answer(clerk, waiting, now=LATER)
    answered = actions.refuse_submission(
        officer=clerk, key=row.key, reason="Sai nơi nộp", now=LATER
    )

    assert answered.answer_due_at == row.answer_due_at
    assert answered.answered_by_id == mai.id
    assert list(find_broken_chains()) == []


def test_what_was_sent_online_is_received_at_the_successor(merger: Merger, mai: Person) -> None:
    row = send_online(merger)
    merger.dissolve(agency_id=merger.world.centre.pk, successor_id=merger.old.pk)
    heir = make_person(merger.world.system, "sen", "Đặng Thị Sen", merger.old, "CLERK")

    taken = actions.accept_submission(officer=fresh(heir), key=row.key, now=LATER)

    assert taken.case is not None
    assert taken.case.receiving_agency_id == merger.old.pk
    assert taken.agency_id == merger.world.centre.pk
    assert open_task(taken.case).agency_id == merger.old.pk


def test_post_that_went_on_is_not_taken_back(merger: Merger) -> None:
    item = actions.register_arrival(
        officer=merger.world.cuc,
        agency_id=merger.world.centre.pk,
        tracking_number="EA123456789VN",
        sender_name="Lê Gửi",
        now=MONDAY,
    )
    first = close_counter(merger)
    actions.undo_dissolution(officer=merger.admin, dissolution_id=first, reason="Nhầm", now=LATER)
    assert PostalItem.objects.get().agency_id == merger.world.centre.pk

    second = close_counter(merger)
    PostalItem.objects.filter(pk=item.pk).update(case=merger.world.receive(now=LATER))

    with pytest.raises(CannotUndoDissolution, match="Bưu gửi đã chuyển.*Văn phòng UBND tỉnh"):
        actions.undo_dissolution(
            officer=merger.admin, dissolution_id=second, reason="Nhầm", now=LATER
        )


def test_what_the_post_carries_is_the_successors(merger: Merger, mai: Person) -> None:
    merger.world.receive(returns_by_post=True)
    actions.register_arrival(
        officer=merger.world.cuc,
        agency_id=merger.world.centre.pk,
        tracking_number="EA123456789VN",
        sender_name="Lê Gửi",
        now=MONDAY,
    )
    close_counter(merger)

    counts = post_queries.count_post(fresh(mai), now=LATER)

    assert (counts["arrived"], counts["planned"]) == (1, 1)
    assert set(PostalItem.objects.values_list("agency_id", flat=True)) == {merger.world.office.pk}


def test_an_opinion_asked_of_the_old_agency_is_given_by_the_successor(merger: Merger) -> None:
    case = merger.world.receive()
    Case.objects.update(settling_agency=merger.world.office)
    case.refresh_from_db()
    asked = actions.consult_agency(
        officer=merger.world.binh,
        case_code=case.code,
        agency_code="H19.17",
        question="Có đúng quy hoạch không?",
        limit="2 ngày làm việc",
        now=MONDAY,
    )
    merger.dissolve()

    actions.answer_consultation(
        officer=fresh(merger.hoa), consultation_id=asked.pk, answer="Đúng", now=LATER
    )

    assert Consultation.objects.get().answered_by_id == merger.hoa.id


def test_each_agency_answers_for_the_time_in_which_it_had_the_step(merger: Merger) -> None:
    (case,) = merger.received()
    decided = merger.dissolve(last_day=FRIDAY + timedelta(days=3))
    moved_at = MONDAY + timedelta(days=8)
    count = actions.take_effect(
        officer=merger.world.system,
        dissolution_id=decided.pk,
        now=moved_at,
    )
    done_at = MONDAY + timedelta(days=16)
    actions.complete_step(officer=fresh(merger.hoa), task_id=open_task(case).pk, now=done_at)

    lost = lateness_queries.share_lateness([case.pk], now=done_at)[case.pk]

    assert count == 1
    assert lost.shares is not None
    used = {
        part.party.name: part.used_minutes
        for part in lost.shares.parts
        if part.step == "Thẩm định hồ sơ"
    }
    # Six working days from Monday to Tuesday of the next week, and six more.
    assert used == {merger.old.name: 6 * 480, merger.new.name: 6 * 480}
    assert sum(part.minutes for part in lost.shares.parts) == lost.shares.total_minutes


def test_a_step_that_the_chart_gives_to_an_agency_by_name_is_shared_too(merger: Merger) -> None:
    (case,) = merger.received()
    # As where a lane names the agency: neither received nor settled there.
    Case.objects.update(settling_agency=merger.world.office)
    Run.objects.update(settling_agency=merger.world.office)
    decided = merger.dissolve(last_day=FRIDAY + timedelta(days=3))
    moved_at, late = MONDAY + timedelta(days=8), MONDAY + timedelta(days=16)

    actions.take_effect(officer=merger.world.system, dissolution_id=decided.pk, now=moved_at)

    lost = lateness_queries.share_lateness([case.pk], now=late)[case.pk]
    assert lost.shares is not None
    names = {part.party.name for part in lost.shares.parts if part.step == "Thẩm định hồ sơ"}
    assert names == {merger.old.name, merger.new.name}
