"""The page that goes on without a connection, and what it sends afterwards."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from motcua.cases.models import Case
from motcua.cases.tests.world import World, make_person
from motcua.desk.tests.rows import LATER, count_queries, desk_world, sign_in
from motcua.procedures.models import Component

PAGE = "/tiep-nhan/ngoai-tuyen/"


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with desk_world() as world:
        yield world


def content(browser: Client) -> dict[str, Any]:
    """Return what the page gives its script."""
    page = browser.get(PAGE).content.decode()
    found = re.search(
        r'id="offline-content" type="application/json">(.*?)</script>', page, re.DOTALL
    )
    assert found is not None
    told: dict[str, Any] = json.loads(found[1])
    return told


def receipt(number: dict[str, str], **changes: object) -> dict[str, object]:
    return {
        "key": number["key"],
        "label": number["label"],
        "procedure": "1.000001",
        "variant": "01",
        "applicant": {
            "kind": "PERSON",
            "full_name": "Nguyễn Thị Thúy An",
            "identity_number": "",
            "phone": "",
            "address": "",
        },
        "papers": {str(c.pk): [c.originals, c.copies] for c in Component.objects.all()},
        "received_at": LATER.isoformat(),
        **changes,
    }


def send(browser: Client, sent: object) -> Any:
    return browser.post(f"{PAGE}gui/", json.dumps(sent), content_type="application/json")


def test_people_without_a_counter_are_refused(world: World) -> None:
    outsider = sign_in(world.dung)
    number = content(sign_in(world.cuc))["numbers"][0]

    assert outsider.get(PAGE).status_code == 403
    assert send(outsider, receipt(number)).status_code == 422
    assert Case.objects.count() == 0


def test_the_page_brings_numbers_and_procedures_with_their_papers(world: World) -> None:
    told = content(sign_in(world.cuc))

    assert len(told["numbers"]) == 20
    [procedure] = [one for one in told["procedures"] if one["code"] == "1.000001"]
    assert procedure["variants"][0]["papers"][0]["name"] == "Đơn đề nghị cấp phép"


def test_a_receipt_becomes_one_case_however_often_it_is_sent(world: World) -> None:
    browser = sign_in(world.cuc)
    number = content(browser)["numbers"][0]
    sent = receipt(number, received_at=content(browser)["now"])

    first, second = send(browser, sent), send(browser, sent)

    assert first.json() == second.json()
    assert first.json()["code"] == Case.objects.get().code
    assert Case.objects.get().note == f"Tiếp nhận ngoại tuyến, giấy số {number['label']}"


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "x"},
        {"received_at": "yesterday"},
        {"received_at": "2023-03-06T09:00"},
        {"papers": {"x": [1, 2]}},
        {"applicant": None},
        {"procedure": 5},
    ],
)
def test_what_cannot_be_read_is_refused(world: World, wrong: dict[str, object]) -> None:
    browser = sign_in(world.cuc)
    number = content(browser)["numbers"][0]

    answer = send(browser, receipt(number, **wrong))

    assert answer.status_code == 422
    assert "không đọc được" in answer.json()["problems"][0]


def test_a_receipt_that_is_refused_says_why(world: World) -> None:
    browser = sign_in(world.cuc)
    told = content(browser)

    answer = send(browser, receipt(told["numbers"][0], papers={}, received_at=told["now"]))

    assert answer.status_code == 422
    assert any("Đơn đề nghị cấp phép" in problem for problem in answer.json()["problems"])


def test_a_colleague_at_the_same_machine_cannot_send_it_but_it_waits_for_its_writer(
    world: World,
) -> None:
    told = content(sign_in(world.cuc))
    colleague = make_person(world.system, "thu", "Trương Minh Thư", world.centre, "CLERK")
    sent = receipt(told["numbers"][0], received_at=told["now"])

    waits = send(sign_in(colleague), sent)
    goes = send(sign_in(world.cuc), sent)

    assert waits.status_code == 409
    assert "do Trần Thị Cúc viết nên chưa gửi" in waits.json()["problems"][0]
    assert goes.json()["code"] == Case.objects.get().code


def test_the_page_asks_as_much_the_second_time(world: World) -> None:
    browser = sign_in(world.cuc)

    assert count_queries(browser, PAGE) <= 13
