"""Publishing a flow chart: by who may, only a sound one, and never to be changed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier

import pytest
from django.db import ProgrammingError, connection, transaction

from motcua.audit.queries import list_entries
from motcua.engine.drawing import Chart, Parallel, Step, draw
from motcua.people.actions import NotAllowed
from motcua.people.queries import Person
from motcua.procedures.models import Channel, Field, Procedure, Revision
from motcua.workflow import actions, queries
from motcua.workflow.models import Version, Workflow
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


@pytest.fixture(scope="module")
def offices_of_file(
    made_once: Callable[[Callable[[], Offices]], Callable[[], Offices]],
) -> Callable[[], Offices]:
    return made_once(make_offices)


@pytest.fixture
def offices(db: None, offices_of_file: Callable[[], Offices]) -> Offices:
    return offices_of_file()


def publish(
    officer: Person, bpmn_xml: str = "", starts_on: date = LONG_AGO, key: str = "two-steps"
) -> Version:
    return actions.publish_version(
        officer=officer,
        key=key,
        name="Hai bước",
        bpmn_xml=bpmn_xml or drawing(),
        starts_on=starts_on,
        decision="12/QĐ-UBND",
        now=MONDAY,
    )


def test_who_may_not_publish_publishes_nothing(offices: Offices) -> None:
    with pytest.raises(NotAllowed, match="công bố quy trình"):
        publish(offices.officer)

    assert not Workflow.objects.exists()


def test_a_sound_chart_becomes_the_version_in_force(offices: Offices) -> None:
    version = publish(offices.controller)

    found = queries.get_version_in_force(workflow_key="two-steps", on=MONDAY.date())
    entry = list_entries("workflow:two-steps").get()
    assert (found.id, found.number) == (version.pk, 1)
    assert [node.id for node in found.net.nodes if node.role] == ["forward", "appraise"]
    assert queries.get_drawing(version.pk) == version.bpmn_xml
    assert entry.facts == {"version": 1, "digest": found.net.digest}
    assert entry.because == "12/QĐ-UBND"


def settle_by(key: str, *, days: int) -> None:
    """Make a procedure with a limit in working days that the chart settles."""
    field = Field.objects.create(code="DD", name="Đất đai", sort_name="dat dai")
    procedure = Procedure.objects.create(
        code="1.000450", code_status="illustrative", field=field, level="PROVINCE"
    )
    revision = Revision.objects.create(
        procedure=procedure,
        number=1,
        name="Đăng ký đất đai",
        search_text="dang ky",
        agency_kind="OFFICE",
        starts_on=LONG_AGO,
        workflow_key=key,
    )
    Channel.objects.create(
        revision=revision, kind="COUNTER", limit_amount=days, limit_unit="WORKING_DAY"
    )


def test_steps_longer_than_the_law_gives_a_procedure_block_the_chart(offices: Offices) -> None:
    settle_by("two-steps", days=3)

    with pytest.raises(
        actions.CannotPublishWorkflow, match=r"28 giờ.*1\.000450 \(3 ngày làm việc\)"
    ):
        publish(offices.controller)

    assert publish(offices.controller, key="another").number == 1


def test_a_norm_shorter_than_the_law_is_kept_with_the_version(offices: Offices) -> None:
    settle_by("two-steps", days=5)
    with_norm = drawing().replace("<bpmn:process ", '<bpmn:process motcua:norm="4 ngày làm việc" ')

    version = publish(offices.controller, with_norm)

    assert queries.get_version(version.pk).net.norm == "4 ngày làm việc"
    too_long = with_norm.replace("4 ngày", "6 ngày")
    with pytest.raises(actions.CannotPublishWorkflow, match="Hạn phục vụ 6 ngày làm việc dài hơn"):
        publish(offices.controller, too_long, starts_on=date(2021, 1, 1))


@pytest.mark.parametrize(
    ("bpmn_xml", "words"),
    [
        ("", "XML"),
        ("not xml", "XML"),
        ("<a>", "XML"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "DOCTYPE"),
        ("<definitions/>", "BPMN"),
        (drawing().replace('motcua:role="OFFICER"', 'motcua:role="KING"'), "KING"),
        (drawing().replace('motcua:limit="4 giờ"', 'motcua:limit="mai"'), "mai"),
        (drawing().replace('sourceRef="forward"', 'sourceRef="nowhere"'), "nowhere"),
    ],
    ids=["empty", "words", "cut", "entities", "other", "role", "limit", "arrow"],
)
def test_a_drawing_with_faults_is_refused_with_the_reasons(
    offices: Offices, bpmn_xml: str, words: str
) -> None:
    with pytest.raises(actions.CannotPublishWorkflow) as refusal:
        actions.publish_version(
            officer=offices.controller,
            key="two-steps",
            name="Hai bước",
            bpmn_xml=bpmn_xml,
            starts_on=LONG_AGO,
            now=MONDAY,
        )

    assert words in str(refusal.value)
    assert not Workflow.objects.exists()


def test_a_chart_in_which_a_run_could_get_stuck_is_refused(offices: Offices) -> None:
    branches = tuple((replace(APPRAISE, id=name, outcomes=()),) for name in ("one", "two"))
    chart = Chart(
        id="chart", name="Lưu đồ", lanes=LANES, steps=(Parallel(id="both", branches=branches),)
    )
    # Only one way is taken, but both are waited for.
    stuck = draw(chart).replace("parallelGateway", "exclusiveGateway", 2)

    with pytest.raises(actions.CannotPublishWorkflow, match="“Hai bước” chưa thể công bố"):
        publish(offices.controller, stuck)

    assert not Workflow.objects.exists()


def test_a_new_version_applies_from_its_day_on(offices: Offices) -> None:
    publish(offices.controller)
    approve = Step(id="approve", name="Phê duyệt", lane="office", role="LEADER")
    publish(offices.controller, drawing(FORWARD, APPRAISE, approve), date(2023, 3, 1))

    def number_on(day: date) -> int:
        return queries.get_version_in_force(workflow_key="two-steps", on=day).number

    assert number_on(date(2023, 2, 28)) == 1
    assert number_on(date(2023, 3, 1)) == 2
    with pytest.raises(queries.NoSuchWorkflow, match="31/12/2019"):
        number_on(date(2019, 12, 31))


def test_of_two_versions_of_a_day_the_later_applies(offices: Offices) -> None:
    publish(offices.controller)
    publish(offices.controller)

    found = queries.get_version_in_force(workflow_key="two-steps", on=LONG_AGO)

    assert found.number == 2


def test_a_version_does_not_start_before_the_last_one(offices: Offices) -> None:
    publish(offices.controller, starts_on=date(2023, 3, 1))

    with pytest.raises(actions.CannotPublishWorkflow, match="áp dụng từ 01/03/2023"):
        publish(offices.controller, starts_on=date(2023, 2, 28))

    assert Version.objects.count() == 1


def test_a_workflow_nobody_published_is_said_so(offices: Offices) -> None:
    with pytest.raises(queries.NoSuchWorkflow, match="“no-steps”"):
        queries.get_version_in_force(workflow_key="no-steps", on=LONG_AGO)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE workflow_version SET bpmn_xml = ''",
        "UPDATE workflow_version SET starts_on = '2019-01-01'",
        "DELETE FROM workflow_version",
    ],
)
def test_a_published_version_cannot_be_changed_in_the_database(
    offices: Offices, change: str
) -> None:
    version = publish(offices.controller)

    with (
        pytest.raises(ProgrammingError, match="added, never changed or deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)

    assert Version.objects.get().digest == version.digest


@pytest.mark.django_db(transaction=True)
def test_versions_published_at_the_same_moment_get_numbers_of_their_own() -> None:
    offices = make_offices()
    gate = Barrier(3)

    def attempt(_place: int) -> int:
        gate.wait(timeout=10)
        try:
            return publish(offices.controller).number
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        numbers = sorted(pool.map(attempt, range(3)))

    assert numbers == [1, 2, 3]
