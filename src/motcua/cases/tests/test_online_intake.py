"""Online intake: what citizens send is registered once, answered once, and late answers are late."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from motcua.audit.models import Entry, Read
from motcua.audit.queries import find_broken_chains
from motcua.cases import actions
from motcua.cases import online_queries as online
from motcua.cases.models import Case, OnlineSubmission
from motcua.cases.tests.world import World, make_person
from motcua.cases.work_queries import count_waiting
from motcua.engine.moments import VIETNAM, local
from motcua.people.actions import NotAllowed

pytestmark = pytest.mark.django_db

THURSDAY = datetime(2023, 3, 16, 16, 0, tzinfo=VIETNAM)
DUE = datetime(2023, 3, 17, 16, 0, tzinfo=VIETNAM)
FRIDAY = datetime(2023, 3, 17, 9, 0, tzinfo=VIETNAM)


def send(world: World, *, at: datetime = THURSDAY, **changes: object) -> OnlineSubmission:
    return actions.register_submission(
        officer=world.system,
        agency_code="H19.01.01",
        submission=world.submission(channel="ONLINE", **changes),
        submitted_at=at,
        now=at,
    )


def accept(world: World, key: UUID, now: datetime = FRIDAY) -> OnlineSubmission:
    return actions.accept_submission(officer=world.cuc, key=key, now=now)


def test_nobody_but_the_system_registers_what_was_sent(world: World) -> None:
    for person in (world.oanh, world.cuc, world.controller):
        with pytest.raises(NotAllowed):
            actions.register_submission(
                officer=person,
                agency_code="H19.01.01",
                submission=world.submission(channel="ONLINE"),
                submitted_at=THURSDAY,
                now=THURSDAY,
            )

    assert not OnlineSubmission.objects.exists()


def test_an_answer_is_due_after_eight_working_hours(world: World) -> None:
    row = send(world)

    assert local(row.answer_due_at) == DUE
    assert Entry.objects.filter(subject=f"submission:{row.key}").count() == 1


def test_what_is_sent_late_by_the_portal_still_counts_from_when_the_citizen_sent_it(
    world: World,
) -> None:
    row = actions.register_submission(
        officer=world.system,
        agency_code="H19.01.01",
        submission=world.submission(),
        submitted_at=THURSDAY,
        now=THURSDAY + timedelta(days=4),
    )

    assert local(row.answer_due_at) == DUE


def test_the_same_form_sent_twice_is_registered_once(world: World) -> None:
    key = uuid4()

    first, second = send(world, submission_key=key), send(world, submission_key=key)

    assert first.pk == second.pk
    assert OnlineSubmission.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "agency", "ahead", "words"),
    [
        ({"procedure_code": "9.999999"}, "H19.01.01", 0, "9.999999"),
        ({}, "H99", 0, "Không có cơ quan nào mang mã “H99”"),
        ({}, "H19.01.01", 1, "còn ở phía trước"),
        ({"variant_code": "77"}, "H19.01.01", 0, "trường hợp"),
        ({"papers": {0: (1, 0)}}, "H19.01.01", 0, "không thuộc trường hợp"),
        (
            {"applicant": actions.PartyEntry(kind="PERSON", full_name=" ")},
            "H19.01.01",
            0,
            "Chưa nhập họ tên",
        ),
    ],
)
def test_what_no_clerk_could_accept_is_refused_at_the_door(
    world: World, changes: dict[str, object], agency: str, ahead: int, words: str
) -> None:
    with pytest.raises(actions.CannotRegisterSubmission, match=words):
        actions.register_submission(
            officer=world.system,
            agency_code=agency,
            submission=world.submission(**changes),
            submitted_at=THURSDAY + timedelta(hours=ahead),
            now=THURSDAY,
        )

    assert not OnlineSubmission.objects.exists()


def test_before_there_was_a_limit_nothing_is_registered(world: World) -> None:
    with pytest.raises(actions.CannotRegisterSubmission, match="chưa có quy định"):
        send(world, at=datetime(2020, 3, 2, 9, 0, tzinfo=VIETNAM))


def test_accepting_receives_a_case_by_the_online_channel(world: World) -> None:
    row = accept(world, send(world).key)

    case = Case.objects.get()
    assert (row.case_id, row.answered_at, row.answered_by_id) == (case.pk, FRIDAY, world.cuc.id)
    assert (case.channel, case.received_at, case.submission_key) == ("ONLINE", FRIDAY, row.key)
    assert case.parties.get(role="APPLICANT").full_name == "Nguyễn Thị Thúy An"
    # Four working days online, five at the counter.
    assert local(case.due_at).date().isoformat() == "2023-03-23"
    assert list(find_broken_chains()) == []


def test_a_second_click_finds_the_first_case(world: World) -> None:
    key = send(world).key

    first = accept(world, key)
    second = accept(world, key, FRIDAY + timedelta(minutes=1))

    assert (second.case_id, second.answered_at) == (first.case_id, FRIDAY)
    assert Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_make_one_case(world: World) -> None:
    key = send(world).key
    other = make_person(world.system, "kim", "Vũ Kim", world.centre, "CLERK")

    def click(person: object) -> int | None:
        try:
            return actions.accept_submission(officer=person, key=key, now=FRIDAY).case_id  # type: ignore[arg-type]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(click, (world.cuc, other)))

    assert made[0] == made[1]
    assert Case.objects.count() == 1


def test_missing_papers_make_no_case_and_leave_the_submission_waiting(world: World) -> None:
    key = send(world, papers={}).key

    with pytest.raises(actions.CannotReceiveCase, match="Đơn đề nghị cấp phép"):
        accept(world, key)

    assert not Case.objects.exists()
    assert OnlineSubmission.objects.get().answered_at is None
    assert Entry.objects.filter(event="submission.accepted").count() == 0


def test_a_refusal_needs_its_reason_in_words(world: World) -> None:
    key = send(world).key

    for reason in ("", "  \0 ", "ơ" * 2001):
        with pytest.raises(actions.CannotAnswerSubmission):
            actions.refuse_submission(officer=world.cuc, key=key, reason=reason, now=FRIDAY)

    assert OnlineSubmission.objects.get().answered_at is None


def test_a_refused_submission_is_answered_once(world: World) -> None:
    key = send(world).key
    reason = "Đơn chưa ký. Hãy ký và nộp lại."

    for _click in range(2):
        row = actions.refuse_submission(officer=world.cuc, key=key, reason=reason, now=FRIDAY)

    assert (row.refusal_reason, row.case_id) == (reason, None)
    assert Entry.objects.get(event="submission.refused").because == reason
    with pytest.raises(actions.CannotAnswerSubmission, match="đã bị từ chối lúc 09:00"):
        accept(world, key)
    with pytest.raises(actions.CannotAnswerSubmission, match="Đơn chưa ký"):
        actions.refuse_submission(officer=world.cuc, key=key, reason="Khác", now=FRIDAY)
    assert not Case.objects.exists()


def test_an_accepted_submission_is_not_refused_any_more(world: World) -> None:
    row = accept(world, send(world).key)
    assert row.case is not None

    with pytest.raises(actions.CannotAnswerSubmission, match=row.case.code):
        actions.refuse_submission(officer=world.cuc, key=row.key, reason="Muộn", now=FRIDAY)


def test_only_the_counter_it_was_sent_to_answers(world: World) -> None:
    key = send(world).key
    stranger = make_person(world.system, "kim", "Vũ Kim", world.elsewhere, "CLERK")

    for person in (world.oanh, stranger, world.binh, world.dung, world.controller):
        with pytest.raises(NotAllowed):
            actions.accept_submission(officer=person, key=key, now=FRIDAY)
        with pytest.raises(NotAllowed):
            actions.refuse_submission(officer=person, key=key, reason="Không", now=FRIDAY)

    assert OnlineSubmission.objects.get().answered_at is None


def test_reading_is_noted_also_when_it_is_refused(world: World) -> None:
    key = send(world).key

    actions.open_submission(officer=world.cuc, key=key, now=FRIDAY)
    with pytest.raises(NotAllowed):
        actions.open_submission(officer=world.oanh, key=key, now=FRIDAY)

    reads = Read.objects.filter(subject=f"submission:{key}").order_by("id")
    assert [read.was_allowed for read in reads] == [True, False]


def test_an_unknown_submission_is_told_so(world: World) -> None:
    with pytest.raises(online.NoSuchSubmission):
        accept(world, uuid4())


def test_late_answers_are_counted_and_each_count_is_its_list(world: World) -> None:
    in_time, late, refused_late = (send(world).key for _ in range(3))
    send(world)
    send(world, at=FRIDAY)
    accept(world, in_time, DUE)
    accept(world, late, DUE + timedelta(minutes=1))
    actions.refuse_submission(
        officer=world.cuc, key=refused_late, reason="Thiếu", now=DUE + timedelta(hours=1)
    )
    now = DUE + timedelta(hours=1)

    counts = online.count_submissions(world.cuc, now=now)

    assert counts == {"waiting": 2, "overdue": 1, "accepted": 2, "refused": 1, "late": 2}
    for state, count in counts.items():
        assert online.list_submissions(world.cuc, state=state, now=now).count() == count
    assert count_waiting(world.cuc, now=now)["desk:online"] == counts["waiting"]
    assert sum(online.count_submissions(world.oanh, now=now).values()) == 0
    assert online.count_submissions(world.controller, now=now) == counts


def test_the_database_keeps_what_was_sent_and_one_answer(world: World) -> None:
    row = send(world)

    for broken in (
        {"answered_at": FRIDAY},
        {"refusal_reason": "Không ai trả lời"},
        {"answered_at": FRIDAY, "answered_by_id": world.cuc.id},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            OnlineSubmission.objects.filter(pk=row.pk).update(**broken)
    assert OnlineSubmission.objects.get().answered_at is None


def test_what_was_sent_stays_and_an_answer_is_not_taken_back(world: World) -> None:
    waiting, answered = send(world), accept(world, send(world).key)

    for key, broken in (
        (waiting.key, {"applicant_name": "Người khác"}),
        (waiting.key, {"answer_due_at": DUE + timedelta(days=1)}),
        (answered.key, {"answered_at": None, "answered_by": None, "case": None}),
    ):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            OnlineSubmission.objects.filter(key=key).update(**broken)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        OnlineSubmission.objects.filter(key=waiting.key).delete()
    assert OnlineSubmission.objects.count() == 2
