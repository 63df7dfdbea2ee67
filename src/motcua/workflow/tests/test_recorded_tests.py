"""Tests recorded by the owner of a workflow: played at each edit, and in the way of publication."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from motcua.audit.queries import list_entries
from motcua.engine.drawing import Chart, Decision, Step, Way, draw
from motcua.engine.recorded_tests import Choice
from motcua.people.actions import NotAllowed
from motcua.workflow import actions, queries
from motcua.workflow.models import Draft, PlayedTest, RecordedTest, Version
from motcua.workflow.tests.offices import (
    APPRAISE,
    FORWARD,
    LANES,
    LONG_AGO,
    MONDAY,
    Offices,
    drawing,
    make_offices,
)

pytestmark = pytest.mark.django_db

APPROVE = Step(
    id="approve",
    name="Phê duyệt",
    lane="office",
    role="LEADER",
    limit="1 ngày làm việc",
    outcomes=("APPROVE", "RETURN"),
)
RETURNS = Decision(
    id="passed",
    name="Kết quả?",
    ways=(Way(label="Trả lại", when='outcome == "RETURN"', to="appraise"), Way(label="Đồng ý")),
)
PLAIN = Step(
    id="appraise", name="Thẩm định", lane="office", role="OFFICER", limit="3 ngày làm việc"
)


def chart(*steps: Any) -> str:
    return draw(Chart(id="chart", name="Lưu đồ", lanes=LANES, steps=steps))


WITH_RETURN = chart(FORWARD, PLAIN, APPROVE, RETURNS)
WITHOUT_RETURN = chart(FORWARD, PLAIN, APPROVE)
ONCE_RETURNED = (
    Choice(step="forward"),
    Choice(step="appraise"),
    Choice(step="approve", outcome="RETURN"),
    Choice(step="appraise"),
    Choice(step="approve", outcome="APPROVE"),
)


@pytest.fixture(scope="module")
def offices_of_file(
    made_once: Callable[[Callable[[], Offices]], Callable[[], Offices]],
) -> Callable[[], Offices]:
    return made_once(make_offices)


@pytest.fixture
def offices(db: None, offices_of_file: Callable[[], Offices]) -> Offices:
    return offices_of_file()


@pytest.fixture
def draft(offices: Offices) -> Draft:
    actions.publish_version(
        officer=offices.controller,
        key="approved",
        name="Có phê duyệt",
        bpmn_xml=WITH_RETURN,
        starts_on=LONG_AGO,
        owner_id=offices.office.pk,
        now=MONDAY,
    )
    return actions.start_draft(
        officer=offices.officer, workflow_key="approved", version_number=1, now=MONDAY
    )


def record(offices: Offices, draft: Draft, **changes: Any) -> RecordedTest:
    values: dict[str, Any] = {
        "officer": offices.officer,
        "draft_id": draft.pk,
        "name": "Trả lại một lần rồi duyệt",
        "facts": {"channel": "COUNTER"},
        "choices": ONCE_RETURNED,
        "now": MONDAY,
    }
    return actions.record_test(**{**values, **changes})


def save(offices: Offices, draft: Draft, xml: str, drawn_on: int) -> Draft:
    return actions.save_draft(
        officer=offices.officer, draft_id=draft.pk, drawn_on=drawn_on, bpmn_xml=xml, now=MONDAY
    )


def publish(offices: Offices, xml: str) -> Version:
    return actions.publish_version(
        officer=offices.controller,
        key="approved",
        name="Có phê duyệt",
        bpmn_xml=xml,
        starts_on=date(2023, 4, 1),
        now=MONDAY,
    )


def test_only_the_owner_of_the_workflow_records_and_retires(offices: Offices, draft: Draft) -> None:
    with pytest.raises(NotAllowed):
        record(offices, draft, officer=offices.clerk)
    test = record(offices, draft)
    with pytest.raises(NotAllowed):
        actions.retire_test(officer=offices.clerk, test_id=test.pk, reason="Bỏ", now=MONDAY)

    assert RecordedTest.objects.get().retired_at is None


def test_the_path_is_what_the_chart_does_and_is_in_the_trail(
    offices: Offices, draft: Draft
) -> None:
    test = record(offices, draft)

    assert test.expected == [["forward"], ["appraise"], ["approve"], ["appraise"], ["approve"], []]
    assert test.finishes
    entry = list_entries("workflow:approved").last()
    assert entry is not None
    assert (entry.event, entry.facts["test"]) == ("workflow.test_recorded", test.pk)
    with pytest.raises(actions.CannotRecordTest, match="đã có kịch bản tên"):
        record(offices, draft)
    with pytest.raises(actions.CannotRecordTest, match="“Phê duyệt” không đang mở"):
        record(offices, draft, name="Sai", choices=(Choice(step="approve", outcome="APPROVE"),))
    with pytest.raises(actions.CannotRecordTest, match="Hãy đặt tên"):
        record(offices, draft, name=" ")


def test_each_edit_plays_the_tests_and_says_since_when_one_fails(
    offices: Offices, draft: Draft
) -> None:
    record(offices, draft)

    save(offices, draft, WITHOUT_RETURN, 1)
    save(offices, draft, WITHOUT_RETURN.replace("Thẩm định", "Thẩm tra"), 2)
    (failed,) = queries.list_played_tests(draft.pk)
    assert (failed.revision, failed.failed_since) == (3, 2)
    assert failed.difference_vi == (
        "Sau lần chọn thứ 3 (“Phê duyệt”): chờ mở “Thẩm tra”, nhưng mở không bước nào."
    )
    save(offices, draft, WITH_RETURN.replace("userTask", "manualTask"), 3)
    assert "Bản vẽ chưa đọc được" in queries.list_played_tests(draft.pk)[0].difference_vi
    save(offices, draft, WITH_RETURN.replace("Thẩm định", "Thẩm tra"), 4)

    (passed,) = queries.list_played_tests(draft.pk)
    assert (passed.revision, passed.failed_since, passed.difference_vi) == (5, None, "")
    later = actions.start_draft(
        officer=offices.officer, workflow_key="approved", version_number=1, now=MONDAY
    )
    assert PlayedTest.objects.get(draft=later).failed_since is None


def test_a_failing_test_is_in_the_way_of_publication_until_it_is_retired_with_a_reason(
    offices: Offices, draft: Draft
) -> None:
    test = record(offices, draft)

    with pytest.raises(
        actions.CannotPublishWorkflow,
        match="1 kịch bản .* “Trả lại một lần rồi duyệt”: Sau lần chọn thứ 3",
    ):
        publish(offices, WITHOUT_RETURN)
    assert Version.objects.count() == 1
    with pytest.raises(actions.CannotRetireTest, match="lý do"):
        actions.retire_test(officer=offices.leader, test_id=test.pk, reason=" ", now=MONDAY)
    actions.retire_test(
        officer=offices.leader, test_id=test.pk, reason="Không còn trả lại", now=MONDAY
    )
    publish(offices, WITHOUT_RETURN)

    assert Version.objects.count() == 2
    with pytest.raises(actions.CannotRetireTest, match="Phạm Ngọc Dung đã bỏ"):
        actions.retire_test(officer=offices.officer, test_id=test.pk, reason="Bỏ", now=MONDAY)
    assert queries.list_retired_tests(draft.workflow_id).get().retired_reason == "Không còn trả lại"


def test_the_history_of_another_workflow_is_no_test_of_this_one(
    offices: Offices, draft: Draft
) -> None:
    other = actions.publish_version(
        officer=offices.controller,
        key="other",
        name="Khác",
        bpmn_xml=drawing(FORWARD, APPRAISE),
        starts_on=LONG_AGO,
        now=MONDAY,
    )

    with pytest.raises(actions.CannotRecordTest, match="chạy theo quy trình khác"):
        actions.record_history(
            officer=offices.officer,
            draft_id=draft.pk,
            name="Hồ sơ cũ",
            history=actions.History(case_code="A", version_id=other.pk, facts={}, choices=()),
            now=MONDAY,
        )
