"""A catalogue as YAML: what is read, and how everything wrong is named with its line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from motcua.procedures.catalogue import CannotReadCatalogue, ParsedCatalogue
from motcua.procedures.catalogue_files import MOST_BYTES, read_catalogue
from motcua.procedures.catalogue_yaml import write_yaml
from motcua.procedures.tests.samples import make_catalogue, make_procedure, make_revision

GOOD = """\
format: motcua-catalogue/1
fields:
- {code: DD, name: "Đất đai", name_en: Land}
procedures:
- code: 1.000450
  code_status: verified
  field: DD
  level: PROVINCE
  revisions:
  - name: "Đăng ký   đất đai"
    starts_on: 2022-01-01
    ends_on: 2022-12-31
    agency: {kind: DISTRICT}
    workflow: office-3-steps
    channels:
    - {kind: COUNTER, limit: {amount: 15, unit: WORKING_DAY}, fee: {amount: 28000, note: null}}
    variants:
    - code: 01
      name: "Mọi trường hợp"
      components:
      - {name: "Đơn", form: null, originals: 1, copies: 0, required: true}
"""


def read(text: str) -> ParsedCatalogue:
    return read_catalogue(text.encode())


def problems_of(old: str, new: str) -> list[str]:
    assert old in GOOD
    return [str(problem) for problem in read(GOOD.replace(old, new, 1)).problems]


def refusal(data: bytes) -> str:
    with pytest.raises(CannotReadCatalogue) as caught:
        read_catalogue(data)
    return str(caught.value.problem)


def test_a_file_is_read_with_its_defaults() -> None:
    found = read(GOOD)

    assert found.problems == ()
    (procedure,) = found.procedures
    (revision,) = procedure.revisions
    assert procedure.code == "1.000450"
    assert revision.name == "Đăng ký đất đai"
    assert (revision.last_day, revision.ends_on) == (date(2022, 12, 31), date(2023, 1, 1))
    assert (revision.agency, revision.agency_kind) == ("", "DISTRICT")
    assert (revision.online, revision.is_on_the_spot) == ("NONE", False)
    assert revision.channels[0].fee_vnd == Decimal(28000)
    assert revision.variants[0].code == "01"


def test_what_is_written_is_read_back_the_same() -> None:
    content = make_catalogue(
        make_procedure(),
        make_procedure("2.1", revisions=(make_revision(last_day=date(2022, 3, 1)),)),
    )

    found = read_catalogue(write_yaml(content))

    assert found == content
    assert found.problems == ()


WRONG = [
    ("field: DD\n", "field: DD\n  levle: COMMUNE\n", ("levle", "Có lẽ là “level”", "dòng 8 ")),
    ("level: PROVINCE", "level: TỈNH", ("“TỈNH” không dùng được", "PROVINCE (Cấp tỉnh)")),
    ("  level: PROVINCE\n", "", ("1.000450 › level", "Chưa ghi cấp thực hiện")),
    ("starts_on: 2022-01-01", "starts_on: 2022-02-30", ("“2022-02-30” không phải là ngày",)),
    ("starts_on: 2022-01-01", "starts_on: 0022-02-03", ("Năm 22 không hợp lý",)),
    ("ends_on: 2022-12-31", "ends_on: 2021-12-31", ("Ngày cuối 31/12/2021 đứng trước",)),
    ("amount: 15,", "amount: 0,", ("dòng 16", "channels[0] › limit.amount", "lớn hơn 0")),
    ("amount: 15,", "amount: -2,", ("Thời hạn phải lớn hơn 0",)),
    ("amount: 15,", "amount: 1.25,", ("quá lẻ",)),
    ("amount: 15,", "amount: nhiều,", ("“nhiều” không phải là số",)),
    ("unit: WORKING_DAY", "unit: TUẦN", ("limit.unit", "“TUẦN”", "MONTH (tháng)")),
    ("amount: 28000", "amount: -1", ("không thể là số âm",)),
    ("amount: 28000", "amount: 28.000", ("hai cách",)),
    ("originals: 1", "originals: 0", ("components[0]", "ít nhất một bản chính")),
    ("originals: 1", "originals: một", ("originals", "không phải là số")),
    ("required: true", "required: có lẽ", ("không rõ là có hay không",)),
    ('name: "Đơn"', 'name: ""', ("components[0] › name", "Chưa ghi tên")),
    ('name: "Đơn"', 'name: ["Đơn"]', ("không phải một danh sách",)),
    ("code: 1.000450", "code: 1/000 450", ("“1/000 450” không phải là mã",)),
    ("code: 01", "code: 01234567890", ("dài 11 ký tự, nhiều nhất là 10",)),
    ("agency: {kind: DISTRICT}", "agency: {kind: VILLAGE}", ("agency.kind", "COMMUNE (Cấp xã)")),
    ("agency: {kind: DISTRICT}", "agency: null", ("Chưa ghi cơ quan giải quyết",)),
    (
        "kind: COUNTER, limit: {amount: 15, unit: WORKING_DAY}",
        "kind: COUNTER",
        ("Chưa ghi thời hạn",),
    ),
    ("format: motcua-catalogue/1", "format: motcua-catalogue/9", ("motcua-catalogue/9",)),
    ("procedures:\n", "procedures: x\nthủ tục:\n", ("Cần một danh sách thủ tục", "thủ tục")),
]


@pytest.mark.parametrize(("old", "new", "said"), WRONG, ids=[row[1].strip()[:40] for row in WRONG])
def test_what_is_wrong_is_named(old: str, new: str, said: tuple[str, ...]) -> None:
    found = "\n".join(problems_of(old, new))

    for words in said:
        assert words in found


def test_a_place_is_a_line_and_a_path() -> None:
    (problem,) = problems_of("amount: 15,", "amount: 0,")

    assert problem == (
        "dòng 16 · procedures[0] 1.000450 › revisions[0] › channels[0] › limit.amount: "
        "Thời hạn phải lớn hơn 0."
    )


def test_every_error_is_found_at_once() -> None:
    text = GOOD.replace("amount: 15,", "amount: 0,").replace("level: PROVINCE", "level: X")
    text = text.replace('name: "Mọi trường hợp"', "name: null").replace("2022-01-01", "hôm qua")

    places = [problem.place.partition(" ·")[0] for problem in read(text).problems]

    assert sorted(places) == ["dòng 11", "dòng 16", "dòng 19", "dòng 8"]


def test_a_revision_needs_a_channel_and_a_case_variant() -> None:
    start = GOOD.index("    channels:")

    found = "\n".join(str(problem) for problem in read(GOOD[:start]).problems)

    assert "ít nhất một cách thức nộp" in found
    assert "ít nhất một trường hợp" in found


def test_a_procedure_needs_a_revision() -> None:
    start = GOOD.index("  revisions:")

    assert "ít nhất một bản" in str(read(GOOD[:start]).problems[0])


def test_doubles_are_refused() -> None:
    procedure = make_procedure()
    channel = make_revision().channels[0]
    variant = make_revision().variants[0]
    double = make_revision(channels=(channel, channel), variants=(variant, variant))

    content = make_catalogue(procedure, procedure, make_procedure("2.1", revisions=(double,)))
    found = "\n".join(str(problem) for problem in read_catalogue(write_yaml(content)).problems)

    assert "Mã thủ tục “1.000450” đã có ở trên" in found
    assert "Cách thức “Trực tiếp” được ghi hai lần" in found
    assert "Mã trường hợp “01” được ghi hai lần" in found


def test_revisions_may_not_overlap_but_may_touch() -> None:
    touching = (
        make_revision(last_day=date(2022, 12, 31)),
        make_revision(starts_on=date(2023, 1, 1)),
    )
    overlapping = (
        make_revision(last_day=date(2023, 1, 1)),
        make_revision(starts_on=date(2023, 1, 1)),
    )

    good = read_catalogue(write_yaml(make_catalogue(make_procedure(revisions=touching))))
    bad = read_catalogue(write_yaml(make_catalogue(make_procedure(revisions=overlapping))))

    assert good.problems == ()
    assert "01/01/2023 trùng với bản áp dụng từ 01/01/2022" in str(bad.problems[0])


@pytest.mark.parametrize(
    ("text", "amount"),
    [("150000", 150000), ('"1.234.567"', 1234567), ('"1.500,5"', "1500.5"), ('"2,5"', "2.5")],
)
def test_numbers_are_read_where_there_is_no_doubt(text: str, amount: str | int) -> None:
    found = read(GOOD.replace("amount: 28000", f"amount: {text}"))

    assert found.problems == ()
    assert found.procedures[0].revisions[0].channels[0].fee_vnd == Decimal(amount)


def test_days_may_be_written_as_people_write_them() -> None:
    found = read(GOOD.replace("ends_on: 2022-12-31", 'ends_on: "31/12/2022"'))

    assert found.problems == ()
    assert found.procedures[0].revisions[0].last_day == date(2022, 12, 31)


def test_a_small_text_cannot_grow_and_no_tag_makes_an_object() -> None:
    assert "dòng 1: Không dùng neo" in refusal(b"a: &a [x]\nb: [*a, *a]\n")
    assert "Không dùng thẻ kiểu" in refusal(b"a: !!python/object/apply:os.system [ls]\n")
    assert "lồng nhau quá sâu" in refusal(b"a: " + b"[" * 5000)
    assert "quá sâu" in refusal(b"a:\n" + b"".join(b" " * i + b"- \n" for i in range(1, 60)))
    assert "được ghi hai lần" in refusal(b"format: x\nformat: y\n")
    assert "nhiều hơn một tài liệu" in refusal(b"a: 1\n---\nb: 1\n")
    assert "Tên mục phải là chữ" in refusal(b"[a, b]: 1\n")


def test_a_file_that_is_no_catalogue_says_what_is_expected() -> None:
    assert refusal(b"") == "Tệp trống."
    assert "Tệp YAML trống" in refusal(b"# nothing\n")
    assert "dòng 2: YAML bị lỗi ở đây" in refusal(b"a: [1\nb: 2\n")
    assert "format, fields, procedures" in refusal("chỉ là một câu".encode())
    assert "không phải YAML (UTF-8) cũng không phải XLSX" in refusal(b"%PDF-1.7\n\xe2\xe3\xcf")
    assert ".xls)" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    assert "lớn hơn 20 MB" in refusal(b"a" * (MOST_BYTES + 1))


def test_an_empty_catalogue_is_no_import() -> None:
    assert "không có lĩnh vực hay thủ tục nào" in str(
        read("format: motcua-catalogue/1\nfields: []\nprocedures: []\n").problems[0]
    )
