"""The page on which a case is received: its form, what it refuses and keeps, and what it makes."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from motcua.cases.models import Case, Party, ReceivedComponent
from motcua.cases.tests.world import MONDAY, World, make_procedure
from motcua.desk.tests.rows import count_queries, desk_clock, set_clock, sign_in, words
from motcua.engine.moments import VIETNAM
from motcua.people.models import Post
from motcua.procedures.models import Channel, Component, Procedure, Revision, Variant

PAGE = "/tiep-nhan/1.000001/"
KEY = "7a52b7a3-6f0c-4c0f-9c55-0f4f6f0f9a11"
AN = "Nguyễn Thị Thúy An"


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock():
        yield world


@pytest.fixture
def clerk(world: World) -> Client:
    return sign_in(world.cuc)


def paper(number: int, variant: str = "01") -> str:
    """Return the name under which the boxes of a paper are sent."""
    return f"component_{Component.objects.get(variant__code=variant, number=number).pk}"


def filled(**changes: str | None) -> dict[str, str]:
    """Return a complete form with changes; None leaves a box out."""
    values: dict[str, str | None] = {
        "submission_key": KEY,
        "variant": "01",
        "channel": "COUNTER",
        f"{paper(1)}_originals": "1",
        f"{paper(1)}_copies": "",
        f"{paper(2)}_originals": "",
        f"{paper(2)}_copies": "2",
        "applicant_kind": "PERSON",
        "applicant_full_name": AN,
        "applicant_identity_number": "075193000123",
        "applicant_phone": "0912 345 678",
        "applicant_email": "",
        "applicant_address": "Phường Trảng Dài",
        "owner_is_applicant": "on",
        "owner_kind": "PERSON",
        "note": "",
        **changes,
    }
    return {name: value for name, value in values.items() if value is not None}


def box(response: Any, name: str) -> str:
    """Return the value in a box of the page."""
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', response.content.decode())
    assert tag is not None, f"the page has no box {name}"
    value = re.search(r'value="([^"]*)"', tag[0])
    return value[1] if value else ""


def summary(response: Any) -> dict[str, str]:
    """Return the errors at the top of a page by the id of the box they lead to."""
    block = re.search(r'<div class="error-summary".*?</div>', response.content.decode(), re.DOTALL)
    assert block is not None, "the page has no summary of errors"
    return dict(re.findall(r'<a href="#([^"]+)">([^<]+)</a>', block[0]))


def ids(response: Any) -> set[str]:
    return set(re.findall(r'\bid="([^"]+)"', response.content.decode()))


def add_variant() -> Variant:
    """Give the procedure a second variant, which shares one paper with the first."""
    variant = Variant.objects.create(revision=Revision.objects.get(), code="02", name="Gia hạn")
    Component.objects.create(variant=variant, number=1, name="Giấy phép đã cấp", copies=1)
    Component.objects.create(variant=variant, number=2, name="Đơn đề nghị cấp phép", originals=1)
    return variant


def test_someone_without_a_counter_neither_sees_nor_sends_the_form(world: World) -> None:
    for person in (world.oanh, world.binh):
        client = sign_in(person)

        seen, sent = client.get(PAGE), client.post(PAGE, filled())

        assert seen.status_code == sent.status_code == 403
        assert "không có quyền tiếp nhận hồ sơ" in words(sent)
    assert not Case.objects.exists()


def test_an_unknown_procedure_is_a_page_with_a_way_back(clerk: Client) -> None:
    for code in ("9.999999", "1.000001%00x", "<b>"):
        response = clerk.get(f"/tiep-nhan/{code}/")

        assert response.status_code == 404
        assert "Không có thủ tục nào mang mã" in words(response)
        assert 'href="/tiep-nhan/"' in response.content.decode()
    assert clerk.post("/tiep-nhan/9.999999/", filled()).status_code == 404


def test_the_form_asks_for_what_the_procedure_needs(clerk: Client) -> None:
    response = clerk.get(PAGE)

    page = words(response)
    assert "Cấp giấy phép khai thác nước dưới đất" in page
    assert "1. Đơn đề nghị cấp phép bắt buộc 1 bản chính" in page
    assert "2. Bản vẽ vị trí công trình bắt buộc 2 bản sao" in page
    assert box(response, "variant") == "01"
    assert 'value="COUNTER" id="id_channel_0" checked' in response.content.decode()
    assert "ONLINE" not in response.content.decode()


def test_the_promise_is_told_with_its_reasons(clerk: Client) -> None:
    page = words(clerk.get(PAGE))

    assert "hẹn trả 17:00 Thứ Hai 13/03/2023" in page
    assert "thời hạn 5 ngày làm việc" in page
    assert "+1 ngày làm việc Thứ Ba 07/03" in page
    assert "Thứ Bảy" in page


def test_each_way_to_hand_in_has_its_own_promise(world: World, clerk: Client) -> None:
    Channel.objects.create(
        revision=Revision.objects.get(), kind="POST", limit_amount=7, limit_unit="WORKING_DAY"
    )

    page = words(clerk.get(PAGE))

    assert "17:00 Thứ Hai 13/03/2023" in page
    assert "17:00 Thứ Tư 15/03/2023" in page


def test_beyond_the_calendar_the_page_says_so_and_receives_nothing(
    world: World, clerk: Client
) -> None:
    Channel.objects.filter(kind="COUNTER").update(limit_amount=2000)

    seen, sent = clerk.get(PAGE), clerk.post(PAGE, filled())

    assert "Chưa tính được ngày hẹn trả" in words(seen)
    assert sent.status_code == 422
    assert "Lịch làm việc chỉ có từ" in words(sent)
    assert not Case.objects.exists()


def test_a_case_is_received_and_the_clerk_is_led_to_it(world: World, clerk: Client) -> None:
    response = clerk.post(PAGE, filled())

    case = Case.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"/ho-so/{case.code}/"
    assert case.receiving_agency_id == world.centre.pk
    assert case.due_at == datetime(2023, 3, 13, 17, 0, tzinfo=VIETNAM)
    assert {party.full_name for party in Party.objects.all()} == {AN}
    counted = ReceivedComponent.objects.order_by("component__number")
    assert [(one.originals, one.copies) for one in counted] == [(1, 0), (0, 2)]


def test_the_next_two_things_are_offered_after_receiving(world: World, clerk: Client) -> None:
    page = clerk.post(PAGE, filled(), follow=True).content.decode()

    code = Case.objects.get().code
    assert f"Đã tiếp nhận hồ sơ {code}." in page
    assert f'href="/ho-so/{code}/giay-tiep-nhan.pdf"' in page
    assert 'href="/tiep-nhan/1.000001/?truong-hop=01&amp;cach=COUNTER"' in page


def test_a_double_click_leads_to_the_same_case(world: World, clerk: Client) -> None:
    first = clerk.post(PAGE, filled())
    second = clerk.post(PAGE, filled(applicant_full_name="Trần Văn Khác"))

    told = words(clerk.get(second["Location"]))
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1
    assert "Biểu mẫu này đã gửi trước đó" in told
    assert "không có hồ sơ thứ hai nào được tạo" in told


def test_each_form_has_its_own_key(clerk: Client) -> None:
    keys = {box(clerk.get(PAGE), "submission_key") for _time in range(3)}

    assert len(keys) == 3


@pytest.mark.parametrize("key", [None, "", "abc", "7a52b7a3", "\0"])
def test_a_form_without_its_key_is_kept_and_given_a_new_one(
    clerk: Client, world: World, key: str | None
) -> None:
    refused = clerk.post(PAGE, filled(submission_key=key))
    new_key = box(refused, "submission_key")
    sent_again = clerk.post(PAGE, filled(submission_key=new_key))

    assert refused.status_code == 422
    assert "mất mã chống gửi trùng" in words(refused)
    assert box(refused, "applicant_full_name") == AN
    assert sent_again.status_code == 302
    assert Case.objects.count() == 1


def test_every_problem_is_next_to_its_box_and_linked_at_the_top(clerk: Client) -> None:
    response = clerk.post(
        PAGE,
        filled(
            **{f"{paper(1)}_originals": "", f"{paper(2)}_copies": "1"},
            applicant_full_name=" ",
            applicant_identity_number="123",
            applicant_phone="9",
            applicant_email="không phải thư",
        ),
    )

    told = summary(response)
    assert response.status_code == 422
    assert set(told) <= ids(response)
    assert list(told) == [
        f"id_{paper(1)}_originals",
        f"id_{paper(2)}_copies",
        "id_applicant_full_name",
        "id_applicant_identity_number",
        "id_applicant_phone",
        "id_applicant_email",
    ]
    assert "Thiếu “Đơn đề nghị cấp phép”" in told[f"id_{paper(1)}_originals"]
    assert "mới có 0 bản chính, 1 bản sao" in told[f"id_{paper(2)}_copies"]
    assert words(response).count("Chưa nhập họ tên người nộp.") == 2
    assert not Case.objects.exists()


def test_everything_typed_is_kept_through_an_error(clerk: Client) -> None:
    typed = filled(
        **{f"{paper(1)}_originals": "3", f"{paper(2)}_full": "on", f"{paper(2)}_copies": ""},
        applicant_kind="ORGANISATION",
        applicant_full_name="Công ty “An & Con”",
        applicant_identity_number="12",
        owner_is_applicant=None,
        owner_full_name="Lê Văn Tám",
        note="Nhận kết quả buổi chiều",
    )

    response = clerk.post(PAGE, typed)

    page = response.content.decode()
    assert response.status_code == 422
    assert box(response, f"{paper(1)}_originals") == "3"
    assert " checked" in re.findall(rf'<input[^>]*name="{paper(2)}_full"[^>]*>', page)[0]
    assert box(response, "applicant_full_name") == "Công ty “An &amp; Con”"
    assert box(response, "applicant_identity_number") == "12"
    assert box(response, "owner_full_name") == "Lê Văn Tám"
    assert "Nhận kết quả buổi chiều" in page
    assert box(response, "submission_key") == KEY
    kinds = re.findall(r'<input[^>]*name="applicant_kind"[^>]*>', page)
    assert [kind for kind in kinds if " checked" in kind] == [
        kind for kind in kinds if "ORGANISATION" in kind
    ]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("abc", "“abc” không phải là số"),
        ("1,5", "“1,5” không phải là số"),
        ("²", "không phải là số"),
        ("1\0e", "không phải là số"),
        ("-1", "không thể âm"),
        ("1000", "quá lớn, nhiều nhất là 999"),
        ("9" * 5000, "quá lớn, nhiều nhất là 999"),
    ],
)
def test_a_wrong_number_is_told_next_to_its_box(clerk: Client, typed: str, told: str) -> None:
    response = clerk.post(PAGE, filled(**{f"{paper(1)}_originals": typed}))

    assert response.status_code == 422
    assert told in summary(response)[f"id_{paper(1)}_originals"]
    assert not Case.objects.exists()


def test_a_tick_counts_as_the_papers_that_are_asked_for(clerk: Client) -> None:
    ticked = {f"{paper(number)}_full": "on" for number in (1, 2)}
    blank = {f"{paper(1)}_originals": "", f"{paper(2)}_copies": None}

    response = clerk.post(PAGE, filled(**ticked, **blank))

    assert response.status_code == 302
    counted = ReceivedComponent.objects.order_by("component__number")
    assert [(one.originals, one.copies) for one in counted] == [(1, 0), (0, 2)]


def test_a_typed_number_says_more_than_a_tick(clerk: Client) -> None:
    response = clerk.post(PAGE, filled(**{f"{paper(2)}_full": "on", f"{paper(2)}_copies": "1"}))

    assert response.status_code == 422
    assert "mới có 0 bản chính, 1 bản sao" in words(response)


def test_all_papers_are_counted_at_once_and_the_rest_is_kept(clerk: Client) -> None:
    Component.objects.create(
        variant=Variant.objects.get(), number=3, name="Ảnh", copies=4, is_required=False
    )
    typed = filled(
        **{f"{paper(1)}_originals": "x", f"{paper(2)}_copies": "5"},
        applicant_phone="9",
        reload="full",
    )

    response = clerk.post(PAGE, typed)

    assert response.status_code == 200
    assert "error-summary" not in response.content.decode()
    assert box(response, f"{paper(1)}_originals") == "1"
    assert box(response, f"{paper(2)}_copies") == "5"
    assert box(response, f"{paper(3)}_copies") == ""
    assert box(response, "applicant_full_name") == AN
    assert box(response, "applicant_phone") == "9"
    assert box(response, "submission_key") == KEY
    assert not Case.objects.exists()


def test_another_variant_shows_its_papers_and_keeps_what_was_typed(clerk: Client) -> None:
    old = filled(variant="02", reload="variant", note="Gấp", owner_is_applicant=None)
    add_variant()

    response = clerk.post(PAGE, old)

    page = response.content.decode()
    assert response.status_code == 200
    assert "Giấy phép đã cấp" in page
    assert "Bản vẽ vị trí công trình" not in page
    assert box(response, f"{paper(2, '02')}_originals") == "1"
    assert box(response, f"{paper(1, '02')}_copies") == ""
    assert box(response, "applicant_full_name") == AN
    assert "Gấp" in page
    owner_box = re.findall(r'<input[^>]*name="owner_is_applicant"[^>]*>', page)
    assert " checked" not in owner_box[0]


def test_the_address_opens_a_variant(clerk: Client) -> None:
    add_variant()

    page = clerk.get(PAGE, {"truong-hop": "02", "cach": "COUNTER"}).content.decode()

    assert '<option value="02" selected>' in page
    assert "Giấy phép đã cấp" in page


@pytest.mark.parametrize(
    ("name", "value", "target", "told"),
    [
        ("variant", "99", "id_variant", "Hãy chọn trường hợp của thủ tục"),
        ("variant", None, "id_variant", "Hãy chọn trường hợp của thủ tục"),
        ("channel", "ONLINE", "id_channel_0", "không nhận tại quầy theo cách thức đã chọn"),
        ("channel", "POST", "id_channel_0", "không nhận tại quầy theo cách thức đã chọn"),
        ("channel", None, "id_channel_0", "không nhận tại quầy theo cách thức đã chọn"),
        ("applicant_kind", "GHOST", "id_applicant_kind_0", "Hãy chọn cá nhân hoặc tổ chức"),
        ("applicant_kind", None, "id_applicant_kind_0", "Hãy chọn cá nhân hoặc tổ chức"),
        ("applicant_full_name", None, "id_applicant_full_name", "Chưa nhập họ tên người nộp"),
        ("applicant_full_name", "a" * 201, "id_applicant_full_name", "dài quá 200 ký tự"),
        ("applicant_address", "a" * 301, "id_applicant_address", "dài quá 300 ký tự"),
        ("applicant_email", f"a@{'b' * 300}.vn", "id_applicant_email", "254"),
        ("note", "a" * 2001, "id_note", "dài quá 2000 ký tự"),
    ],
)
def test_a_wrong_or_missing_answer_is_told_and_nothing_is_written(
    clerk: Client, name: str, value: str | None, target: str, told: str
) -> None:
    add_variant()

    response = clerk.post(PAGE, filled(**{name: value}))

    assert response.status_code == 422
    assert told in summary(response)[target]
    assert target in ids(response)
    assert not Case.objects.exists()


def test_another_owner_is_stored_beside_the_applicant(clerk: Client) -> None:
    clerk.post(
        PAGE,
        filled(
            owner_is_applicant=None,
            owner_kind="ORGANISATION",
            owner_full_name="Công ty TNHH Nước Sạch",
            owner_identity_number="3600123457",
        ),
    )

    names = dict(Party.objects.values_list("role", "full_name"))
    assert names == {"APPLICANT": AN, "OWNER": "Công ty TNHH Nước Sạch"}


def test_an_owner_who_is_the_applicant_is_not_judged(clerk: Client) -> None:
    response = clerk.post(PAGE, filled(owner_phone="x", owner_kind=None))

    assert response.status_code == 302


def test_another_owner_needs_a_name(clerk: Client) -> None:
    response = clerk.post(PAGE, filled(owner_is_applicant=None))

    assert summary(response) == {
        "id_owner_full_name": "Họ tên hoặc tên tổ chức: Chưa nhập họ tên chủ hồ sơ."
    }


def test_a_decomposed_name_is_stored_composed(clerk: Client) -> None:
    clerk.post(PAGE, filled(applicant_full_name=unicodedata.normalize("NFD", f"  {AN}  ")))

    party = Party.objects.get(role="APPLICANT")
    assert party.full_name == AN
    assert party.search_name == "nguyen thi thuy an"


def test_a_sign_that_no_database_keeps_is_dropped(clerk: Client) -> None:
    clerk.post(PAGE, filled(applicant_full_name=f"{AN}\0", note="\0"))

    assert Party.objects.get(role="APPLICANT").full_name == AN


def test_what_is_filed_elsewhere_is_refused_with_the_place(world: World, clerk: Client) -> None:
    Procedure.objects.update(level="COMMUNE")

    seen, sent = clerk.get(PAGE), clerk.post(PAGE, filled())

    assert "Hãy hướng dẫn người dân nộp tại: Bộ phận Một cửa cấp xã" in words(seen)
    assert "<form class=" not in seen.content.decode().split("<main")[1]
    assert sent.status_code == 422
    assert not Case.objects.exists()


def test_what_is_only_filed_online_is_not_received_at_a_counter(clerk: Client) -> None:
    Channel.objects.filter(kind="COUNTER").delete()

    response = clerk.get(PAGE)

    assert "chỉ nhận trực tuyến" in words(response)


def test_a_procedure_without_a_running_flow_chart_is_refused_in_words(clerk: Client) -> None:
    Revision.objects.update(workflow_key="missing")

    response = clerk.post(PAGE, filled())

    assert response.status_code == 422
    assert "chưa có quy trình được công bố" in words(response)
    assert not Case.objects.exists()


def test_a_post_that_ends_while_the_form_is_open_receives_nothing(
    world: World, clerk: Client
) -> None:
    clerk.get(PAGE)
    Post.objects.filter(person_id=world.cuc.id).update(ends_on=MONDAY.date())
    set_clock(MONDAY + timedelta(minutes=5))

    response = clerk.post(PAGE, filled())

    assert response.status_code == 403
    assert "hết hiệu lực từ ngày 06/03/2023" in words(response)
    assert not Case.objects.exists()


def test_many_papers_and_procedures_cost_the_form_no_query(world: World, clerk: Client) -> None:
    few = count_queries(clerk, PAGE)
    for number in range(20):
        make_procedure(world.office, f"4.{number:06}", f"Thủ tục {number}")
    Component.objects.bulk_create(
        Component(
            variant=Variant.objects.get(revision__procedure__code="1.000001"),
            number=number,
            name=f"Giấy tờ {number}",
            copies=1,
        )
        for number in range(3, 60)
    )

    many = count_queries(clerk, PAGE)

    assert few == many <= 9


def test_two_forms_make_two_cases(clerk: Client) -> None:
    clerk.post(PAGE, filled(submission_key=str(uuid4())))
    first = Case.objects.get()
    clerk.post(PAGE, filled(submission_key=str(uuid4()), seen_duplicates=first.code))

    assert Case.objects.count() == 2
