"""Case codes and codes of results."""

from datetime import date

import pytest

from motcua.engine.case_codes import (
    AgencyCodeForm,
    CodePattern,
    CodeRefused,
    format_code,
    result_code,
)

OLD = CodePattern(
    shape="{agency_code}-{date}-{sequence}",
    date_format="YYMMDD",
    sequence_width=4,
    agency_code_form=AgencyCodeForm.OLD,
)


def test_a_code_is_agency_date_and_daily_number() -> None:
    code = format_code(OLD, "000.00.06.H56", date(2023, 10, 27), 361)

    assert code == "000.00.06.H56-231027-0361"


def test_more_than_9999_a_day_widen_the_code() -> None:
    codes = [format_code(OLD, "H19.1", date(2023, 3, 4), n) for n in (9_999, 10_000, 123_456)]

    assert codes == ["H19.1-230304-9999", "H19.1-230304-10000", "H19.1-230304-123456"]


def test_a_code_without_agency_or_number_is_refused() -> None:
    with pytest.raises(CodeRefused, match="chưa có mã định danh"):
        format_code(OLD, "", date(2023, 3, 4), 1)
    with pytest.raises(CodeRefused, match="phải từ 1"):
        format_code(OLD, "H19", date(2023, 3, 4), 0)


@pytest.mark.parametrize(
    ("shape", "date_format", "width"),
    [("{agency_code}-{date}", "YYMMDD", 4), (OLD.shape, "DDMMYY", 4), (OLD.shape, "YYMMDD", 0)],
)
def test_a_pattern_that_tells_no_cases_apart_is_refused(
    shape: str, date_format: str, width: int
) -> None:
    with pytest.raises(CodeRefused):
        CodePattern(
            shape=shape,
            date_format=date_format,
            sequence_width=width,
            agency_code_form=AgencyCodeForm.OLD,
        )


def test_results_are_numbered_after_their_case() -> None:
    assert result_code("H19.1-230304-0001", 2) == "H19.1-230304-0001-KQ(2)"
    with pytest.raises(CodeRefused, match="phải từ 1"):
        result_code("H19.1-230304-0001", 0)
