"""Drawing a coming version: who may, what is saved, and that nobody overwrites anybody."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import ProgrammingError, connection, transaction

from motcua.audit.queries import list_entries
from motcua.engine.bpmn import compile_bpmn
from motcua.engine.flowcheck import check
from motcua.people.actions import NotAllowed
from motcua.people.queries import Person
from motcua.workflow import actions, queries, starting_charts
from motcua.workflow.models import Draft, DraftEdit, Workflow
from motcua.workflow.tests.offices import LONG_AGO, MONDAY, Offices, drawing, make_offices

pytestmark = pytest.mark.django_db
LATER = MONDAY.replace(hour=10)
CHANGED = drawing().replace("Thẩm định", "Thẩm tra")
OTHER = drawing().replace("Chuyển hồ sơ", "Chuyển ngay hồ sơ")


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
        key="two-steps",
        name="Hai bước",
        bpmn_xml=drawing(),
        starts_on=LONG_AGO,
        owner_id=offices.office.pk,
        now=MONDAY,
    )
    return actions.start_draft(
        officer=offices.officer, workflow_key="two-steps", version_number=1, now=MONDAY
    )


def save(officer: Person, draft: Draft, bpmn_xml: str, drawn_on: int = 1) -> Draft:
    return actions.save_draft(
        officer=officer, draft_id=draft.pk, drawn_on=drawn_on, bpmn_xml=bpmn_xml, now=LATER
    )


def test_who_does_not_work_at_the_owner_draws_nothing(offices: Offices, draft: Draft) -> None:
    clerk = offices.clerk

    with pytest.raises(NotAllowed, match="soạn quy trình"):
        actions.start_draft(officer=clerk, workflow_key="two-steps", version_number=1, now=MONDAY)
    with pytest.raises(NotAllowed):
        save(clerk, draft, CHANGED)
    with pytest.raises(NotAllowed):
        actions.discard_draft(officer=clerk, draft_id=draft.pk, now=MONDAY)
    with pytest.raises(NotAllowed):
        actions.start_draft_from_template(
            officer=clerk, name="Mới", owner_code="H19.01", template="empty", now=MONDAY
        )
    # An officer of the Office draws for the Office, not for the centre below it.
    with pytest.raises(NotAllowed):
        actions.start_draft_from_template(
            officer=offices.officer,
            name="Mới",
            owner_code="H19.01.01",
            template="empty",
            now=MONDAY,
        )

    assert Draft.objects.get() == draft
    assert Workflow.objects.count() == 1


def test_a_workflow_without_an_owner_is_drawn_by_procedure_control(offices: Offices) -> None:
    actions.publish_version(
        officer=offices.controller,
        key="nobodys",
        name="Hai bước",
        bpmn_xml=drawing(),
        starts_on=LONG_AGO,
        now=MONDAY,
    )

    with pytest.raises(NotAllowed):
        actions.start_draft(
            officer=offices.leader, workflow_key="nobodys", version_number=1, now=MONDAY
        )
    draft = actions.start_draft(
        officer=offices.controller, workflow_key="nobodys", version_number=1, now=MONDAY
    )

    assert draft.status == Draft.Status.DRAFT


def test_a_draft_begins_as_the_version_it_is_based_on(offices: Offices, draft: Draft) -> None:
    first = DraftEdit.objects.get()

    assert (draft.bpmn_xml, draft.revision, draft.name) == (drawing(), 1, "Hai bước")
    assert draft.based_on is not None
    assert draft.based_on.number == 1
    assert (first.cause, first.revision, first.edited_by_id) == ("STARTED", 1, offices.officer.id)
    assert list_entries("workflow:two-steps").order_by("-number")[0].event == "draft.started"
    with pytest.raises(actions.CannotStartDraft, match="phiên bản 7"):
        actions.start_draft(
            officer=offices.officer, workflow_key="two-steps", version_number=7, now=MONDAY
        )


def test_each_save_is_kept_and_told(offices: Offices, draft: Draft) -> None:
    saved = save(offices.leader, draft, CHANGED)

    entry = list_entries("workflow:two-steps").order_by("-number")[0]
    edits = list(queries.list_edits(draft.pk))
    assert (saved.revision, saved.bpmn_xml, saved.edited_at) == (2, CHANGED, LATER)
    assert [(edit.revision, edit.drawn_on, edit.cause) for edit in edits] == [
        (2, 1, "SAVED"),
        (1, 0, "STARTED"),
    ]
    assert (entry.event, entry.facts["revision"]) == ("draft.saved", 2)


def test_a_repeated_save_changes_nothing(offices: Offices, draft: Draft) -> None:
    save(offices.officer, draft, CHANGED)

    again = save(offices.officer, draft, CHANGED)

    assert again.revision == 2
    assert DraftEdit.objects.count() == 2


def test_of_two_editors_the_later_overwrites_nothing_and_loses_nothing(
    offices: Offices, draft: Draft
) -> None:
    save(offices.officer, draft, CHANGED)

    with pytest.raises(actions.DraftHasMoved, match="Lê Thanh Bình đã lưu") as refusal:
        save(offices.leader, draft, OTHER)
    with pytest.raises(actions.DraftHasMoved):
        save(offices.leader, draft, OTHER)

    now = queries.get_draft(draft.pk)
    aside = DraftEdit.objects.get(pk=refusal.value.edit_id)
    assert (now.revision, now.bpmn_xml) == (2, CHANGED)
    assert (aside.cause, aside.revision, aside.bpmn_xml) == ("ASIDE", None, OTHER)
    assert DraftEdit.objects.filter(cause="ASIDE").count() == 1


def test_what_was_kept_aside_can_be_put_on_top(offices: Offices, draft: Draft) -> None:
    save(offices.officer, draft, CHANGED)
    with pytest.raises(actions.DraftHasMoved) as refusal:
        save(offices.leader, draft, OTHER)

    def restore(drawn_on: int) -> Draft:
        return actions.restore_edit(
            officer=offices.leader,
            draft_id=draft.pk,
            edit_id=refusal.value.edit_id,
            drawn_on=drawn_on,
            now=LATER,
        )

    with pytest.raises(actions.CannotRestoreEdit, match="Lê Thanh Bình"):
        restore(1)
    restored = restore(2)

    assert (restored.revision, restored.bpmn_xml) == (3, OTHER)
    assert list(DraftEdit.objects.exclude(revision=None).values_list("bpmn_xml", flat=True)) == [
        drawing(),
        CHANGED,
        OTHER,
    ]
    with pytest.raises(actions.CannotRestoreEdit, match="giống hệt"):
        restore(3)


def test_an_edit_of_another_draft_is_not_restored(offices: Offices, draft: Draft) -> None:
    other = actions.start_draft_from_template(
        officer=offices.controller, name="Khác", owner_code="H19.01", template="empty", now=MONDAY
    )

    with pytest.raises(actions.CannotRestoreEdit, match="không có lần lưu đó"):
        actions.restore_edit(
            officer=offices.controller,
            draft_id=draft.pk,
            edit_id=queries.list_edits(other.pk)[0].pk,
            drawn_on=1,
            now=LATER,
        )


def test_a_discarded_draft_is_closed_and_stays_readable(offices: Offices, draft: Draft) -> None:
    actions.discard_draft(officer=offices.officer, draft_id=draft.pk, now=LATER)

    with pytest.raises(actions.CannotSaveDraft, match="“Đã bỏ”"):
        save(offices.officer, draft, CHANGED)
    with pytest.raises(actions.CannotDiscardDraft, match="“Đã bỏ”"):
        actions.discard_draft(officer=offices.officer, draft_id=draft.pk, now=LATER)

    assert queries.get_draft(draft.pk).bpmn_xml == drawing()
    assert list_entries("workflow:two-steps").order_by("-number")[0].event == "draft.discarded"


def test_a_chart_with_faults_is_saved_but_not_what_is_no_chart(
    offices: Offices, draft: Draft
) -> None:
    half_done = re.sub(r'motcua:role="\w+" ', "", drawing())
    saved = save(offices.officer, draft, half_done)

    with pytest.raises(actions.CannotSaveDraft) as refusal:
        save(offices.officer, draft, "<a>", drawn_on=2)

    assert saved.revision == 2
    assert refusal.value.problems[0].code == "BROKEN_XML"


@pytest.mark.parametrize("template", starting_charts.CHARTS)
def test_a_new_workflow_begins_with_a_chart_that_only_lacks_what_must_be_chosen(
    offices: Offices, template: str
) -> None:
    draft = actions.start_draft_from_template(
        officer=offices.leader,
        name="  Cấp phép  biển hiệu ",
        owner_code="H19.01",
        template=template,
        now=MONDAY,
    )

    net = compile_bpmn(draft.bpmn_xml)
    lacking = {finding.code for finding in check(net) if finding.severity == "error"}
    assert (draft.workflow.key, draft.name, draft.workflow.owner_id) == (
        "cap-phep-bien-hieu",
        "Cấp phép biển hiệu",
        offices.office.pk,
    )
    assert net.name == "Cấp phép biển hiệu"
    assert lacking <= {"NO_UNIT"}


def test_workflows_of_one_name_get_keys_of_their_own(offices: Offices) -> None:
    keys = [
        actions.start_draft_from_template(
            officer=offices.leader,
            name="Cấp phép",
            owner_code="H19.01",
            template="empty",
            now=MONDAY,
        ).workflow.key
        for _again in range(3)
    ]

    assert keys == ["cap-phep", "cap-phep-2", "cap-phep-3"]


@pytest.mark.django_db(transaction=True)
def test_workflows_of_one_name_that_begin_at_one_moment_get_keys_of_their_own(
    offices: Offices,
) -> None:
    start = Barrier(4)

    def begin(_click: int) -> str:
        try:
            start.wait(timeout=20)
            return actions.start_draft_from_template(
                officer=offices.leader,
                name="Cấp phép",
                owner_code="H19.01",
                template="empty",
                now=MONDAY,
            ).workflow.key
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        keys = sorted(pool.map(begin, range(4)))

    assert keys == ["cap-phep", "cap-phep-2", "cap-phep-3", "cap-phep-4"]


def test_a_new_workflow_needs_a_name_and_a_known_chart(offices: Offices) -> None:
    with pytest.raises(actions.CannotStartDraft, match="tên"):
        actions.start_draft_from_template(
            officer=offices.leader, name=" ", owner_code="H19.01", template="empty", now=MONDAY
        )
    with pytest.raises(actions.CannotStartDraft, match="mẫu"):
        actions.start_draft_from_template(
            officer=offices.leader, name="Cấp", owner_code="H19.01", template="no", now=MONDAY
        )

    assert not Workflow.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "XML"),
        (b"<a>", "XML"),
        (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "DOCTYPE"),
        (
            b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>',
            "DOCTYPE",
        ),
        (drawing().replace("bpmn:userTask", "bpmn:scriptTask", 2).encode(), "“scriptTask”"),
        (re.sub(r"<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>", "", drawing(), flags=re.DOTALL).encode(),
         "BPMNDiagram"),
        (b"\xff" + drawing().encode(), "UTF-8"),
    ],
    ids=["empty", "cut", "external entity", "million laughs", "script", "no shapes", "bytes"],
)  # fmt: skip
def test_a_file_with_what_is_not_allowed_is_refused_by_name_and_place(
    offices: Offices, data: bytes, words: str
) -> None:
    with pytest.raises(actions.CannotStartDraft) as refusal:
        actions.start_draft_from_file(
            officer=offices.leader, name="Nhập", owner_code="H19.01", data=data, now=MONDAY
        )

    assert words in " ".join(problem.because.vi for problem in refusal.value.problems)
    assert not Workflow.objects.exists()


def test_a_file_becomes_a_draft_or_its_next_revision(offices: Offices, draft: Draft) -> None:
    file = CHANGED.encode("utf-16")
    new = actions.start_draft_from_file(
        officer=offices.leader, name="Nhập", owner_code="H19.01", data=file, now=MONDAY
    )
    taken = actions.save_draft(
        officer=offices.officer, draft_id=draft.pk, drawn_on=1, file=file, now=LATER
    )

    assert new.bpmn_xml == taken.bpmn_xml == CHANGED
    assert [edit.cause for edit in queries.list_edits(draft.pk)] == ["IMPORTED", "STARTED"]
    with pytest.raises(actions.CannotSaveDraft, match="chưa có gì thay đổi"):
        actions.save_draft(
            officer=offices.officer, draft_id=draft.pk, drawn_on=2, file=b"<a/>", now=LATER
        )


@pytest.mark.parametrize(
    "change", ["UPDATE workflow_draftedit SET drawn_on = 5", "DELETE FROM workflow_draftedit"]
)
def test_an_edit_cannot_be_changed_in_the_database(draft: Draft, change: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="added, never changed or deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)

    assert queries.list_edits(draft.pk).get().drawn_on == 0


def test_a_draft_that_is_not_there_is_said_so() -> None:
    with pytest.raises(queries.NoSuchDraft, match="số 12"):
        queries.get_draft(12)
