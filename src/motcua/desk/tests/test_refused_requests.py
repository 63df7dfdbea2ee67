"""Requests that are refused before they reach a page still get a page that says so."""

import pytest
from django.test import Client

from motcua.desk.tests.rows import desk_world, sign_in, words

pytestmark = pytest.mark.django_db


def test_a_host_that_is_not_served_is_refused_with_a_page() -> None:
    client = Client(raise_request_exception=False)

    answer = client.get("/tai-khoan/login/", headers={"host": "elsewhere.example"})

    assert answer.status_code == 400
    assert "chưa có gì được lưu" in answer.content.decode()


def test_an_unknown_address_is_said_so(client: Client) -> None:
    answer = client.get("/khong-co-trang-nay/")

    assert answer.status_code == 404
    assert "<h1>" in answer.content.decode()


@pytest.mark.parametrize(
    ("address", "title", "leads_to"),
    [
        ("/ho-so/{code}/giay/khong-co.pdf", "Không có mẫu giấy này", "/luat/mau-giay/"),
        ("/ho-so/{code}/thoi-han/khong-co/", "Không có việc này", "/ho-so/"),
        ("/ho-so/khong-co/", "Không có hồ sơ này", "/ho-so/"),
        ("/lay-y-kien/999/", "Không có lần lấy ý kiến này", "/lay-y-kien/"),
        ("/truc-tuyen/chuyen-den/999/", "Không có hồ sơ chuyển đến này", "/truc-tuyen/chuyen-den/"),
        ("/buu-chinh/phieu/999.pdf", "Không có bưu gửi hay phiếu này", "/buu-chinh/"),
        ("/giao-ca/999/bien-ban.pdf", "Không có lần giao ca này", "/giao-ca/"),
    ],
)
def test_what_is_not_there_is_called_by_its_name(address: str, title: str, leads_to: str) -> None:
    with desk_world() as world:
        case = world.receive()

        answer = sign_in(world.cuc).get(address.format(code=case.code))

        assert answer.status_code == 404
        assert title in words(answer)
        assert f'href="{leads_to}"' in answer.content.decode()
        # A case that is not there is said so by its own address alone.
        assert ("Không có hồ sơ này" in words(answer)) == (title == "Không có hồ sơ này")
