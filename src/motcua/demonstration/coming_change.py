"""Plays a coming change of a workflow: a draft of one department, sent to the others for their opinion."""

from __future__ import annotations

from datetime import datetime, timedelta

from motcua.people import queries as people
from motcua.workflow import actions as workflow
from motcua.workflow import overview_queries

WORKFLOW = "interagency-parallel"
DRAWER = "xaydung.chuyenvien"
_STEP = 'id="environment_opinion"'
_BEFORE, _AFTER = 'motcua:limit="3 ngày làm việc"', 'motcua:limit="2 ngày làm việc"'
NOTE = "Rút thời gian góp ý về đất đai, môi trường từ 3 xuống 2 ngày làm việc"


def send_draft(*, now: datetime) -> None:
    """Draw the change and ask those concerned; what is done already is not done twice."""
    officer = people.get_person(username=DRAWER)
    drafts = overview_queries.see_workflow(WORKFLOW, on=people.day_of(now)).drafts
    draft = (
        drafts[-1]
        if drafts
        else workflow.start_draft(
            officer=officer, workflow_key=WORKFLOW, version_number=1, now=now - timedelta(hours=1)
        )
    )
    if draft.revision == 1:
        before, step, after = draft.bpmn_xml.partition(_STEP)
        draft = workflow.save_draft(
            officer=officer,
            draft_id=draft.pk,
            drawn_on=1,
            bpmn_xml=before + step + after.replace(_BEFORE, _AFTER, 1),
            now=now - timedelta(minutes=30),
        )
    if draft.status == draft.Status.DRAFT:
        workflow.begin_consultation(officer=officer, draft_id=draft.pk, note=NOTE, now=now)
