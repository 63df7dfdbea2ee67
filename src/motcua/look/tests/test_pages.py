"""The base pages: shell, door and error pages, and what a strict content policy asks of them."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

LOOK = Path(__file__).resolve().parents[1]
PACKAGE = LOOK.parent
ICON_LIST = PACKAGE.parents[1] / "frontend" / "icons.txt"
TEMPLATES = sorted(PACKAGE.glob("*/templates/**/*.html"))
OFFICER = SimpleNamespace(
    is_authenticated=True, full_name="Nguyễn Thị Hồng Nghĩa", get_username="nghia"
)


def render_page(**context: object) -> str:
    source = (
        '{% extends "look/base.html" %}{% block title %}Việc{% endblock %}'
        "{% block heading %}Việc của tôi{% endblock %}{% block content %}Nội dung{% endblock %}"
    )
    request = RequestFactory().get("/work?a=1")
    return Template(source).render(Context({"request": request, **context}))


def test_the_rail_shows_the_items_it_is_given_and_marks_the_current_one() -> None:
    rail = [
        SimpleNamespace(
            label="Việc của tôi", url="/work", icon="inbox", count=1284, is_current=True
        ),
        SimpleNamespace(label="Hồ sơ", url="/cases", icon="folders", count=None, is_current=False),
    ]

    html = render_page(rail=rail, user=OFFICER)

    assert '<a class="rail-item" href="/work" aria-current="page">' in html
    assert '<span class="rail-count">1.284</span>' in html
    assert html.count("rail-count") == 1


def test_a_page_without_rail_has_neither_rail_nor_its_button() -> None:
    html = render_page()

    assert 'id="rail"' not in html
    assert "rail-toggle" not in html
    assert "Nội dung" in html


def test_a_page_can_be_entered_past_the_navigation() -> None:
    html = render_page()

    assert html.index('href="#main"') < html.index("<header")
    assert '<main id="main"' in html
    assert '<html lang="vi"' in html


def test_the_post_at_work_is_named_and_not_a_menu_when_there_is_only_one() -> None:
    post = SimpleNamespace(id=1, agency_label="Văn phòng UBND tỉnh", role_label="Chuyên viên")

    html = render_page(user=OFFICER, posts=[post], current_post=post)

    assert "Văn phòng UBND tỉnh" in html
    assert "post-menu" not in html


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_an_error_page_needs_no_context(name: str) -> None:
    html = render_to_string(f"{name}.html")

    assert name[:3] in html
    assert "<h1>" in html
    assert 'href="/"' in html


def test_a_refusal_tells_the_reason_it_was_given() -> None:
    html = render_to_string("403.html", {"reason": "Hồ sơ thuộc Sở Xây dựng."})

    assert "Hồ sơ thuộc Sở Xây dựng." in html


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_template_has_no_inline_script_style_or_handler(path: Path) -> None:
    text = path.read_text()

    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"<style\b", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/)", text)
    assert "javascript:" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_icon_a_template_draws_is_in_the_sprite(path: Path) -> None:
    listed = {*ICON_LIST.read_text().split(), "mark"}

    drawn = set(re.findall(r'(?:{% icon | icon=)"([^"]+)"', path.read_text()))

    assert drawn <= listed


def test_a_component_takes_only_icons_of_the_sprite() -> None:
    listed = set(ICON_LIST.read_text().split())
    source = (LOOK / "templatetags" / "look.py").read_text()

    named = set(re.findall(r'^    "\w+": "([a-z-]+)",$', source, re.MULTILINE))

    assert named
    assert named <= listed
