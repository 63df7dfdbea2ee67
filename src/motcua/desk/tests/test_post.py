"""The page of the post: what arrives, what is handed over with a slip, how it ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pypdfium2
import pytest
from django.test import Client

from motcua.audit.models import Read
from motcua.cases import actions
from motcua.cases.models import Case, PostalItem
from motcua.cases.tests.world import World
from motcua.desk.tests.rows import LATER, count_queries, desk_clock, set_clock, sign_in, words

PAGE = "/buu-chinh/"
NUMBER = "EA123456789VN"


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock():
        yield world


def ready(world: World) -> PostalItem:
    case = world.receive(returns_by_post=True)
    Case.objects.filter(pk=case.pk).update(status="DONE", finished_at=LATER)
    return PostalItem.objects.get(case=case)


def test_people_without_a_counter_are_refused(world: World) -> None:
    browser = sign_in(world.dung)

    assert browser.get(PAGE).status_code == 403
    assert browser.post(f"{PAGE}giao/", {"chon": "1"}).status_code == 403
    assert PostalItem.objects.count() == 0


def test_an_arrival_is_registered_and_offered_at_reception(world: World) -> None:
    browser = sign_in(world.cuc)
    typed = {"tracking_number": "ea123456789vn", "sender_name": "Lê Gửi", "contents": "Khai thác"}

    wrong = browser.post(f"{PAGE}den/", {**typed, "tracking_number": "!"})
    right = browser.post(f"{PAGE}den/", typed, follow=True)
    form = browser.get("/tiep-nhan/1.000001/").content.decode()

    assert wrong.status_code == 422
    assert 'value="Lê Gửi"' in wrong.content.decode()
    assert "Đã ghi bưu gửi EA123456789VN đến." in words(right)
    assert f'<option value="{NUMBER}">Lê Gửi</option>' in form


def test_results_go_with_a_slip_and_come_back_with_proof(world: World) -> None:
    browser = sign_in(world.cuc)
    item = ready(world)
    refused = browser.post(f"{PAGE}giao/", {"carrier_name": "Thư"})
    sent = browser.post(
        f"{PAGE}giao/",
        {"chon": str(item.pk), f"so-{item.pk}": NUMBER, "carrier_name": "Phạm Văn Thư"},
        follow=True,
    )
    item.refresh_from_db()
    slip = browser.get(f"{PAGE}phieu/{item.slip_id}.pdf")
    text = pypdfium2.PdfDocument(slip.content)[0].get_textpage().get_text_bounded()
    copy = browser.get(f"{PAGE}phieu/{item.slip_id}.pdf")
    again = pypdfium2.PdfDocument(copy.content)[0].get_textpage().get_text_bounded()
    set_clock(LATER + timedelta(days=2))
    late = browser.post(
        f"{PAGE}{item.pk}/da-phat/",
        {"delivered_to": "An", "day": "01/01/2031", "clock": "08:00"},
    )
    done = browser.post(
        f"{PAGE}{item.pk}/da-phat/",
        {"delivered_to": "An", "day": "07/03/2023", "clock": "15:00"},
        follow=True,
    )

    assert refused.status_code == 422
    assert "Chưa chọn kết quả nào" in words(refused)
    assert "Đã giao 1 bưu gửi" in words(sent)
    assert NUMBER in text and "Phạm Văn Thư" in text and "BẢN SAO" not in text
    assert "BẢN SAO" in again
    assert late.status_code == 422
    assert "Thời điểm phát phải sau" in words(late)
    assert "đã trả kết quả" in words(done)
    assert Case.objects.get().status == "RETURNED"


def test_what_is_brought_back_says_why(world: World) -> None:
    browser = sign_in(world.cuc)
    item = ready(world)
    actions.hand_to_post(
        officer=world.cuc,
        agency_id=world.centre.pk,
        tracking_numbers={item.pk: NUMBER},
        carrier_name="Thư",
        now=LATER,
    )

    silent = browser.post(f"{PAGE}{item.pk}/chuyen-hoan/", {"reason": ""})
    told = browser.post(f"{PAGE}{item.pk}/chuyen-hoan/", {"reason": "Vắng nhà"}, follow=True)
    unknown = browser.post(f"{PAGE}999999/chuyen-hoan/", {"reason": "Vắng nhà"})

    assert silent.status_code == 422
    assert "Chưa ghi lý do" in words(silent)
    assert "đã chuyển hoàn" in words(told)
    assert "Vắng nhà" in words(browser.get(f"{PAGE}?state=failed"))
    assert unknown.status_code == 404


def test_what_is_revoked_on_its_way_is_called_back_and_its_delivery_returns_nothing(
    world: World,
) -> None:
    browser = sign_in(world.cuc)
    item = ready(world)
    slip = actions.hand_to_post(
        officer=world.cuc,
        agency_id=world.centre.pk,
        tracking_numbers={item.pk: NUMBER},
        carrier_name="Thư",
        now=LATER,
    )
    before = words(browser.get(PAGE))
    PostalItem.objects.filter(pk=item.pk).update(
        recalled_at=LATER + timedelta(hours=1), recalled_by_id=world.dung.id
    )
    set_clock(LATER + timedelta(days=2))

    after = words(browser.get(PAGE))
    listed = words(browser.get(f"{PAGE}?state=recalled&buu-gui={item.pk}"))
    paper = browser.get(f"{PAGE}phieu/{slip.pk}.pdf")
    text = pypdfium2.PdfDocument(paper.content)[0].get_textpage().get_text_bounded()
    done = browser.post(
        f"{PAGE}{item.pk}/da-phat/",
        {"delivered_to": "An", "day": "07/03/2023", "clock": "15:00"},
        follow=True,
    )

    assert "hãy báo bưu chính chuyển hoàn" not in before
    assert "1 bưu gửi đang chuyển mang kết quả đã bị thu hồi" in after
    assert "kết quả đã bị thu hồi" in listed and "lỡ phát rồi thì ghi đúng người nhận" in listed
    assert "Đã thu hồi, gọi về" in " ".join(text.split())
    assert "không tính là đã trả" in words(done)
    assert "phát dù đã bị thu hồi" in words(browser.get(f"{PAGE}?state=delivered"))
    assert Case.objects.get().status == "DONE"


def test_what_was_called_back_in_time_is_not_for_the_citizen(world: World) -> None:
    browser = sign_in(world.cuc)
    item = ready(world)
    actions.hand_to_post(
        officer=world.cuc,
        agency_id=world.centre.pk,
        tracking_numbers={item.pk: NUMBER},
        carrier_name="Thư",
        now=LATER,
    )
    PostalItem.objects.filter(pk=item.pk).update(recalled_at=LATER, recalled_by_id=world.dung.id)

    told = browser.post(f"{PAGE}{item.pk}/chuyen-hoan/", {"reason": "Gọi về"}, follow=True)

    assert "đừng trả cho người dân" in words(told)


def test_whoever_works_elsewhere_reveals_nothing_and_the_attempt_is_noted(world: World) -> None:
    item = ready(world)
    address = f"{PAGE}{item.pk}/hien/"

    for person in (world.oanh, world.dung, world.controller):
        answer = sign_in(person).post(address)
        assert (answer.status_code, "0912" in answer.content.decode()) == (403, False)
    assert Client().post(address).status_code == 302
    assert sign_in(world.cuc).get(address).status_code == 405

    noted = Read.objects.filter(subject=f"postal-item:{item.pk}")
    assert list(noted.values_list("was_allowed", flat=True)) == [False] * 3


def test_a_clerk_reveals_one_row_and_only_that_is_noted(world: World) -> None:
    browser = sign_in(world.cuc)
    items = [ready(world), ready(world)]
    PostalItem.objects.update(party_phone="0912345678", party_address="12 Hẻm Kín, Biên Hòa")
    before = words(browser.get(f"{PAGE}?state=ready"))

    why = {"state": "ready", "ly-do": "call_citizen"}
    page = words(browser.post(f"{PAGE}{items[0].pk}/hien/", why))
    why = {"ly-do": "", "ghi-ro": " Bưu chính  hỏi lại "}
    row = words(browser.post(f"{PAGE}{items[1].pk}/hien/", why, headers={"HX-Request": "true"}))

    assert "0912345678" not in before and "Hẻm Kín" not in before
    assert (page.count("0912345678"), page.count("12 Hẻm Kín")) == (1, 1)
    assert row == f"{items[1].party_name} 0912345678 12 Hẻm Kín, Biên Hòa"
    noted = Read.objects.values_list("actor_id", "subject", "what", "was_allowed", "note")
    reasons = ('{"reason": "call_citizen"}', '{"words": "Bưu chính hỏi lại"}')
    assert list(noted) == [
        (world.cuc.id, f"postal-item:{item.pk}", "post.revealed", True, reason)
        for item, reason in zip(items, reasons, strict=True)
    ]
    assert browser.post(f"{PAGE}999/hien/").status_code == 404


def test_the_page_asks_as_much_for_many_rows_as_for_one(world: World) -> None:
    browser = sign_in(world.cuc)
    ready(world)
    few = count_queries(browser, f"{PAGE}?state=ready")
    for _time in range(4):
        ready(world)

    assert count_queries(browser, f"{PAGE}?state=ready") == few <= 14


def test_without_a_reason_nothing_is_revealed_and_what_was_chosen_is_kept(world: World) -> None:
    browser, item = sign_in(world.cuc), ready(world)
    PostalItem.objects.update(party_phone="0912345678", party_address="12 Hẻm Kín, Biên Hòa")
    address, other = f"{PAGE}{item.pk}/hien/", {"ly-do": "because", "state": "ready"}

    page = browser.post(address, other)
    row = browser.post(address, other, headers={"HX-Request": "true"})

    assert (page.status_code, row.status_code) == (422, 200)
    for answer in (page, row):
        assert "Chưa nêu lý do xem" in words(answer) and "Gọi điện cho người dân" in words(answer)
        assert "0912345678" not in words(answer) and "Hẻm Kín" not in words(answer)
    assert not Read.objects.exists()


def test_each_row_asks_in_a_form_of_its_own(world: World) -> None:
    """A reason that is confirmed by Enter must not reveal the first row of the list."""
    items = [ready(world), ready(world)]
    PostalItem.objects.update(party_phone="0912345678")

    page = sign_in(world.cuc).get(f"{PAGE}?state=ready").content.decode()

    for item in items:
        assert f'<form id="hien-{item.pk}" method="post" action="{PAGE}{item.pk}/hien/">' in page
        assert page.count(f'form="hien-{item.pk}"') == 3
