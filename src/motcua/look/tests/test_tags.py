"""What the template tags of the look write."""

from datetime import date
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from motcua.engine.explain import Because


def render(source: str, **context: object) -> str:
    return Template("{% load look %}" + source).render(Context(context)).strip()


class Reception(forms.Form):
    """A form with one control of each kind."""

    owner = forms.CharField(label="Chủ hồ sơ", help_text="Người được giải quyết.")
    channel = forms.ChoiceField(
        label="Cách nộp", choices=[("a", "Tại quầy"), ("b", "Trực tuyến")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="Ghi chú", required=False)
    told = forms.BooleanField(label="Đã báo", required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def test_dates_and_figures_are_written_the_vietnamese_way() -> None:
    text = render(
        "{{ d|vn_date }} {{ n|vn_number:2 }} {{ p|vn_percent }}",
        d=date(2023, 3, 14),
        n=1234.5,
        p=99.476,
    )

    assert text == "14/03/2023 1.234,50 99,48%"


@pytest.mark.parametrize("name", ["vn_date", "vn_datetime", "vn_number", "vn_percent"])
def test_a_missing_value_is_a_dash(name: str) -> None:
    source = "{{ nothing|FILTER }} {{ missing|FILTER }}".replace("FILTER", name)

    assert render(source, nothing=None) == "– –"


def test_a_zero_is_a_figure_and_not_missing() -> None:
    assert render("{{ n|vn_number }} {{ n|vn_percent }}", n=0) == "0 0%"


def test_an_explanation_is_a_plain_link_that_htmx_opens_at_the_side() -> None:
    html = render(
        "{% explain url %}{{ figure }}{% endexplain %}", url="/why?a=1&b=2", figure="<93>"
    )

    assert 'class="explain" href="/why?a=1&amp;b=2" hx-get="/why?a=1&amp;b=2"' in html
    assert ">&lt;93&gt;</a>" in html


def test_an_explanation_without_an_address_is_only_its_words() -> None:
    assert render("{% explain '' %}93{% endexplain %}") == "93"


@pytest.mark.parametrize(
    ("tone", "drawing"),
    [
        ("ok", "#clock"),
        ("soon", "#clock-exclamation"),
        ("late", "#alert-triangle"),
        ("done", "#circle-check"),
    ],
)
def test_a_deadline_chip_says_in_words_and_shape_what_its_colour_says(
    tone: str, drawing: str
) -> None:
    html = render("{% deadline_chip chip %}", chip=SimpleNamespace(words="còn 3 ngày", tone=tone))

    assert f"chip-{tone}" in html
    assert "còn 3 ngày" in html
    assert f'{drawing}"' in html


def test_a_missing_deadline_is_a_dash() -> None:
    assert render("{% deadline_chip None %}") == "–"


def test_a_status_of_unknown_tone_is_neutral() -> None:
    assert render('{% status_badge "Mới" "pink" %}') == '<span class="sign sign-neutral">Mới</span>'


def test_page_links_keep_the_filters_of_the_address() -> None:
    request = RequestFactory().get("/work", {"field": "dat-dai", "page": "2"})
    page = Paginator(range(1200), 20).page(2)

    html = render("{% pagination page %}", page=page, request=request)

    assert "?field=dat-dai&amp;page=3" in html
    assert "Dòng 21–40 trong 1.200" in html


def test_an_empty_list_has_no_page_links() -> None:
    page = Paginator(range(0), 20).page(1)

    assert render("{% pagination page %}", page=page, request=RequestFactory().get("/")) == ""


def test_a_chosen_filter_is_marked_for_those_who_do_not_see_colours() -> None:
    chips = [SimpleNamespace(label="Quá hạn", url="?late=1", is_active=True, count=1284)]

    html = render("{% filter_chips chips %}", chips=chips)

    assert 'aria-current="true"' in html
    assert "<b>1.284</b>" in html


def test_reasons_are_listed_with_their_source_and_whether_it_was_checked() -> None:
    reason = Because(vi="Thứ bảy không tính", en="Saturday", source="BLLĐ Đ111", is_verified=False)

    html = render("{% because reasons %}", reasons=[reason])

    assert "Thứ bảy không tính" in html
    assert "BLLĐ Đ111" in html
    assert "chưa đối chiếu văn bản gốc" in html


def test_a_field_ties_its_help_and_errors_to_its_control() -> None:
    form = Reception({"owner": ""})

    html = render("{% field form.owner %}", form=form)

    assert 'aria-describedby="id_owner_helptext id_owner_error"' in html
    assert 'id="id_owner_helptext"' in html
    assert 'id="id_owner_error"' in html
    assert 'aria-invalid="true"' in html


def test_what_was_typed_stays_after_an_error() -> None:
    form = Reception({"owner": "Nguyễn Thị Hồng Nghĩa", "channel": ""})

    assert 'value="Nguyễn Thị Hồng Nghĩa"' in render("{{ form }}", form=form)


def test_the_error_summary_names_each_field_and_links_to_it() -> None:
    html = render("{% error_summary form %}", form=Reception({}))

    assert '<a href="#id_owner">Chủ hồ sơ: ' in html
    assert '<a href="#id_channel_0">Cách nộp: ' in html


def test_a_form_not_sent_yet_has_no_error_summary() -> None:
    assert render("{% error_summary form %}", form=Reception()) == ""


def test_a_group_of_choices_has_a_legend_and_a_label_each() -> None:
    html = render("{% field form.channel %}", form=Reception())

    assert "<legend>Cách nộp</legend>" in html
    assert html.count('<label class="choice"') == 2


def test_only_optional_fields_say_so() -> None:
    html = render("{% field form.note %}|{% field form.owner %}", form=Reception())

    assert html.split("|")[0].count("không bắt buộc") == 1
    assert "không bắt buộc" not in html.split("|")[1]


def test_a_hidden_field_has_no_label() -> None:
    assert render("{% field form.token %}", form=Reception()).startswith('<input type="hidden"')


def test_a_flow_chart_cannot_be_escaped_from_by_its_xml() -> None:
    html = render(
        '{% flowchart "Lưu đồ" xml=xml steps=steps %}', xml="</script><b>", steps={"t": "done"}
    )

    assert "</script><b>" not in html
    assert 'data-source="flowchart-xml"' in html
    assert '{"t": "done"}' in html


def test_a_confirmation_tells_the_consequence_before_its_button() -> None:
    html = render(
        '{% confirm "refuse" button="Từ chối" title="Từ chối?" yes="Từ chối hồ sơ" %}Không hoàn tác được.{% endconfirm %}'
    )

    assert html.index("Không hoàn tác được.") < html.index('<button type="submit"')
    assert 'popovertarget="refuse"' in html


@pytest.mark.parametrize(
    ("tags", "address"),
    [("undo:/cases/1/undo", "/cases/1/undo"), ("undo://evil.example", ""), ("", ""), ("late", "")],
)
def test_only_a_path_of_ours_can_be_offered_as_undo(tags: str, address: str) -> None:
    message = SimpleNamespace(extra_tags=tags)

    assert render("{{ message|undo_url }}", message=message) == address


def test_a_badge_has_the_letters_of_family_and_given_name() -> None:
    assert render("{{ name|initials }}", name="Nguyễn Thị Hồng Nghĩa") == "NN"
