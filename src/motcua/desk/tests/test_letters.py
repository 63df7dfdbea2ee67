"""The slips of a case in the browser: who may print, in which size, which copy, and what is offered."""

import io
from typing import Any

import pypdfium2
import pytest

from motcua.audit.models import Read
from motcua.desk.tests.rows import desk_world, sign_in, words


def read(response: Any) -> tuple[str, int]:
    document = pypdfium2.PdfDocument(io.BytesIO(response.content))
    text = "".join(page.get_textpage().get_text_range() for page in document)
    return " ".join(text.split()), round(document[0].get_width())


@pytest.mark.django_db
def test_a_slip_is_offered_after_its_act_printed_for_those_of_the_case_and_counted() -> None:
    with desk_world() as world:
        case = world.receive()
        base = f"/ho-so/{case.code}/"
        slip = f"{base}giay/thong-bao-dung.pdf"
        leader = sign_in(world.dung)

        before = leader.get(slip)
        stranger = sign_in(world.oanh).get(slip)
        done = leader.post(
            f"{base}thoi-han/dung-giai-quyet/", {"reason": "Trùng hồ sơ"}, follow=True
        )
        first, again, large = (leader.get(slip, {"kho": size}) for size in ("", "A5", "a4"))

        assert (before.status_code, stranger.status_code) == (409, 403)
        assert "in được sau khi" in words(before)
        assert Read.objects.filter(what="case.stop_slip_printed", was_allowed=False).count() == 1
        assert done.content.decode().count(slip) == 3
        assert f'href="{base}giay/phieu-kiem-soat.pdf"' in done.content.decode()
        assert f"{base}giay/phieu-tu-choi.pdf" not in done.content.decode()
        assert first["Content-Disposition"].startswith('inline; filename="thong-bao-dung-')
        text, width = read(first)
        assert "Trùng hồ sơ" in text and "BẢN SAO" not in text and width == 420
        assert "BẢN SAO, in lần 2" in read(again)[0]
        text, width = read(large)
        assert "BẢN SAO, in lần 3" in text and width == 595


@pytest.mark.django_db
def test_an_unknown_slip_case_or_size_is_a_page_that_says_so() -> None:
    with desk_world() as world:
        case = world.receive()
        clerk = sign_in(world.cuc)

        slip = clerk.get(f"/ho-so/{case.code}/giay/khong-co.pdf")
        unknown = clerk.get("/ho-so/x/giay/phieu-kiem-soat.pdf")
        size = clerk.get(f"/ho-so/{case.code}/giay/phieu-kiem-soat.pdf", {"kho": "A3"})

        assert [r.status_code for r in (slip, unknown, size)] == [404, 404, 422]
        assert "Không có mẫu giấy nào mang tên" in words(slip)
        assert "Không in được trên khổ giấy “A3”" in words(size)
        assert not Read.objects.filter(what__endswith="slip_printed", was_allowed=True).exists()
