"""The pages of results: of one case with what may be done now, and where any is found."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from motcua.audit.models import Read
from motcua.cases.models import Case, Result
from motcua.cases.tests.world import MONDAY, World
from motcua.desk.tests.rows import (
    LATER,
    count_queries,
    desk_clock,
    finish,
    make_rows,
    set_clock,
    sign_in,
    words,
)
from motcua.files.models import StoredFile
from motcua.procedures.models import Revision


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock():
        yield world


def settled(world: World) -> Case:
    case = world.receive()
    finish(world, case)
    set_clock(LATER + timedelta(hours=1))
    return case


def upload(client: Client, case: Case, content: bytes = b"%PDF-1.7 x") -> object:
    return client.post(
        f"/ho-so/{case.code}/ket-qua/",
        {"file": SimpleUploadedFile("giay-phep.pdf", content), "title": "Giấy phép"},
        follow=True,
    )


def act(client: Client, case: Case, slug: str, **typed: str) -> object:
    result = Result.objects.latest("id")
    return client.post(f"/ho-so/{case.code}/ket-qua/{result.pk}/{slug}/", typed, follow=True)


def test_what_must_be_recorded_is_said_at_the_case_and_at_the_counter(world: World) -> None:
    Revision.objects.update(recorded_result="LICENCE")
    case = settled(world)
    page = f"/ho-so/{case.code}/ket-qua/"

    said = words(sign_in(world.binh).get(page))
    refused = sign_in(world.cuc).post(f"/ho-so/{case.code}/tra/", {"returned_to": "An"})

    assert "Thủ tục này phải trả giấy phép đã ký và cấp số ở đây" in said
    assert refused.status_code in {409, 422}
    assert "Hãy báo cơ quan giải quyết đưa lên, ký và cấp số" in words(refused)
    assert Case.objects.get().returned_at is None


def numbered(world: World) -> Case:
    case = settled(world)
    upload(sign_in(world.binh), case)
    act(sign_in(world.dung), case, "ky")
    act(
        sign_in(world.binh),
        case,
        "cap-so",
        document_number="125/GP-UBND",
        document_date="06/03/2023",
    )
    return case


def test_another_agency_sees_no_results_of_a_case(world: World) -> None:
    case = numbered(world)
    result = Result.objects.get()
    client = sign_in(world.oanh)

    for address in ("", f"{result.pk}/tep/"):
        assert client.get(f"/ho-so/{case.code}/ket-qua/{address}").status_code == 403
    assert case.code not in words(client.get("/ket-qua/"))


def test_a_draft_is_put_forward_signed_and_numbered_by_page(world: World) -> None:
    case = numbered(world)

    page = sign_in(world.binh).get(f"/ho-so/{case.code}/ket-qua/")

    assert f"{case.code}-KQ(1)" in words(page)
    assert "125/GP-UBND, 06/03/2023" in words(page)
    assert "Phạm Ngọc Dung, Văn phòng UBND tỉnh" in words(page)
    assert f"{case.code}-KQ(1)" in words(sign_in(world.cuc).get(f"/ho-so/{case.code}/"))


def test_each_sees_only_the_acts_that_are_theirs_now(world: World) -> None:
    case = settled(world)
    upload(sign_in(world.binh), case)

    address = f"/ho-so/{case.code}/ket-qua/"

    assert "Ký kết quả" in words(sign_in(world.dung).get(address))
    assert "Ký kết quả" not in words(sign_in(world.binh).get(address))
    assert "Thay tệp dự thảo" not in words(sign_in(world.cuc).get(address))


def test_the_return_desk_says_why_a_result_is_not_ready(world: World) -> None:
    case = settled(world)
    upload(sign_in(world.binh), case)
    client = sign_in(world.cuc)

    opened = client.get("/tra-ket-qua/", {"case": case.code})
    refused = client.post(f"/ho-so/{case.code}/tra/", {"returned_to": "An"})

    assert "mới là dự thảo, chưa được ký" in words(opened)
    assert f'action="/ho-so/{case.code}/tra/"' not in opened.content.decode()
    assert refused.status_code == 409
    assert "mới là dự thảo, chưa được ký" in words(refused)


def test_a_refused_act_shows_the_page_again_and_is_noted_as_one_reading(world: World) -> None:
    case = settled(world)
    upload(sign_in(world.binh), case)
    act = f"/ho-so/{case.code}/ket-qua/{Result.objects.get().pk}/ky/"
    client = sign_in(world.dung)
    client.post(act)
    noted = set(Read.objects.values_list("pk", flat=True))

    refused = client.post(act)

    assert refused.status_code == 409
    assert case.code in words(refused)
    again = Read.objects.exclude(pk__in=noted)
    assert list(again.values_list("what", "was_allowed")) == [("case.result_act", True)]


def test_what_is_wrong_is_told_and_what_was_typed_is_kept(world: World) -> None:
    case = settled(world)
    assert "trống nên chưa được lưu" in words(upload(sign_in(world.binh), case, b""))
    upload(sign_in(world.binh), case)
    act(sign_in(world.dung), case, "ky")

    early = act(
        sign_in(world.binh), case, "cap-so", document_number="9/GP", document_date="09/03/2023"
    )
    unreal = act(
        sign_in(world.binh), case, "cap-so", document_number="9/GP", document_date="31/02/2023"
    )

    assert "09/03/2023 còn ở phía trước" in words(early)
    assert "Ngày không có thật" in words(unreal)
    assert 'value="9/GP"' in unreal.content.decode()  # type: ignore[attr-defined]


def test_an_act_without_right_is_refused_and_an_unknown_one_is_not_found(world: World) -> None:
    case = numbered(world)

    refused = act(sign_in(world.cuc), case, "thu-hoi", decision="1/QĐ", reason="Sai")

    assert refused.status_code == 403  # type: ignore[attr-defined]
    assert act(sign_in(world.dung), case, "xoa").status_code == 404  # type: ignore[attr-defined]
    assert Result.objects.get().revoked_at is None


def test_a_result_is_handed_over_revoked_and_found_with_its_reason(world: World) -> None:
    case = numbered(world)
    sign_in(world.cuc).post(f"/ho-so/{case.code}/tra/", {"returned_to": "Nguyễn Thị Thúy An"})

    act(sign_in(world.dung), case, "thu-hoi", decision="12/QĐ-VP", reason="Sai tên")
    page = sign_in(world.binh).get("/ket-qua/", {"q": "thuy an", "state": "revoked"})

    assert "12/QĐ-VP: Sai tên" in words(page)
    assert "Đã bị thu hồi" in words(page)


def test_a_hand_over_by_mistake_is_taken_back_by_page_and_waits_again(world: World) -> None:
    case = numbered(world)
    clerk = sign_in(world.cuc)
    clerk.post(f"/ho-so/{case.code}/tra/", {"returned_to": "An"})
    address = f"/ho-so/{case.code}/ket-qua/"

    assert "Rút việc ghi đã trả" in words(clerk.get(address))
    empty = clerk.post(f"{address}rut-viec-tra/", {"reason": ""})
    taken = clerk.post(f"{address}rut-viec-tra/", {"reason": "Nhầm người"}, follow=True)

    assert empty.status_code == 422
    assert "kết quả lại chờ trả" in words(taken)
    assert case.code in words(clerk.get("/tra-ket-qua/"))


def test_the_file_of_a_result_is_a_download(world: World) -> None:
    case = numbered(world)

    file = sign_in(world.cuc).get(f"/ho-so/{case.code}/ket-qua/{Result.objects.get().pk}/tep/")

    assert file.content == b"%PDF-1.7 x"
    assert "attachment" in file["Content-Disposition"]


def test_the_search_takes_as_many_queries_for_many_rows_as_for_ten(world: World) -> None:
    client = sign_in(world.binh)
    file = StoredFile.objects.create(
        sha256="0" * 64,
        name="a.pdf",
        media_type="application/pdf",
        size_bytes=1,
        stored_at=MONDAY,
        stored_by_id=world.binh.id,
    )

    def make(count: int, prefix: str) -> None:
        Result.objects.bulk_create(
            Result(
                case=case, title="Kết quả", file=file, drafted_at=LATER, drafted_by_id=world.binh.id
            )
            for case in make_rows(world, count, prefix=prefix, status="DONE")
        )

    make(10, "FEW")
    few = count_queries(client, "/ket-qua/")
    make(90, "MANY")

    assert count_queries(client, "/ket-qua/") == few
    assert few <= 13
