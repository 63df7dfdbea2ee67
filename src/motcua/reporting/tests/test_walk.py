"""Every counted cell of every form opens to as many rows as it says, and only for who may read them."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.test import Client

from motcua.cases.models import Case
from motcua.cases.tests.late_cases import copy_case, late_case
from motcua.cases.tests.world import World, make_procedure
from motcua.people import actions as people_actions
from motcua.people.models import Agency
from motcua.procedures.models import Field, Procedure, Revision
from motcua.reporting.definitions import list_forms
from motcua.reporting.tests.test_counted_criteria import published
from motcua.reporting.tests.test_lateness import MARCH, at, make_late_world, sign_in, words
from motcua.reporting.tests.walk import Walk, cells_of, count_rows
from motcua.workflow.models import Run

pytestmark = pytest.mark.django_db

LAST = at(31).date()
MANY = 60


def move(ids: list[int], to: Agency, *, field: Field | None = None, channel: str = "") -> None:
    """Let case files be settled and received elsewhere, and be of another field or channel."""
    cases = Case.objects.filter(pk__in=ids)
    Run.objects.filter(pk__in=cases.values("run_id")).update(
        settling_agency=to, receiving_agency=to
    )
    cases.update(settling_agency=to, receiving_agency=to)
    if field:
        cases.update(field=field)
    if channel:
        cases.update(channel=channel)


def make_walked_world() -> World:
    """Case files early, in time, late and open, of three levels, two fields and two channels."""
    world = make_late_world()
    slow, _leader, waiting, fine, *_open = Case.objects.order_by("pk")
    late_case(world, at(30), ())
    now = at(1)
    province = Agency.objects.get(code="H19")
    places: dict[str, Agency] = {}
    for code, name, level in (
        ("H19.30", "UBND huyện", "DISTRICT"),
        ("H19.30.1", "UBND xã", "COMMUNE"),
    ):
        agency = people_actions.add_agency(
            officer=world.system,
            now=now,
            code=code,
            old_code="",
            name=name,
            level=level,
            kind=level,
            parent=places.get("DISTRICT", province),
            starts_on=Agency.objects.get(code="H19").starts_on,
        )
        places[level] = Agency.objects.get(pk=agency.pk)
    make_procedure(world.office, code="1.000002", name="Cấp lại giấy phép")
    other = Field.objects.create(code="DD", name="Đất đai", sort_name="dat dai")
    move(copy_case(fine, MANY), world.office)
    move(copy_case(fine, 7), places["DISTRICT"], field=other, channel="ONLINE")
    move(copy_case(slow, 5), places["DISTRICT"], channel="ONLINE")
    move(copy_case(waiting, 3), places["COMMUNE"], field=other)
    move(copy_case(fine, 4), world.elsewhere)
    imported = copy_case(slow, 2)
    Case.objects.filter(pk__in=imported).update(ledger_generation=99)
    Case.objects.filter(pk__in=copy_case(fine, 2)).update(status="RETURNED", returned_at=at(9))
    Revision.objects.filter(procedure__code="1.000001").update(online="FULL")
    Procedure.objects.filter(code="1.000002").update(field=other)
    published("1.000002", at(1).date(), at(10).date())
    return world


@pytest.fixture(scope="module")
def world_of_file(
    made_once: Callable[[Callable[[], World]], Callable[[], World]],
) -> Callable[[], World]:
    return made_once(make_walked_world)


def addresses(unit: str = "H19", *, below: bool = True) -> list[str]:
    """Return the page of every form and table of March 2023; II.06a with its rows told apart each way."""
    asked = {**MARCH, "unit": unit, **({"include_subordinate": "on"} if below else {})}
    found = [
        f"/bao-cao/bieu/{form.key}/?{urlencode({**asked, 'rows_by': rows})}"
        for form in list_forms(LAST)
        for rows in (form.rows if form.key == "ii_06a" else form.rows[:1] or ("",))
    ]
    tables = ("mot-cua", "nguyen-nhan", "tre-han", "tai-cho", "qua-tai")
    return found + [f"/bao-cao/{table}/?{urlencode(asked)}" for table in tables]


def reader(client: Client) -> Callable[[str], str]:
    """Return what gets a page, which must be there, for who is signed in; explanations as a panel."""

    def get(address: str) -> str:
        is_panel = "/tu-dau/" in address or "/giai-thich/" in address
        answer = client.get(address, headers={"HX-Request": "true"} if is_panel else {})
        assert answer.status_code == 200, f"{answer.status_code}: {address}"
        return answer.text

    return get


NARRATIVE = "/bao-cao/thuyet-minh/?period=2023-H1"
ALL_UNITS = ("H19.01", "H19.01.01", "H19.17", "H19.30", "H19.30.1")


def test_every_counted_cell_opens_to_as_many_rows_as_it_says(world: World) -> None:
    walk = Walk(reader(sign_in(world.controller))).through([*addresses(), NARRATIVE])

    assert walk.wrong == []
    kinds = {url.partition("?")[0].removeprefix("/bao-cao/") for url in walk.opened}
    lists = {f"bieu/{form.key}/ho-so/" for form in list_forms(LAST)}
    assert kinds == {
        *lists,
        *("bieu/service_index/thu-tuc/", "bieu/one_stop_evaluation/thu-tuc/"),
        *("mot-cua/ho-so/", "tre-han/ho-so/", "tai-cho/", "tai-cho/ho-so/", "qua-tai/viec/"),
    }
    # Not a walk past empty cells: most lists hold something, one has more than a page.
    assert walk.cells > 500
    assert sum(rows > 0 for rows in walk.opened.values()) > 150
    assert max(walk.opened.values()) > MANY


def test_a_walk_tells_of_a_cell_that_does_not_open_to_its_rows() -> None:
    pages = {
        "/f": '<a href="/bao-cao/tre-han/ho-so/?part=a" aria-label="x">1.002</a>'
        '<a class="explain" href="/bao-cao/bieu/f/tu-dau/?i=b" title="t">99,37</a>',
        "/bao-cao/tre-han/ho-so/?part=a": '<a class="cell-title" href="/x">1</a>',
        "/bao-cao/bieu/f/tu-dau/?i=b": '<p class="explain-answer">99,49<small>x</small></p>'
        '<a href="/l?a=1">Mở danh sách: x (2)</a>',
        "/l?a=1": '<span class="cell-title"></span><a href="?a=1&amp;page=2" rel="next">',
        "/l?a=1&page=2": '<span class="cell-title"></span>',
    }

    walk = Walk(pages.__getitem__).through(["/f"])

    assert walk.cells == 3
    assert [one.partition(", but ")[2] for one in walk.wrong] == [
        "1 rows behind /bao-cao/tre-han/ho-so/?part=a",
        "99,49 is explained at /bao-cao/bieu/f/tu-dau/?i=b",
    ]
    assert count_rows(pages.__getitem__, "/l?a=1#list") == 2


def test_who_reports_on_another_agency_alone_is_refused_every_one_of_them_and_told(
    world: World,
) -> None:
    get, oanh = reader(sign_in(world.controller)), sign_in(world.oanh)
    behind = [url for page in addresses() for url in cells_of(get(page))]
    # One of each list: whose row it is makes no difference to who may read it.
    lists = {re.sub(r"row=[^&]*|field=[^&]*|part=[^&]*", "", url): url for url in behind}

    assert len(lists) > 60
    for url in (*addresses(), *lists.values()):
        answer = oanh.get(url.partition("#")[0])
        assert answer.status_code == 403, url
        assert "Anh/chị" in words(answer), url
        assert "COPY-" not in answer.text, url


def test_a_reader_of_one_agency_opens_the_same_count_of_their_own_and_only_what_they_may_see(
    world: World,
) -> None:
    client = sign_in(world.oanh)
    chosen = ("/ii_06a/", "/one_stop_evaluation/", "/nguyen-nhan/", "/mot-cua/", "/tai-cho/")
    own = [
        one
        for one in addresses("H19.17", below=False)
        if any(part in one for part in chosen) and "rows_by=unit" not in one
    ]

    walk = Walk(reader(client)).through(own)

    assert walk.wrong == []
    assert max(walk.opened.values()) == 4
    # Received elsewhere and settled at the Office: listed in nobody's report of this agency.
    assert all(world.office.name not in client.get(url).text for url in walk.opened)


def test_the_figures_of_units_add_up_to_those_of_the_tree(world: World) -> None:
    walk = Walk(reader(sign_in(world.controller)))
    whole = {}
    for unit, below in (("H19", True), *((code, False) for code in ALL_UNITS)):
        page = f"/bao-cao/nguyen-nhan/?{addresses(unit, below=below)[-1].partition('?')[2]}"
        before = dict(walk.opened)
        walk.through([page])
        whole[unit] = {
            url.partition("part=")[2]: rows
            for url, rows in walk.opened.items()
            if url not in before and "part=" in url
        }

    assert walk.wrong == []
    tree = whole.pop("H19")
    assert tree
    for part, rows in tree.items():
        assert rows == sum(found.get(part, 0) for found in whole.values()), part
