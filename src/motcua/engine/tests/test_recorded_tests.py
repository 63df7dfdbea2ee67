"""Recorded tests of a chart: kept by its owner, played again at every change."""

from __future__ import annotations

from decimal import Decimal

import pytest

from motcua.engine import recorded_tests, tokens
from motcua.engine.recorded_tests import Choice, RecordedTest
from motcua.engine.tests.diagrams import net_of

APPROVAL = """
start -> draft
draft -> approve
approve -> xor_ask
xor_ask -> draft: outcome == "RETURN"
xor_ask => issue
issue -> end
"""
BY_AMOUNT = """
start -> take
take -> xor_size
xor_size -> council: amount > 5
xor_size => sign
council -> sign
sign -> end
"""
SENT_BACK_ONCE = (
    Choice(step="draft"),
    Choice(step="approve", outcome="RETURN"),
    Choice(step="draft"),
    Choice(step="approve", outcome="APPROVE"),
    Choice(step="issue"),
)


def recorded() -> RecordedTest:
    return recorded_tests.record(
        net_of(APPROVAL), name="Trả lại một lần", facts={}, choices=SENT_BACK_ONCE
    )


def test_what_is_recorded_on_a_chart_passes_on_it() -> None:
    test = recorded()

    outcome = recorded_tests.play(net_of(APPROVAL), test)

    assert test.expected == (("draft",), ("approve",), ("draft",), ("approve",), ("issue",), ())
    assert outcome.passed
    assert outcome.opened == test.expected


def test_a_changed_way_fails_and_names_the_choice_and_the_steps() -> None:
    changed = net_of(APPROVAL.replace("xor_ask => issue", "xor_ask => sign\nsign -> issue"))

    outcome = recorded_tests.play(changed, recorded())

    assert not outcome.passed
    assert outcome.difference is not None
    assert outcome.difference.vi == (
        "Sau lần chọn thứ 4 (“approve”): chờ mở “issue”, nhưng mở “sign”."
    )


def test_a_step_that_is_gone_fails_at_its_choice() -> None:
    changed = net_of("start -> draft\ndraft -> issue\nissue -> end")
    test = RecordedTest(
        name="Ký",
        choices=(Choice(step="draft"), Choice(step="approve")),
        expected=(("draft",), ("issue",)),
    )

    outcome = recorded_tests.play(changed, test)

    assert outcome.difference is not None
    assert outcome.difference.vi.startswith("Ở lần chọn thứ 2: Bước “approve” không đang mở.")


@pytest.mark.parametrize(
    ("amount", "opened"), [(Decimal(6), "council"), (Decimal(5), "sign")], ids=["6", "5"]
)
def test_the_facts_of_a_test_choose_the_way(amount: Decimal, opened: str) -> None:
    test = recorded_tests.record(
        net_of(BY_AMOUNT),
        name="Mức",
        facts={},
        choices=(Choice(step="take", facts={"amount": amount}),),
    )

    assert test.expected[1] == (opened,)
    assert not test.finishes


def test_a_case_that_should_be_settled_and_is_not_fails() -> None:
    longer = net_of("start -> take\ntake -> sign\nsign -> end")
    test = RecordedTest(
        name="Xong", choices=(Choice(step="take"),), expected=(("take",), ("sign",)), finishes=True
    )

    outcome = recorded_tests.play(longer, test)

    assert outcome.difference is not None
    assert "chưa kết thúc" in outcome.difference.vi


def test_choices_that_cannot_be_made_are_not_recorded() -> None:
    with pytest.raises(tokens.StepNotOpen):
        recorded_tests.record(
            net_of(APPROVAL), name="Ký trước", facts={}, choices=(Choice(step="issue"),)
        )


def test_all_tests_of_a_chart_are_played() -> None:
    wrong = RecordedTest(name="Sai", expected=(("issue",),), finishes=False)

    outcomes = recorded_tests.play_all(net_of(APPROVAL), [recorded(), wrong])

    assert [outcome.passed for outcome in outcomes] == [True, False]
    assert outcomes[1].difference is not None
    assert outcomes[1].difference.en == "At the start: “issue” should open, but “draft” did."
