"""Entered figures say why nobody counts them: in the law data, on their page, with a way to enter them."""

from __future__ import annotations

import re
import shutil
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.test.utils import override_settings

from motcua.engine.lawvalues import LawRefused
from motcua.lawbook import queries as lawbook
from motcua.reporting.definitions import get_catalogue
from motcua.reporting.tests.province import Province, make_agency, make_officer
from motcua.reporting.tests.test_form_pages import Q1, words

ORIGIN = "/bao-cao/bieu/{}/tu-dau/"
DAYS = (date(2023, 3, 14), date(2026, 11, 26))


def signed_in(name: str, role: str, province: Province) -> Client:
    client = Client()
    client.force_login(make_officer(name, province.office, role))
    return client


@pytest.mark.parametrize("day", DAYS)
def test_every_entered_figure_of_a_day_names_the_area_it_waits_for_or_who_enters_it(
    day: date,
) -> None:
    entered = [one for one in get_catalogue(day).indicators.values() if one.owner]

    assert len(entered) > 90
    for one in entered:
        assert one.why_entered, one.id
        vi, en = one.why_entered.both
        assert re.search(r"khi (có )?mảng [\w ,]+|nhập\.$", vi), f"{one.where}: {one.id}: {vi}"
        assert re.search(r"the areas? of [\w ]+|enters it\.$", en), f"{one.where}: {one.id}: {en}"


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        (r"\n +why_entered: .*", "", "phải có why_entered"),
        (r"(why_entered: \{vi: \"[^\"]+\"), en: .*\}", r"\1}", "cần đúng hai lời: vi và en"),
        (r"why_entered: .*", 'why_entered: {vi: "", en: "x"}', "phải có why_entered"),
    ],
)
def test_the_law_is_refused_with_file_and_line_where_an_entered_figure_says_no_reason(
    tmp_path: Path, right: str, wrong: str, complaint: str
) -> None:
    law = shutil.copytree(lawbook.get_law_dir(), tmp_path / "law")
    file = law / "indicators" / "administrative_reform.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(right, wrong, text, count=1), encoding="utf-8")

    with override_settings(LAW_DIR=law), pytest.raises(LawRefused) as refused:
        get_catalogue(DAYS[0])

    assert complaint in str(refused.value)
    assert "“simplification_approved”" in str(refused.value)
    place = r"^law/indicators/administrative_reform\.yaml:\d+: "
    assert re.match(place, str(refused.value)), str(refused.value)


def test_who_may_not_report_reads_no_explanation(quarter: Province) -> None:
    asked = {**Q1, "indicator": "survey_slips"}

    assert Client().get(ORIGIN.format("reform_form_3"), asked).status_code == 302
    clerk = signed_in("an", "CLERK", quarter)
    assert clerk.get(ORIGIN.format("reform_form_3"), asked).status_code == 403


def test_the_page_of_an_entered_figure_leads_who_may_to_where_it_is_entered(
    quarter: Province,
) -> None:
    client = signed_in("dung", "CONTROLLER", quarter)
    asked = {**Q1, "indicator": "petitions_rate"}

    page = client.get(ORIGIN.format("reform_form_3"), asked)

    links = [
        unescape(one) for one in re.findall(r'href="(/bao-cao/so-lieu-nhap/[^"]+)"', page.text)
    ]
    assert [link.split("/")[3] for link in links] == [
        "petitions_national_received",
        "petitions_national_open",
        "petitions_centre_1022_received",
        "petitions_centre_1022_open",
    ]
    # Figures of the whole province are those of the Office.
    assert all("unit=H19.01&first_day=15%2F12%2F2022" in link for link in links)
    sent = client.post(links[0], {"value": "207", "reason": "Cổng"}, follow=True)
    assert "207" in words(sent)
    again = words(client.get(ORIGIN.format("reform_form_3"), asked))
    assert "Nhập lại: Số PAKN tiếp nhận qua Cổng Dịch vụ công quốc gia" in again
    assert "Người được nhập" not in again
    assert again.count("khi có mảng phản ánh, kiến nghị") == 1


def test_who_may_not_enter_a_figure_reads_who_may(quarter: Province) -> None:
    make_agency("H19.01.02", "Phòng Tổng hợp", kind="DIVISION", parent=quarter.office)
    leader = signed_in("lan", "LEADER", quarter)
    asked = {**Q1, "unit": "H19.01.02", "indicator": "cs_8"}

    page = leader.get(ORIGIN.format("one_stop_evaluation"), asked)

    assert "/so-lieu-nhap/" not in page.text
    assert "Người được nhập: công chức thụ lý, lãnh đạo của Phòng Tổng hợp; " in words(page)
    own = leader.get(ORIGIN.format("one_stop_evaluation"), {**Q1, "indicator": "cs_8"})
    assert "/so-lieu-nhap/cs_8/" in own.text
    # The page of the figure itself tells the same, with the reason why nobody counts it.
    figure = words(leader.get("/bao-cao/so-lieu-nhap/cs_8/", {**Q1, "unit": "H19.01.02"}))
    assert "Người được nhập: công chức thụ lý, lãnh đạo của Phòng Tổng hợp; " in figure
    assert "khi có mảng phản ánh, kiến nghị" in figure


def test_a_counted_figure_offers_nothing_to_enter(quarter: Province) -> None:
    client = signed_in("dung", "CONTROLLER", quarter)

    page = client.get(ORIGIN.format("ii_06a"), {**Q1, "indicator": "done_late"})

    assert "/so-lieu-nhap/" not in page.text
    assert "Người được nhập" not in page.text


@pytest.mark.parametrize("form", ["reform_form_3", "one_stop_evaluation", "ii_06a"])
def test_as_a_full_page_the_explanation_has_one_title(quarter: Province, form: str) -> None:
    client = signed_in("dung", "CONTROLLER", quarter)

    whole = client.get(ORIGIN.format(form), {**Q1, "indicator": "cs_8"}).text
    panel = client.get(
        ORIGIN.format(form), {**Q1, "indicator": "cs_8"}, headers={"HX-Request": "true"}
    )

    assert len(re.findall(r"<h1[ >]", whole)) == 1
    assert whole.count("Con số này từ đâu?") == 1
    body = whole.partition('<div class="explain-body">')[2].partition("</main>")[0]
    assert "<h2" not in body
    assert panel.text.count("<h2>Con số này từ đâu?</h2>") == 1
