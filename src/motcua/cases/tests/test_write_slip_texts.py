"""The words of slips as a controller writes them: who may, from when, what is refused, what is printed."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from motcua.audit.models import Entry
from motcua.cases import actions, letter_slips, letters, slip_samples, slip_text_queries, slips
from motcua.cases.models import SlipText
from motcua.cases.queries import get_case_page
from motcua.cases.slip_text_queries import NoSuchSlip, get_slip, newest_id
from motcua.cases.slip_words import list_kinds
from motcua.cases.tests.test_slips import size_of, text_of
from motcua.cases.tests.world import MONDAY, World
from motcua.engine.moments import VIETNAM
from motcua.people.actions import NotAllowed

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=2)
TODAY = MONDAY.date()
NOTES = "Ghi chú:\n– Mang theo giấy này. Gọi 0251.1022 khi cần.\n– Tra cứu trên {noi_tra_cuu}."


def write(world: World, **changes: Any) -> tuple[SlipText, ...]:
    wanted: dict[str, Any] = {
        "officer": world.controller,
        "slip": "receipt",
        "texts": {"notes": NOTES},
        "starts_on": TODAY,
        "reason": "Thêm số tổng đài",
        "seen": newest_id("receipt"),
        "now": LATER,
    }
    return actions.write_slip_texts(**{**wanted, **changes})


def receipt(world: World, received_at: datetime, *, number: int = 1) -> str:
    case = world.receive(now=received_at)
    page = get_case_page(case_code=case.code, officer=world.cuc, now=received_at)
    content = slips.receipt_content(page)
    return text_of(slips.make_receipt(content, print_number=number, now=received_at))


@pytest.mark.parametrize("name", ["cuc", "binh", "dung", "oanh"])
def test_nobody_but_a_controller_writes_or_takes_back(world: World, name: str) -> None:
    outsider = getattr(world, name)
    taken_back = {
        "slip": "receipt",
        "part": "notes",
        "starts_on": TODAY,
        "reason": "x",
        "seen": 0,
        "now": LATER,
    }

    with pytest.raises(NotAllowed):
        write(world, officer=outsider)
    with pytest.raises(NotAllowed):
        actions.restore_slip_text(officer=outsider, **taken_back)  # type: ignore[arg-type]

    assert not SlipText.objects.exists()
    assert not Entry.objects.filter(subject="slip:receipt").exists()


def test_new_words_are_kept_with_author_reason_and_form_and_the_trail_tells_of_them(
    world: World,
) -> None:
    (stored,) = write(world, reason="  Thêm   số tổng đài ")

    entry = Entry.objects.get(subject="slip:receipt")
    assert (stored.text, stored.part, stored.reason) == (NOTES, "notes", "Thêm số tổng đài")
    assert (stored.form_number, stored.issued_with) == ("Mẫu số 01", "Thông tư số 01/2018/TT-VPCP")
    assert (stored.written_by_id, stored.written_at) == (world.controller.id, LATER)
    assert (entry.event, entry.because, entry.actor_id) == (
        "slip.text_written",
        "Thêm số tổng đài",
        world.controller.id,
    )
    assert entry.facts["after"] == {"notes": NOTES}
    assert entry.facts["before"]["notes"].startswith("Ghi chú:")


def test_a_slip_keeps_the_words_of_its_day_also_when_it_is_printed_again(world: World) -> None:
    earlier = world.receive(now=MONDAY)
    write(world)
    write(world, texts={"notes": "Từ mai."}, starts_on=TODAY + timedelta(days=1))

    page = get_case_page(case_code=earlier.code, officer=world.cuc, now=LATER)
    again = text_of(slips.make_receipt(slips.receipt_content(page), print_number=2, now=LATER))

    assert "0251.1022" not in again and "BẢN SAO" in again and "được báo trước" in again
    assert "0251.1022" in receipt(world, LATER + timedelta(minutes=1))
    assert "Từ mai." in receipt(world, LATER + timedelta(days=1))


def test_the_words_of_a_letter_are_those_of_the_day_of_its_act(world: World) -> None:
    case = world.receive()
    write(
        world,
        slip="supplement",
        texts={"body": "Kính gửi {nguoi_nop}.\nCòn thiếu: {ly_do}"},
        seen=0,
        now=MONDAY + timedelta(hours=1),
    )
    actions.request_supplement(officer=world.binh, case_code=case.code, reason="Bản vẽ", now=LATER)

    page = get_case_page(case_code=case.code, officer=world.dung, now=LATER)
    text = text_of(letter_slips.make_letter(letters.letter_content(page, "supplement"), now=LATER))

    assert "Kính gửi Nguyễn Thị Thúy An. Còn thiếu: Bản vẽ" in text
    assert "Nếu có vướng mắc" not in text


def test_the_words_written_for_one_form_are_not_those_of_the_next(world: World) -> None:
    write(world)

    before = get_slip("receipt", on=date(2025, 9, 14))
    after = get_slip("receipt", on=date(2025, 9, 15))

    assert before.words.parts["notes"] == NOTES
    assert "0251" not in after.words.parts["notes"]
    assert (before.is_edited, after.is_edited) == (True, False)


def test_the_words_of_the_law_come_back_from_a_day_on(world: World) -> None:
    write(world)

    back = actions.restore_slip_text(
        officer=world.controller,
        slip="receipt",
        part="notes",
        starts_on=TODAY + timedelta(days=2),
        reason="Hết chiến dịch",
        seen=newest_id("receipt"),
        now=LATER,
    )

    assert back.text == ""
    assert get_slip("receipt", on=TODAY + timedelta(days=1)).is_edited
    assert not get_slip("receipt", on=TODAY + timedelta(days=2)).is_edited
    assert Entry.objects.filter(event="slip.text_restored").count() == 1
    with pytest.raises(actions.CannotWriteSlip, match="vốn theo lời của luật"):
        actions.restore_slip_text(
            officer=world.controller,
            slip="receipt",
            part="closing",
            starts_on=TODAY,
            reason="x",
            seen=newest_id("receipt"),
            now=LATER,
        )


@pytest.mark.parametrize(
    ("changes", "where", "told"),
    [
        ({"texts": {"notes": "Gọi {so_dt}"}}, "notes", r"Dòng 1, chữ thứ 5.*\{so_dt\}.*\{ma_ho_so\}, "),
        ({"texts": {"notes": "Gọi {ma_ho_so"}}, "notes", "Dòng 1, chữ thứ 5: dấu “{” đứng lẻ"),
        ({"texts": {"notes": "Gọi }"}}, "notes", "dấu “}” đứng lẻ"),
        ({"texts": {"notes": " \n "}}, "notes", "để trống"),
        ({"texts": {"notes": "a" * 8001}}, "notes", "dài hơn 8000 chữ cái"),
        ({"texts": {"notes": "Xin chào 王"}}, "", "không có ký tự “王”"),
        ({"texts": {"bodi": "x"}}, "bodi", "không có phần “bodi”; có: dòng dưới tên giấy"),
        ({"texts": {"closing": "Hẹn {hen_tra}"}}, "", r"thiếu: \{thoi_han\} \(thời gian giải quyết"),
        ({"texts": {}}, "", "giống hệt lời đang có"),
        ({"starts_on": TODAY - timedelta(days=1)}, "starts_on", "từ hôm nay .06/03/2023. trở đi"),
        ({"reason": "  "}, "reason", "Hãy ghi lý do"),
        ({"seen": 7}, "", "người khác đã ghi lời mới"),
    ],
    ids=[
        "unknown field", "open brace", "lone brace", "empty", "long", "letter", "part",
        "least content", "same", "past", "no reason", "overtaken",
    ],
)  # fmt: skip
def test_words_that_cannot_be_used_are_refused_by_name_and_nothing_is_kept(
    world: World, changes: dict[str, Any], where: str, told: str
) -> None:
    with pytest.raises(actions.CannotWriteSlip, match=told) as refusal:
        write(world, **changes)

    assert list(refusal.value.problems) == [where]
    assert not SlipText.objects.exists()
    assert not Entry.objects.filter(subject="slip:receipt").exists()


def test_a_slip_that_is_none_is_refused(world: World) -> None:
    with pytest.raises(NoSuchSlip, match="“label”"):
        write(world, slip="label")


def test_markup_in_the_words_is_printed_and_never_run(world: World) -> None:
    words = '#panic() #image("/etc/passwd") $x$ *đậm* = Đề // hết \\emph `a` <b> @c'
    write(world, texts={"notes": words, "under_title": "#let x = 1"})

    text = receipt(world, LATER + timedelta(minutes=1))

    assert words in text
    assert "#let x = 1" in text


def test_what_was_written_is_never_changed(world: World) -> None:
    (stored,) = write(world)

    for change in (lambda: SlipText.objects.update(text="x"), stored.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.fixture(scope="module", params=list_kinds())
def kind(request: pytest.FixtureRequest) -> Iterator[str]:
    yield request.param


def test_every_slip_can_be_looked_at_with_a_made_up_case_on_its_paper(
    world: World, kind: str
) -> None:
    for day in (TODAY, date(2026, 1, 5)):
        shown = get_slip(kind, on=day)
        now = datetime(day.year, day.month, day.day, 9, tzinfo=VIETNAM)

        pdf = slip_samples.make_sample(kind, words=shown.words, form=shown.form, now=now)

        text = text_of(pdf)
        assert shown.form.title.upper() in text
        assert shown.form.number in text
        assert "{" not in text
        width = 148 if shown.form.paper == "A5" else 297 if kind == "register" else 210
        assert size_of(pdf)[0] == width


@pytest.mark.parametrize("slip", sorted(slip_samples.OF_A_CASE))
def test_a_slip_can_be_looked_at_with_a_real_case_before_its_act(world: World, slip: str) -> None:
    case = world.receive()
    page = get_case_page(case_code=case.code, officer=world.controller, now=LATER)
    words = slip_text_queries.words_on(slip, on=TODAY)

    pdf = slip_samples.make_of_case(
        slip, page, words=words, officer_name="Trần Thị Cúc", paper="A4", now=LATER
    )

    assert case.code in text_of(pdf)
    assert size_of(pdf) == (210, 297)
