"""Revoking a result that the post carries: it is called back, and a delivery returns nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection

from motcua.audit.queries import find_broken_chains, list_entries
from motcua.cases import actions, post_queries
from motcua.cases.models import Case, PostalItem, Result
from motcua.cases.tests.test_results import LATER, draft, number, revoke, sign
from motcua.cases.tests.world import World
from motcua.messages.models import Notice
from motcua.messages.queries import list_citizen_messages
from motcua.people.actions import NotAllowed
from motcua.workflow.models import Task

pytestmark = pytest.mark.django_db
SENT = LATER + timedelta(hours=1)
REVOKED = LATER + timedelta(hours=3)
TRACKING = "EA123456789VN"


def finish(world: World, case: Case) -> None:
    for who, outcome in ((world.cuc, ""), (world.binh, ""), (world.dung, "APPROVE")):
        task = Task.objects.get(run_id=case.run_id, completed_at=None)
        actions.complete_step(officer=who, task_id=task.pk, outcome=outcome, now=LATER)


def on_its_way(world: World) -> tuple[Case, Result, PostalItem]:
    """Return a case whose result the postman carries."""
    case = world.receive(returns_by_post=True, return_address="Số 1, phường Trảng Dài")
    finish(world, case)
    result = number(world, sign(world, draft(world, case)))
    item = PostalItem.objects.get(case=case)
    actions.hand_to_post(
        officer=world.cuc,
        agency_id=world.centre.pk,
        tracking_numbers={item.pk: TRACKING},
        carrier_name="Phạm Văn Thư",
        now=SENT,
    )
    item.refresh_from_db()
    return case, result, item


def deliver(world: World, item: PostalItem, at: datetime, now: datetime | None = None) -> None:
    actions.record_delivery(
        officer=world.cuc,
        item_id=item.pk,
        delivered_to="Nguyễn Thị Thúy An",
        delivered_at=at,
        now=now or at,
    )


def told(case: Case) -> list[str]:
    return [message.text for message in list_citizen_messages(f"case:{case.code}")]


def test_an_outsider_calls_nothing_back(world: World) -> None:
    case, result, item = on_its_way(world)

    with pytest.raises(NotAllowed):
        actions.revoke_result(
            officer=world.cuc,
            case_code=case.code,
            result_id=result.pk,
            decision="12/QĐ-VP",
            reason="Sai",
            now=REVOKED,
        )

    item.refresh_from_db()
    assert item.recalled_at is None


def test_revoking_calls_it_back_and_tells_the_clerks_of_the_counter(world: World) -> None:
    case, result, item = on_its_way(world)

    revoke(world, result, REVOKED)

    item.refresh_from_db()
    assert (item.recalled_at, item.recalled_by_id) == (REVOKED, world.dung.id)
    (listed,) = post_queries.list_post(world.cuc, state="recalled", now=REVOKED)
    assert listed.is_to_come_back
    notice = Notice.objects.get(once_key=f"post-recall:{item.pk}")
    assert (notice.agency_id, notice.role) == (world.centre.pk, "CLERK")
    assert TRACKING in notice.text_vi and case.code in notice.text_vi
    events = [entry.event for entry in list_entries(f"case:{case.code}")]
    assert events[-2:] == ["case.result_revoked", "case.called_back_from_post"]


def test_what_is_delivered_although_revoked_returns_nothing_and_the_citizen_hears(
    world: World,
) -> None:
    case, result, item = on_its_way(world)
    revoke(world, result, REVOKED)

    deliver(world, item, REVOKED + timedelta(hours=1))

    item.refresh_from_db()
    kept = Case.objects.get(pk=case.pk)
    assert item.was_delivered_in_vain
    assert (kept.status, kept.returned_at) == (Case.Status.DONE, None)
    assert any("không có giá trị" in text and "mang trả lại" in text for text in told(case))
    last = list_entries(f"case:{case.code}").latest("number")
    assert last.event == "case.delivered_although_revoked"
    assert list(find_broken_chains()) == []


def test_what_was_delivered_before_the_revocation_was_returned(world: World) -> None:
    case, result, item = on_its_way(world)
    revoke(world, result, REVOKED)

    deliver(world, item, SENT + timedelta(hours=1), now=REVOKED + timedelta(hours=1))

    kept = Case.objects.get(pk=case.pk)
    assert (kept.status, kept.returned_at) == (Case.Status.RETURNED, SENT + timedelta(hours=1))
    result.refresh_from_db()
    assert result.handed_over_to == "Nguyễn Thị Thúy An"
    assert not any("mang trả lại" in text for text in told(case))


def test_what_comes_back_in_time_is_on_the_list_no_more(world: World) -> None:
    _case, result, item = on_its_way(world)
    revoke(world, result, REVOKED)

    actions.record_failure(
        officer=world.cuc, item_id=item.pk, reason="Gọi về", now=REVOKED + timedelta(hours=1)
    )

    assert post_queries.count_post(world.cuc, now=REVOKED)["recalled"] == 0


def test_the_replacement_may_be_handed_over_or_sent_before_the_old_one_is_back(
    world: World,
) -> None:
    case, result, item = on_its_way(world)
    revoke(world, result, REVOKED)
    number(world, sign(world, draft(world, case, REVOKED), REVOKED), "126/GP-UBND", REVOKED)
    again = actions.plan_return_by_post(
        officer=world.cuc, case_code=case.code, name="An", address="Số 1", now=REVOKED
    )

    returned = actions.return_result(
        officer=world.cuc, case_code=case.code, returned_to="An", now=REVOKED
    )
    deliver(world, item, REVOKED + timedelta(hours=1))

    assert post_queries.find_return_of(case.pk) == again
    assert (returned.status, returned.returned_to) == (Case.Status.RETURNED, "An")
    assert Case.objects.get(pk=case.pk).returned_to == "An"


def test_a_result_that_waits_at_the_counter_calls_nothing_back(world: World) -> None:
    case = world.receive()
    finish(world, case)
    result = number(world, sign(world, draft(world, case)))

    revoke(world, result, REVOKED)

    events = [entry.event for entry in list_entries(f"case:{case.code}")]
    assert events[-1] == "case.result_revoked"


@pytest.mark.django_db(transaction=True)
def test_of_a_revocation_and_a_delivery_at_one_moment_nothing_is_half_written(
    world: World,
) -> None:
    case, result, item = on_its_way(world)

    def do(what: str) -> None:
        try:
            if what == "revoke":
                revoke(world, result, REVOKED)
            else:
                deliver(world, item, REVOKED)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(do, ("revoke", "deliver")))

    item.refresh_from_db()
    kept = Case.objects.get(pk=case.pk)
    is_returned = kept.status == Case.Status.RETURNED
    assert is_returned is (item.recalled_at is None)
    assert item.delivered_at == REVOKED
    assert list(find_broken_chains()) == []
