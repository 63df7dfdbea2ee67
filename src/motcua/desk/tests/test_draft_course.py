"""The course of a draft in its pages: sent, answered, decided, published, in my work and the register."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.test import Client

from motcua.cases.tests.world import MONDAY, World, make_person
from motcua.desk.tests.rows import LATER, count_queries, desk_world, sign_in, words
from motcua.people.queries import Person
from motcua.workflow import actions
from motcua.workflow.models import Ask, Decision, Draft, Version
from motcua.workflow.tests.test_change_control import chart

REGISTER = "/quy-trinh/quyet-dinh/"
WORK = "/viec-cua-toi/"


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with desk_world() as world:
        yield world


def begin(world: World, name: str = "Cấp phép") -> Draft:
    return actions.start_draft_from_file(
        officer=world.oanh, name=name, owner_code="H19.17", data=chart().encode(), now=MONDAY
    )


def send(world: World, draft: Draft) -> Ask:
    actions.begin_consultation(officer=world.oanh, draft_id=draft.pk, now=MONDAY)
    return Ask.objects.get(consultation__draft=draft)


def act(person: Person, draft: Draft, slug: str, **form: Any) -> Any:
    return sign_in(person).post(f"/quy-trinh/ban-thao/{draft.pk}/viec/{slug}/", form, follow=True)


def answer(person: Person, ask: Ask, draft: Draft, what: str, reason: str = "") -> Any:
    boxes = {f"{ask.pk}-answer": what, f"{ask.pk}-reason": reason}
    return act(person, draft, "tra-loi", ask=str(ask.pk), **boxes)


def register(world: World, title: str, day: date) -> None:
    actions.register_decision(
        officer=world.controller, title=title, counted_on=day, source="Báo cáo 503", now=MONDAY
    )


def test_the_forms_are_shown_to_those_who_may_and_work_for_nobody_else(world: World) -> None:
    draft = begin(world)
    page = f"/quy-trinh/ban-thao/{draft.pk}/"

    assert Client().get(page).status_code == 302
    assert "Gửi lấy ý kiến" not in words(sign_in(world.cuc).get(page))
    assert act(world.cuc, draft, "gui", note="").status_code == 403
    assert act(world.oanh, draft, "zzz").status_code == 404
    assert "Gửi lấy ý kiến" in words(sign_in(world.oanh).get(page))
    ask = send(world, draft)
    assert answer(world.oanh, ask, draft, "CONSENT").status_code == 403
    assert "Ghi ý kiến" not in words(sign_in(world.oanh).get(page))
    assert "Ghi ý kiến" in words(sign_in(world.dung).get(page))


def test_a_draft_goes_from_proposal_to_the_register(world: World) -> None:
    draft = begin(world)
    assert "Đã gửi lấy ý kiến." in words(act(world.oanh, draft, "gui", note="Về chuẩn"))
    ask = Ask.objects.get()

    refused = answer(world.dung, ask, draft, "OBJECTION")
    assert refused.status_code == 422
    assert "phải nêu lý do" in words(refused)
    held = words(answer(world.dung, ask, draft, "OBJECTION", "Bước trình ký cần 8 giờ."))
    assert "Vướng ý kiến" in held
    assert "Không đồng ý: Bước trình ký cần 8 giờ." in held
    boxes = {f"{ask.pk}-reason": "Đã thống nhất tại họp", f"{ask.pk}-decision": "7/QĐ-VP"}
    decided = words(act(world.controller, draft, "quyet-dinh-thay", ask=str(ask.pk), **boxes))
    assert "Quyết định thay số 7/QĐ-VP, Huỳnh Thúy Vy ký lúc 06/03/2023" in decided
    dates = {"decided_on": "06/03/2023", "starts_on": "05/03/2023"}
    late = act(world.controller, draft, "cong-bo", number="15/QĐ-VP", **dates)
    assert late.status_code == 422
    assert "Ngày áp dụng 05/03/2023 đã qua" in words(late)
    dates["starts_on"] = "07/03/2023"
    done = act(world.controller, draft, "cong-bo", number="15/QĐ-VP", **dates)

    assert "Đã công bố phiên bản mới." in words(done)
    assert Version.objects.get(workflow=draft.workflow).starts_on == date(2023, 3, 7)
    page = words(sign_in(world.cuc).get(REGISTER))
    assert "15/QĐ-VP 06/03/2023" in page


def test_what_waits_is_in_one_inbox_and_its_count_equals_the_list(world: World) -> None:
    own, other = begin(world), begin(world, "Khác")
    ask = send(world, other)

    def waiting(person: Person) -> tuple[int, int]:
        page = sign_in(person).get(WORK)
        (rail,) = [item for item in page.context["rail"] if item.url == WORK]
        return len(page.context["changes"]), rail.count

    assert waiting(world.oanh) == (1, 1)
    assert waiting(world.dung) == (1, 1)
    assert waiting(world.cuc) == (0, 0)
    assert waiting(world.controller) == (0, 0)
    assert "Việc về quy trình 1" in words(sign_in(world.dung).get(WORK))
    answer(world.dung, ask, other, "CONSENT")
    assert waiting(world.dung) == (0, 0)
    assert waiting(world.controller) == (1, 1)
    assert act(world.oanh, own, "bo").status_code == 200
    assert waiting(world.oanh) == (0, 0)


def test_a_draft_is_taken_back_with_a_reason_and_asked_about_anew(world: World) -> None:
    draft = begin(world)
    send(world, draft)

    assert act(world.oanh, draft, "lay-lai", reason="").status_code == 422
    page = words(act(world.oanh, draft, "lay-lai", reason="Sửa hạn"))

    assert "Không còn tính: Đỗ Thị Oanh lấy lại bản thảo lúc" in page
    assert Draft.objects.get().status == "DRAFT"


def test_the_register_counts_what_it_lists_on_page_and_in_the_workbook(world: World) -> None:
    for number, day in enumerate((date(2022, 12, 14), date(2022, 12, 15), date(2023, 3, 14))):
        register(world, f"Quyết định {number}", day)
    client = sign_in(world.cuc)

    page = client.get(REGISTER)

    for chip in page.context["chips"]:
        assert chip["count"] == len(client.get(chip["url"]).context["page"].object_list)
    quarter = f"{REGISTER}?first_day=15/12/2022&last_day=14/03/2023"
    assert len(client.get(quarter).context["page"].object_list) == 2
    assert len(client.get(f"{REGISTER}?first_day=31/02/2023").context["page"].object_list) == 3
    file = client.get(f"{REGISTER}xlsx/?first_day=15/12/2022&last_day=14/03/2023").content
    sheet = openpyxl.load_workbook(io.BytesIO(file)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[4] for row in rows[4:]] == ["Quyết định 2", "Quyết định 1"]


def test_a_version_is_put_out_of_force_by_its_page(world: World) -> None:
    page = "/quy-trinh/xem/three-steps/1/thoi-ap-dung/"
    form = {
        "ends_on": "10/03/2023",
        "decided_on": "06/03/2023",
        "reason": "Không dùng nữa",
        "number": "9/QĐ-VP",
    }

    assert sign_in(world.dung).get(page).status_code == 403
    needed = sign_in(world.controller).post(page, form)

    assert needed.status_code == 422
    assert "còn 1 thủ tục hoặc quy trình cần “Ba bước”: 1.000001" in words(needed)
    assert not Decision.objects.exists()


def test_the_pages_take_as_many_queries_for_many_rows(world: World) -> None:
    draft = begin(world)
    send(world, draft)
    make_person(world.system, "thu", "Lê Thị Thu", world.elsewhere, "LEADER")
    clients = {
        f"/quy-trinh/ban-thao/{draft.pk}/": sign_in(world.dung),
        WORK: sign_in(world.dung),
        REGISTER: sign_in(world.controller),
    }
    register(world, "Đầu", LATER.date())
    few = [count_queries(client, path) for path, client in clients.items()]
    for number in range(12):
        send(world, begin(world, f"Thêm {number}"))
        register(world, f"Quyết định {number}", LATER.date())

    assert [count_queries(client, path) for path, client in clients.items()] == few
    assert max(few) <= 18
