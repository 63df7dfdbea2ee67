"""Documents of a case: added with care, handed out with care."""

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from motcua.audit.models import Entry, Read
from motcua.cases.models import Case, Document
from motcua.cases.tests.world import World, make_procedure
from motcua.desk.tests.rows import count_queries, desk_clock, sign_in, words
from motcua.files.models import StoredFile
from motcua.procedures.models import Component, Variant

PDF = b"%PDF-1.7\nmot trang"


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock():
        yield world


def upload(world: World, case: Case, name: str = "don.pdf", content: bytes = PDF, **more: object):  # type: ignore[no-untyped-def]
    return sign_in(world.cuc).post(
        f"/ho-so/{case.code}/tai-lieu/",
        {"file": SimpleUploadedFile(name, content), **more},
        follow=True,
    )


def test_a_file_is_added_under_its_component(world: World) -> None:
    case = world.receive()
    component = Component.objects.get(number=1)

    response = upload(world, case, title="Đơn đã ký", component=component.pk)

    page = words(response)
    assert "Đã thêm tài liệu “Đơn đã ký”." in page
    assert "Đơn đã ký don.pdf Đơn đề nghị cấp phép" in page
    document = Document.objects.get()
    assert (document.component_id, document.added_by_id) == (component.pk, world.cuc.id)
    assert Entry.objects.filter(event="case.document_added").count() == 1


def test_without_a_title_the_document_is_called_as_its_file(world: World) -> None:
    upload(world, world.receive(), name="bản vẽ.pdf")

    assert Document.objects.get().title == "bản vẽ.pdf"


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("virus.exe", b"MZ...", "không phải tệp PDF, JPG, PNG, DOCX hay XLSX"),
        ("anh.pdf", b"\x89PNG\r\n\x1a\n...", "nội dung không khớp với đuôi tệp"),
        ("trong.pdf", b"", "trống nên chưa được lưu"),
    ],
)
def test_a_file_of_the_wrong_type_is_refused_and_what_was_typed_stays(
    world: World, name: str, content: bytes, why: str
) -> None:
    case = world.receive()

    response = upload(world, case, name=name, content=content, title="Tên tôi đã gõ")

    assert response.status_code == 422
    assert why in words(response)
    assert 'value="Tên tôi đã gõ"' in response.content.decode()
    assert not Document.objects.exists()
    assert not StoredFile.objects.exists()


def test_no_file_at_all_is_said_at_the_field(world: World) -> None:
    case = world.receive()

    response = sign_in(world.cuc).post(f"/ho-so/{case.code}/tai-lieu/", {"title": "Trống"})

    assert response.status_code == 422
    assert "field-wrong" in response.content.decode()


def test_a_component_of_another_procedure_is_refused(world: World) -> None:
    make_procedure(world.office, code="1.000002", name="Thủ tục khác")
    foreign = Component.objects.filter(variant=Variant.objects.latest("pk")).first()
    case = world.receive(
        papers={c.pk: (c.originals, c.copies) for c in Component.objects.all()[:2]}
    )
    assert foreign is not None

    response = upload(world, case, component=foreign.pk)

    assert response.status_code == 422
    assert not Document.objects.exists()


def test_someone_of_another_agency_adds_nothing_and_the_attempt_is_noted(world: World) -> None:
    case = world.receive()

    response = sign_in(world.oanh).post(
        f"/ho-so/{case.code}/tai-lieu/", {"file": SimpleUploadedFile("a.pdf", PDF)}
    )

    assert response.status_code == 403
    assert not Read.objects.get().was_allowed
    assert not Document.objects.exists()


def test_a_document_is_handed_out_as_a_download_of_its_own_type(world: World) -> None:
    case = world.receive()
    upload(world, case, name="Đơn xin.pdf")
    document = Document.objects.get()

    response = sign_in(world.binh).get(f"/ho-so/{case.code}/tai-lieu/{document.pk}/")

    assert response.content == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert Read.objects.filter(what="case.document_read", actor_id=world.binh.id).count() == 1


def test_a_document_is_not_found_under_another_case(world: World) -> None:
    case, other = world.receive(), world.receive()
    upload(world, case)
    document = Document.objects.get()

    response = sign_in(world.cuc).get(f"/ho-so/{other.code}/tai-lieu/{document.pk}/")

    assert response.status_code == 404
    assert "không có tài liệu này" in words(response)


def test_many_documents_take_no_more_queries_than_one(world: World) -> None:
    case = world.receive()
    client = sign_in(world.cuc)
    upload(world, case)
    few = count_queries(client, f"/ho-so/{case.code}/")
    for number in range(9):
        upload(world, case, component=Component.objects.get(number=number % 2 + 1).pk)

    assert count_queries(client, f"/ho-so/{case.code}/") == few
