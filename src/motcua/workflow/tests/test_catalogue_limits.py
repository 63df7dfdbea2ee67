"""A catalogue whose limits are too short for the charts: imported, and said so with its place."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from motcua.procedures import actions as procedures
from motcua.procedures.models import Revision
from motcua.procedures.tests.samples import make_catalogue, make_procedure, make_revision
from motcua.workflow import actions
from motcua.workflow.tests.offices import LONG_AGO, MONDAY, Offices, drawing, make_offices

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def offices_of_file(
    made_once: Callable[[Callable[[], Offices]], Callable[[], Offices]],
) -> Callable[[], Offices]:
    return made_once(make_offices)


@pytest.fixture
def offices(db: None, offices_of_file: Callable[[], Offices]) -> Offices:
    return offices_of_file()


def bring_in(offices: Offices, *, days: str, workflow: str = "two-steps") -> list[str]:
    """Import a procedure with a limit in working days, and return what is warned of."""
    channel = make_revision().channels[0]
    revision = make_revision(
        workflow=workflow,
        channels=(
            type(channel)(kind="COUNTER", limit_amount=Decimal(days), limit_unit="WORKING_DAY"),
        ),
        place="dòng 12",
    )
    result = procedures.import_catalogue(
        officer=offices.controller,
        content=make_catalogue(make_procedure(revisions=(revision,))),
        now=MONDAY,
    )
    return [str(warning) for warning in result.warnings]


def publish(offices: Offices, bpmn_xml: str = "", starts_on: date = LONG_AGO) -> None:
    actions.publish_version(
        officer=offices.controller,
        key="two-steps",
        name="Hai bước",
        bpmn_xml=bpmn_xml or drawing(),
        starts_on=starts_on,
        decision="12/QĐ-UBND",
        now=MONDAY,
    )


def test_a_limit_that_the_steps_fit_into_is_no_matter(offices: Offices) -> None:
    publish(offices)

    assert bring_in(offices, days="3.5") == []


def test_steps_that_need_more_than_the_limit_are_named_with_the_place(offices: Offices) -> None:
    publish(offices)

    (warning,) = bring_in(offices, days="3")

    assert warning.startswith("dòng 12: Quy trình “Lưu đồ”: Thời hạn các bước")
    assert "28 giờ làm việc (“Chuyển hồ sơ” + “Thẩm định”)" in warning
    assert "1.000450" in warning
    assert Revision.objects.count() == 1


def test_a_norm_longer_than_the_limit_is_named(offices: Offices) -> None:
    norm = drawing().replace("<bpmn:process ", '<bpmn:process motcua:norm="5 ngày làm việc" ')
    publish(offices, norm)

    (warning,) = bring_in(offices, days="4")

    assert "Hạn phục vụ 5 ngày làm việc dài hơn" in warning


def test_a_chart_that_is_not_in_force_by_then_is_named(offices: Offices) -> None:
    publish(offices, starts_on=date(2022, 1, 2))

    with translation.override("en"):
        (warning,) = bring_in(offices, days="9")

    assert "“two-steps” is not published for 01/01/2022" in warning


def test_the_same_file_again_warns_of_nothing_new(offices: Offices) -> None:
    publish(offices)
    bring_in(offices, days="3")

    assert bring_in(offices, days="3") == []
