"""Time limits as people write them."""

from decimal import Decimal

import pytest

from motcua.engine.limits import Limit, LimitRefused, Unit, parse_limit


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("5 working days", "5", Unit.WORKING_DAY),
        ("5 ngày làm việc", "5", Unit.WORKING_DAY),
        ("  05  Ngày làm  việc ", "5", Unit.WORKING_DAY),
        ("0,5 ngày làm việc", "0.5", Unit.WORKING_DAY),
        ("1 working day", "1", Unit.WORKING_DAY),
        ("8 hours", "8", Unit.HOUR),
        ("8 giờ làm việc", "8", Unit.HOUR),
        ("1.5 giờ", "1.5", Unit.HOUR),
        ("30 days", "30", Unit.DAY),
        ("30 ngày", "30", Unit.DAY),
        ("2 tháng", "2", Unit.MONTH),
        ("1 month", "1", Unit.MONTH),
    ],
)
def test_both_languages_are_read(text: str, amount: str, unit: Unit) -> None:
    assert parse_limit(text) == Limit(amount=Decimal(amount), unit=unit)


@pytest.mark.parametrize(
    "text", ["", "5", "ngày", "năm ngày", "5 tuần", "5 days 3 hours", "1e3 days", "nan giờ"]
)
def test_unclear_words_are_refused(text: str) -> None:
    with pytest.raises(LimitRefused, match="Không hiểu thời hạn"):
        parse_limit(text)


@pytest.mark.parametrize("text", ["0 ngày", "-3 ngày làm việc", "0,0 giờ"])
def test_a_limit_of_nothing_is_refused(text: str) -> None:
    with pytest.raises(LimitRefused, match="phải lớn hơn 0"):
        parse_limit(text)


@pytest.mark.parametrize("text", ["2,3 ngày làm việc", "0,5 ngày", "1,5 tháng", "0,001 giờ"])
def test_a_part_that_cannot_be_counted_is_refused(text: str) -> None:
    with pytest.raises(LimitRefused, match="không tính được"):
        parse_limit(text)


def test_a_slip_of_the_keyboard_is_refused() -> None:
    with pytest.raises(LimitRefused, match="quá dài"):
        parse_limit("500000 ngày")


def test_a_limit_is_written_as_people_write_it() -> None:
    limit = parse_limit("0.5 working days")

    assert limit.text_vi() == "0,5 ngày làm việc"
    assert limit.text_en() == "0.5 working days"
    assert parse_limit("1 ngày").text_en() == "1 day"
    assert parse_limit("10 ngày").text_vi() == "10 ngày"
