"""The words of slips: which fields they may name, where they are wrong, and how they are filled."""

from motcua.engine.slip_texts import Problem, fields_in, filled, plain, problems_of

KNOWN = {"ten", "ly_do"}


def test_an_unknown_field_is_named_with_its_place() -> None:
    text = "Kính gửi: {ten}\nLý do: {lydo} và {x!r}"

    assert problems_of(text, known=KNOWN) == (
        Problem(kind="UNKNOWN", found="lydo", line=2, letter=8),
        Problem(kind="UNKNOWN", found="x!r", line=2, letter=18),
    )


def test_a_lone_brace_is_named_with_its_place() -> None:
    assert problems_of("{ten} }\n{ly_do", known=KNOWN) == (
        Problem(kind="BRACE", found="}", line=1, letter=7),
        Problem(kind="BRACE", found="{", line=2, letter=1),
    )


def test_nothing_is_no_text_and_a_book_is_none_either() -> None:
    assert [one.kind for one in problems_of(" \n", known=KNOWN)] == ["EMPTY"]
    assert [one.kind for one in problems_of("a" * 9000, known=KNOWN)] == ["LONG"]


def test_a_value_is_filled_in_and_never_read_again() -> None:
    made = filled("Gửi {ten}.\n\n{ly_do}", {"ten": "{ly_do}", "ly_do": "1. Một\n2. Hai"})

    assert [[("=" if p.is_value else "") + p.text for p in line] for line in made] == [
        ["Gửi ", "={ly_do}", "."],
        ["=1. Một"],
        ["=2. Hai"],
    ]


def test_a_line_about_what_there_is_not_is_left_out_and_an_empty_value_is_kept() -> None:
    made = filled("Gửi {ten}.\nEmail {email} của {ten}", {"ten": "", "email": None})

    assert [[(p.text, p.field) for p in line] for line in made] == [
        [("Gửi ", ""), ("", "ten"), (".", "")]
    ]


def test_the_fields_of_a_text_are_found() -> None:
    assert fields_in("Gửi {ten}: {ly_do}\n{ten} {x!r}") == {"ten", "ly_do", "x!r"}


def test_a_message_is_one_line() -> None:
    assert plain("Gửi {ten}:\n{ly_do}", {"ten": "An", "ly_do": "a\nb"}) == "Gửi An: a b"
