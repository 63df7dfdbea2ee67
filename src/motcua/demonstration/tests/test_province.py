"""The demonstration lives in its own time, with one change of a workflow on its way."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from motcua.clock import queries as clock
from motcua.demonstration import coming_change, province
from motcua.engine.moments import VIETNAM, local
from motcua.workflow import change_queries, overview_queries

MORNING = datetime(2023, 3, 14, 9, 0, tzinfo=VIETNAM)
DAY = date(2023, 3, 14)


@pytest.fixture
def founded(db: None) -> None:
    province.set_up()


@pytest.mark.usefixtures("founded")
def test_what_is_published_was_published_before_it_applies_and_not_by_the_true_clock() -> None:
    versions = [
        version
        for key in province.FLOW_CHART_NAMES
        for version in overview_queries.see_workflow(key, on=DAY).versions
    ]

    assert len(versions) == len(province.FLOW_CHART_NAMES)
    assert {(local(one.published_at).date() < one.starts_on) for one in versions} == {True}
    assert {one.published_at < MORNING < clock.now() for one in versions} == {True}


@pytest.mark.usefixtures("founded")
def test_one_draft_is_under_consultation_however_often_it_is_sent() -> None:
    coming_change.send_draft(now=MORNING)
    coming_change.send_draft(now=MORNING)

    (draft,) = overview_queries.see_workflow(coming_change.WORKFLOW, on=DAY).drafts
    (round_seen,) = change_queries.list_rounds(draft.pk)
    assert draft.status == draft.Status.CONSULTATION
    assert draft.revision == 2
    assert 'motcua:limit="2 ngày làm việc"' in draft.bpmn_xml
    assert "Sở Tài nguyên và Môi trường" in {one.ask.agency.name for one in round_seen.asks}
