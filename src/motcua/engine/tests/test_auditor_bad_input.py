"""What the auditor refuses, and how it says where."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from motcua.engine.auditor import Register, StatementError, UnreadableDocument, audit, read_document
from motcua.engine.tests.auditing import audit_one, no_period


@pytest.mark.parametrize(
    ("statement", "key"),
    [
        ({"kind": "same", "values": {}}, "id"),
        ({"id": "a", "kind": "total"}, "kind"),
        ({"id": "a"}, "kind"),
        ({"id": "a", "kind": "settlement", "donee": 3}, "donee"),
        ({"id": "a", "kind": "settlement", "done": "31,404"}, "done"),
        ({"id": "a", "kind": "settlement", "rate": {"percent": "nhiều"}}, "rate.percent"),
        ({"id": "a", "kind": "settlement", "rate": {"percentage": 3}}, "rate.percentage"),
        ({"id": "a", "kind": "settlement", "rate": {"percent": 3, "over": "mọi"}}, "rate.over"),
        ({"id": "a", "kind": "settlement", "parts": [1, 2]}, "parts"),
        ({"id": "a", "kind": "partition", "total": 3}, "parts"),
        ({"id": "a", "kind": "partition", "total": 3, "parts": {"x": "ba"}}, "parts.x"),
        ({"id": "a", "kind": "citation", "text": 45}, "text"),
        ("a", ""),
    ],
)
def test_a_statement_that_cannot_be_read_is_refused_by_id_and_key(
    statement: object, key: str
) -> None:
    with pytest.raises(StatementError) as refused:
        audit({"statements": [statement]}, Register(), no_period)

    assert refused.value.key == key
    assert refused.value.position == 0
    assert refused.value.statement in str(refused.value)


def test_a_misspelt_key_is_told_the_right_one() -> None:
    with pytest.raises(StatementError, match="carried_over"):
        audit_one("settlement", carriedover=3)


def test_an_id_used_twice_is_refused() -> None:
    twice = [{"id": "a", "kind": "same", "values": {"x": 1}}] * 2

    with pytest.raises(StatementError, match="đã có"):
        audit({"statements": twice}, Register(), no_period)


@pytest.mark.parametrize("document", [None, [], "x", {}, {"statements": 3}, {"statement": []}])
def test_a_document_without_statements_is_refused(document: object) -> None:
    with pytest.raises(StatementError):
        audit(document, Register(), no_period)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "period", [{"from": "hôm qua"}, {"from": date(2023, 3, 14), "to": date(2022, 12, 15)}, 3]
)
def test_a_period_that_cannot_be_read_is_refused(period: object) -> None:
    with pytest.raises(StatementError):
        audit({"period": period}, Register(), no_period)


def test_parts_nested_without_end_are_refused() -> None:
    part: dict[str, object] = {}
    part["parts"] = {"again": part}

    with pytest.raises(StatementError, match="quá sâu"):
        audit_one("settlement", **part)


def test_numbers_are_read_from_yaml_as_printed() -> None:
    read = read_document(
        "a: 99.50\nb: 012\nc: 1:30\nd: no\ne: 2022-12-15\nf:\ng: '31.404'\nh: 1e5\n"
    )

    assert read.content == {
        "a": Decimal("99.50"),
        "b": 12,
        "c": "1:30",
        "d": "no",
        "e": date(2022, 12, 15),
        "f": None,
        "g": "31.404",
        "h": "1e5",
    }
    assert str(read.content["a"]) == "99.50"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a: 1\n\tb: 2\n", "phím Tab; hãy thay bằng dấu cách"),
        ("a: {x: 1, x: 2}\n", "khóa “x” ghi hai lần; hãy bỏ một"),
        ("a: [1, 2", "sai cú pháp YAML; hãy kiểm tra"),
        ("a: 2022-13-45\n", "ngày không có thật; hãy kiểm tra"),
        ("a: &x 1\nb: *x\n", "tham chiếu .*; hãy ghi lại"),
        ("a: !!python/object:os.system x\n", "nhãn kiểu .*; hãy bỏ"),
        ("a: \x00", "ký tự điều khiển .*; hãy lưu lại"),
    ],
)
def test_what_is_wrong_with_a_text_and_what_to_do_is_said_in_vietnamese(
    text: str, why: str
) -> None:
    with pytest.raises(UnreadableDocument, match=why):
        read_document(text)


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 200, f"0.{'9' * 200}"])
def test_a_number_too_long_to_be_a_figure_is_refused_by_name(number: str) -> None:
    read = read_document(f"statements:\n- {{id: a, kind: same, values: {{x: {number}}}}}\n")

    with pytest.raises(StatementError, match="số quá dài") as refused:
        audit(read.content, Register(), no_period)  # type: ignore[arg-type]

    assert refused.value.key == "values.x"
    assert len(str(refused.value)) < 200


def test_a_rate_that_a_spreadsheet_could_not_divide_is_a_blank() -> None:
    assert audit_one("settlement", done=0, on_time=0, rate="#DIV/0!") == ()


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u2009", "\u202f"])
def test_spaces_between_and_behind_the_digits_are_no_part_of_a_number(space: str) -> None:
    done, rate = f"31{space}602{space}", f"99,37{space}%{space}"

    assert audit_one("settlement", done=done, on_time="31.404 ", rate=rate) == ()


def test_the_line_of_each_statement_is_known() -> None:
    read = read_document("issuer: x\nstatements:\n  - {id: a}\n\n  - {id: b}\n")

    assert read.lines == (3, 5)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: [1, 2", 1),
        ("a: 1\nb: {x: 1, x: 2}\n", 2),
        ("a: 1\n\tb: 2\n", 2),
        ("a: !!python/object:os.system x\n", 1),
        ("a: 2022-13-45\n", 1),
        ("[" * 3000, None),
        ("a: \x00", None),
        ("{[1]: 2}", 1),
        ("a: &x 1\nb: *x\n", 2),
    ],
)
def test_text_that_is_not_a_statements_file_is_refused_with_its_line(
    text: str, line: int | None
) -> None:
    with pytest.raises(UnreadableDocument) as refused:
        read_document(text)

    assert refused.value.line == line
