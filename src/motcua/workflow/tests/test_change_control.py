"""From draft to version: who is asked, consent, objection, silence, overriding, publishing, retiring."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from motcua.audit import queries as audit
from motcua.engine.deadlines import due_at
from motcua.engine.drawing import Chart, Lane, Step, draw
from motcua.engine.explain import Because
from motcua.engine.moments import VIETNAM
from motcua.lawbook import queries as lawbook
from motcua.messages.models import Notice
from motcua.people import queries as people
from motcua.people.actions import NotAllowed
from motcua.people.models import Agency
from motcua.people.queries import Person
from motcua.workflow import actions, blockers, change_queries, queries
from motcua.workflow.models import Ask, Consultation, Decision, Draft, Version
from motcua.workflow.tests.offices import MONDAY, Offices, _agency, _person, make_offices

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()
AFTER = datetime(2023, 3, 13, 17, 0, tzinfo=VIETNAM)


class Scene:
    """The Office, and a department that draws a workflow through it."""

    def __init__(self) -> None:
        self.offices: Offices = make_offices()
        system = self.offices.system
        self.department: Agency = _agency(
            system, "H19.17", "Sở Tài nguyên", "DEPARTMENT", people.get_agency("H19")
        )
        self.oanh: Person = _person(system, "oanh", "Đỗ Thị Oanh", self.department, "OFFICER")

    def draft(self, *, name: str = "Cấp phép", limit: str = "4 giờ") -> Draft:
        """Begin a draft of the department with a lane of the Office."""
        return actions.start_draft_from_file(
            officer=self.oanh,
            name=name,
            owner_code="H19.17",
            data=chart(limit).encode(),
            now=MONDAY,
        )

    def begin(self, draft: Draft, **changes: Any) -> Consultation:
        """Send the draft to consultation."""
        given = {"officer": self.oanh, "draft_id": draft.pk, "now": MONDAY, **changes}
        return actions.begin_consultation(**given)

    def answer(self, consultation: Consultation, answer: str = "CONSENT", **changes: Any) -> Any:
        """Let the leader of the Office answer."""
        given = {
            "officer": self.offices.leader,
            "ask_id": consultation.asks.get(agency=self.offices.office).pk,
            "answer": answer,
            "now": MONDAY,
            **changes,
        }
        return actions.answer_consultation(**given)

    def publish(self, draft: Draft, **changes: Any) -> Version:
        """Let procedure control publish."""
        given = {
            "officer": self.offices.controller,
            "draft_id": draft.pk,
            "number": "15/QĐ-VP",
            "decided_on": TODAY,
            "starts_on": TODAY,
            "now": MONDAY,
            **changes,
        }
        return actions.publish_draft(**given)

    def published(self) -> tuple[Draft, Version]:
        """Bring a draft all the way."""
        draft = self.draft()
        self.answer(self.begin(draft))
        return draft, self.publish(draft)


def chart(limit: str = "4 giờ", unit: str = "AGENCY:H19.01") -> str:
    return draw(
        Chart(
            id="licence",
            name="Cấp phép",
            lanes=(
                Lane(id="department", name="Sở", unit="SETTLING"),
                Lane(id="office", name="Văn phòng UBND tỉnh", unit=unit),
            ),
            steps=(
                Step(
                    id="appraise", name="Thẩm định", lane="department", role="OFFICER", limit=limit
                ),
                Step(id="submit", name="Trình ký", lane="office", role="LEADER", limit="4 giờ"),
            ),
        )
    )


@pytest.fixture
def scene() -> Scene:
    return Scene()


def status(draft: Draft) -> str:
    return Draft.objects.values_list("status", flat=True).get(pk=draft.pk)


def events(draft: Draft) -> list[str]:
    return [one.event for one in audit.list_entries(f"workflow:{draft.workflow.key}")]


def test_who_may_not_asks_answers_overrides_and_publishes_nothing(scene: Scene) -> None:
    draft = scene.draft()
    with pytest.raises(NotAllowed):
        scene.begin(draft, officer=scene.offices.officer)
    asked = scene.begin(draft)

    for outsider in (scene.oanh, scene.offices.officer, scene.offices.controller):
        with pytest.raises(NotAllowed, match="cho ý kiến"):
            scene.answer(asked, officer=outsider)
    scene.answer(asked, "OBJECTION", reason="Bước của Văn phòng cần 8 giờ.")
    with pytest.raises(NotAllowed, match="quyết định thay"):
        actions.override_opinion(
            officer=scene.offices.leader,
            ask_id=asked.asks.get().pk,
            reason="x",
            decision="y",
            now=MONDAY,
        )
    with pytest.raises(NotAllowed, match="công bố"):
        scene.publish(draft, officer=scene.oanh)
    with pytest.raises(NotAllowed):
        actions.take_draft_back(
            officer=scene.offices.officer, draft_id=draft.pk, reason="x", now=MONDAY
        )
    assert status(draft) == "HELD_UP"


def test_each_agency_with_a_lane_is_asked_with_the_reason_and_the_day(scene: Scene) -> None:
    draft = scene.draft()

    asked = scene.begin(draft, note="Đưa về chuẩn 5 bước")

    (ask,) = Ask.objects.select_related("agency")
    assert ask.agency == scene.offices.office
    assert ask.because[0]["vi"] == "Có làn hoặc bước “Văn phòng UBND tỉnh” trong lưu đồ."
    assert asked.ends_at == AFTER
    assert status(draft) == "CONSULTATION"
    assert Notice.objects.get().agency == scene.offices.office
    assert change_queries.count_changes(scene.offices.leader, now=MONDAY) == 1
    with pytest.raises(actions.CannotConsultOnDraft, match="Đang lấy ý kiến"):
        scene.begin(draft)
    with pytest.raises(actions.CannotSaveDraft):
        actions.save_draft(
            officer=scene.oanh, draft_id=draft.pk, drawn_on=1, bpmn_xml=chart("8 giờ"), now=MONDAY
        )


def test_where_nobody_else_has_a_place_it_is_consented_at_once(scene: Scene) -> None:
    draft = actions.start_draft_from_file(
        officer=scene.oanh,
        name="Một mình",
        owner_code="H19.17",
        data=chart(unit="AGENCY:H19.17").encode(),
        now=MONDAY,
    )

    scene.begin(draft)

    assert status(draft) == "CONSENTED"


def test_an_objection_needs_a_reason_and_may_be_given_up(scene: Scene) -> None:
    draft = scene.draft()
    asked = scene.begin(draft)

    with pytest.raises(actions.CannotAnswerConsultation, match="nêu lý do"):
        scene.answer(asked, "OBJECTION", reason=" ")
    scene.answer(asked, "OBJECTION", reason="Cần 8 giờ.")
    assert status(draft) == "HELD_UP"
    with pytest.raises(actions.CannotPublishDraft, match="Vướng ý kiến"):
        scene.publish(draft)
    scene.answer(asked)

    assert status(draft) == "CONSENTED"
    with pytest.raises(actions.CannotAnswerConsultation, match="đã kết thúc"):
        scene.answer(asked, "OBJECTION", reason="Đổi ý")


def test_silence_is_noted_when_the_time_is_over_and_not_before(scene: Scene) -> None:
    draft = scene.draft()
    asked = scene.begin(draft)
    ask_id, system = asked.asks.get().pk, scene.offices.system

    assert change_queries.list_silent(AFTER - timedelta(seconds=1)) == []
    with pytest.raises(actions.CannotAnswerConsultation, match="17:00 13/03/2023"):
        actions.record_silence(officer=system, ask_id=ask_id, now=MONDAY)
    assert change_queries.list_silent(AFTER) == [ask_id]
    noted = actions.record_silence(officer=system, ask_id=ask_id, now=AFTER)

    assert noted is not None
    assert noted.answer == "SILENCE"
    assert status(draft) == "HELD_UP"
    assert change_queries.list_silent(AFTER) == []
    assert actions.record_silence(officer=system, ask_id=ask_id, now=AFTER) is None
    with pytest.raises(actions.CannotAnswerConsultation, match="đã hết"):
        scene.answer(asked, now=AFTER)
    assert "draft.silence" in events(draft)


def test_procedure_control_goes_on_in_spite_with_reason_and_decision(scene: Scene) -> None:
    draft = scene.draft()
    asked = scene.begin(draft)
    given: dict[str, Any] = {
        "officer": scene.offices.controller,
        "ask_id": asked.asks.get().pk,
        "now": MONDAY,
    }

    with pytest.raises(actions.CannotOverrideOpinion, match="không có gì để quyết định thay"):
        actions.override_opinion(**given, reason="Vì dân", decision="7/QĐ-VP")
    scene.answer(asked, "OBJECTION", reason="Không muốn.")
    with pytest.raises(actions.CannotOverrideOpinion, match="cả lý do và số quyết định"):
        actions.override_opinion(**given, reason="Vì dân", decision=" ")
    override = actions.override_opinion(**given, reason="Vì dân", decision="7/QĐ-VP")

    assert override.decided_by_id == scene.offices.controller.id
    assert status(draft) == "CONSENTED"
    entry = audit.list_entries(f"workflow:{draft.workflow.key}").get(
        event="draft.opinion_overridden"
    )
    assert (entry.because, entry.facts["decision"]) == ("Vì dân", "7/QĐ-VP")


def test_a_changed_draft_is_asked_about_anew_and_old_consents_count_for_nothing(
    scene: Scene,
) -> None:
    draft = scene.draft()
    first = scene.begin(draft)
    scene.answer(first)

    with pytest.raises(actions.CannotTakeDraftBack, match="lý do"):
        actions.take_draft_back(officer=scene.oanh, draft_id=draft.pk, reason="", now=MONDAY)
    actions.take_draft_back(officer=scene.oanh, draft_id=draft.pk, reason="Sửa hạn", now=MONDAY)
    actions.save_draft(
        officer=scene.oanh, draft_id=draft.pk, drawn_on=1, bpmn_xml=chart("8 giờ"), now=MONDAY
    )
    second = scene.begin(draft)

    assert second.number == 2
    assert second.drawing_hash != first.drawing_hash
    assert status(draft) == "CONSULTATION"
    with pytest.raises(actions.CannotAnswerConsultation, match="đã kết thúc"):
        scene.answer(first)
    with pytest.raises(actions.CannotPublishDraft):
        scene.publish(draft)


def test_a_drawing_that_is_not_the_one_consented_to_is_not_published(scene: Scene) -> None:
    draft = scene.draft()
    scene.answer(scene.begin(draft))
    Draft.objects.filter(pk=draft.pk).update(bpmn_xml=chart("8 giờ"))

    with pytest.raises(actions.CannotPublishDraft, match="đã khác bản"):
        scene.publish(draft)

    assert not Version.objects.exists()


def test_publication_makes_a_version_a_row_of_the_register_and_tells_everybody(
    scene: Scene,
) -> None:
    draft, version = scene.published()

    decision = Decision.objects.get()
    told = Notice.objects.filter(once_key__contains=":published:")
    assert status(draft) == "PUBLISHED"
    assert (version.number, version.decision, decision.version_id) == (1, "15/QĐ-VP", version.pk)
    assert (decision.decided_on, decision.draft_id) == (TODAY, draft.pk)
    assert {(one.agency_id, one.role) for one in told if one.agency_id} == {
        (agency.pk, role)
        for agency in (scene.offices.office, scene.department)
        for role in ("LEADER", "OFFICER")
    }
    assert events(draft)[-2:] == ["workflow.published", "draft.published"]
    assert list(audit.find_broken_chains()) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"starts_on": TODAY - timedelta(days=1)}, "05/03/2023 đã qua"),
        ({"decided_on": TODAY + timedelta(days=1)}, "còn chưa tới"),
        ({"number": " "}, "số quyết định"),
    ],
)
def test_days_that_are_past_or_to_come_are_refused_with_the_reason(
    scene: Scene, changes: dict[str, Any], words: str
) -> None:
    draft = scene.draft()
    scene.answer(scene.begin(draft))

    with pytest.raises(actions.CannotPublishDraft, match=words):
        scene.publish(draft, **changes)

    assert not Version.objects.exists()


def test_an_agency_dissolved_since_is_named_with_what_to_do(scene: Scene) -> None:
    draft = scene.draft()
    scene.answer(scene.begin(draft))
    Agency.objects.filter(code="H19.01").update(ends_on=TODAY, successor=scene.offices.centre)

    with pytest.raises(actions.CannotPublishDraft) as refused:
        scene.publish(draft)

    (blocker,) = {one.vi for one in refused.value.blockers}
    assert "Văn phòng UBND tỉnh, cơ quan này hết hoạt động từ 06/03/2023" in blocker
    assert "Hãy chuyển cho Trung tâm Hành chính công tỉnh" in blocker


def test_what_another_area_finds_blocks_publication(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = scene.draft()
    scene.answer(scene.begin(draft))
    failing = Because(vi="Kiểm thử “Đường thẳng” không đạt.", en="A test fails.")
    monkeypatch.setattr(blockers, "CHECKS", [lambda _draft, _on: [failing]])

    with pytest.raises(actions.CannotPublishDraft) as refused:
        scene.publish(draft)

    assert refused.value.blockers == (failing,)


def test_a_draft_drawn_on_an_older_version_would_undo_the_newer_and_is_refused(
    scene: Scene,
) -> None:
    draft, version = scene.published()
    old = actions.start_draft(
        officer=scene.oanh, workflow_key=draft.workflow.key, version_number=1, now=MONDAY
    )
    with pytest.raises(actions.CannotConsultOnDraft, match="giống hệt phiên bản 1"):
        scene.begin(old)
    actions.publish_version(
        officer=scene.offices.controller,
        key=draft.workflow.key,
        name="Cấp phép",
        bpmn_xml=chart("8 giờ"),
        starts_on=TODAY,
        now=MONDAY,
    )

    with pytest.raises(actions.CannotConsultOnDraft, match="phiên bản 2 đã được công bố"):
        scene.begin(old)


def retire(scene: Scene, key: str, number: int, **changes: Any) -> Any:
    given = {
        "officer": scene.offices.controller,
        "workflow_key": key,
        "version_number": number,
        "ends_on": TODAY + timedelta(days=7),
        "reason": "Thay bằng quy trình chuẩn",
        "number": "16/QĐ-VP",
        "decided_on": TODAY,
        "now": MONDAY,
        **changes,
    }
    return actions.retire_version(**given)


def test_a_version_goes_out_of_force_on_its_day_by_a_decision(scene: Scene) -> None:
    draft, version = scene.published()
    key = draft.workflow.key

    with pytest.raises(NotAllowed):
        retire(scene, key, 1, officer=scene.oanh)
    with pytest.raises(actions.CannotRetireVersion, match="đã qua"):
        retire(scene, key, 1, ends_on=TODAY - timedelta(days=1))
    with pytest.raises(actions.CannotRetireVersion, match="cả lý do"):
        retire(scene, key, 1, reason="")
    retire(scene, key, 1)

    last = TODAY + timedelta(days=6)
    found = queries.find_version_in_force(workflow_key=key, on=last)
    assert found is not None
    assert found.id == version.pk
    assert queries.find_version_in_force(workflow_key=key, on=last + timedelta(days=1)) is None
    assert set(Decision.objects.values_list("kind", flat=True)) == {"PUBLISHED", "RETIRED"}
    with pytest.raises(actions.CannotRetireVersion, match="đã có quyết định"):
        retire(scene, key, 1)


@pytest.mark.parametrize("role", ["motcua_app", None])
@pytest.mark.parametrize("table", ["version", "consultation", "ask", "opinion", "decision"])
def test_nobody_changes_what_was_published_asked_answered_or_decided(
    scene: Scene, role: str | None, table: str
) -> None:
    scene.published()

    for change in ("UPDATE workflow_{} SET id = id", "DELETE FROM workflow_{}"):
        with (
            pytest.raises(ProgrammingError, match="added, never changed|permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            if role:
                cursor.execute(f"SET LOCAL ROLE {role}")
            cursor.execute(change.format(table))

    assert Version.objects.get().decision == "15/QĐ-VP"


def test_the_period_of_law_gives_the_end_that_its_example_says() -> None:
    subject = lawbook.get_subject("product/workflow_control")
    (example,) = (one for one in subject.examples if one.find("sent"))
    sent = example.get("sent").moment()

    end = due_at(
        received_at=sent,
        limit=lawbook.get_consultation_period(sent.date()),
        calendar=lawbook.get_calendar(),
        rules=lawbook.get_time_rules(sent.date()),
    )

    assert end == example.get("ends").moment()
