"""Vietnamese first, English complete: every string people see is translated, and none is forgotten."""

from __future__ import annotations

import ast
import importlib.util
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import allauth
import django
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.template.base import Lexer, Token, TokenType
from django.test import Client, override_settings
from django.urls import reverse

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src/motcua"
LOCALE = PACKAGE / "locale"

# The names of the languages are written in themselves, and days have one shape in both.
ALIKE = {"Tiếng Việt", "English", "dd/mm/yyyy"}
# Vietnamese words that happen to need no mark.
VIETNAMESE_WITHOUT_MARKS = {
    "%(who)s thay %(absent)s",
    "Ban",
    "STT",
    "Trang sau",
    "Xem",
    "cao",
    "nam",
    "nay",
    "xong, %(late)s",
}
# Names are not translated.
NAMES = {"Hệ thống"}
# What these blocks hold are names of styles.
STYLE_BLOCKS = {"block width"}
SPOKEN = {"aria-label", "aria-description", "aria-roledescription", "title", "placeholder", "alt"}

# Where Vietnamese outside gettext is right, and why.
VIETNAMESE_BY_NATURE = {
    "engine": "reasons in both languages; what it refuses is told in the law's own words",
    "lawbook": "faults in the files of law, told to those who write them",
    "demonstration": "the demonstration province: names of its workflows and agencies",
    "cases/actions/shifts.py": "notices, which are kept in both languages",
    "cases/actions/waiting.py": "notices, which are kept in both languages",
    "cases/slip_samples.py": "the statutory slips are Vietnamese",
    "cases/slip_values.py": "the statutory slips are Vietnamese",
    "cases/slips.py": "the statutory slips are Vietnamese",
    "cases/letter_slips.py": "the statutory slips are Vietnamese",
    "cases/slip_content.py": "the statutory slips are Vietnamese",
    "procedures/catalogue.py": "words of the catalogue's files",
    "procedures/catalogue_sheets.py": "words of the catalogue's files",
    "procedures/catalogue_yaml.py": "words of the catalogue's files",
    "project/settings.py": "the name of the language",
    "workflow/starting_charts.py": "names of steps and lanes, which stay as they are drawn",
    "reporting/definitions.py": "faults in the files of law, told to those who write them",
    "reporting/narrative_document.py": "the report is an official paper, and those are Vietnamese",
    "reporting/one_stop_table.py": "faults in the files of law, told to those who write them",
}


def load_tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("script_messages", ROOT / "script/messages.py")
    assert spec is not None and spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


tool = load_tool()
TEMPLATES = sorted(p for p in PACKAGE.rglob("*.html") if "templates" in p.parts)
MODULES = [p for p in tool.list_sources(ROOT) if p.suffix == ".py"]


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def read(language: str) -> Catalog:
    with (LOCALE / language / "LC_MESSAGES/django.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def known_to_libraries() -> set[str]:
    files = [
        *Path(django.__file__).parent.rglob("locale/en/LC_MESSAGES/django.po"),
        *Path(allauth.__file__).parent.rglob("locale/en/LC_MESSAGES/django.po"),
    ]
    found = set()
    for path in files:
        with path.open("rb") as file:
            found |= {tool.forms(message.id)[0] for message in read_po(file)}
    return found


class Words(HTMLParser):
    """Collects what a reader sees or hears: text between tags, and spoken attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data.strip())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        is_button = tag == "input" and named.get("type") in {"submit", "button", "reset"}
        spoken = SPOKEN | {"value"} if is_button else SPOKEN
        self.found += [(value or "").strip() for name, value in attrs if name in spoken]


def without_translations(source: str) -> Iterator[Token]:
    """Yield the tokens that are neither translated nor invisible."""
    inside = ""
    for token in Lexer(source).tokenize():
        name = token.contents.split()[0] if token.contents.split() else ""
        if inside:
            if token.token_type == TokenType.BLOCK and name == inside:
                inside = ""
        elif token.token_type == TokenType.BLOCK and name in {"comment", "blocktranslate"}:
            inside = f"end{name}"
        elif token.token_type == TokenType.BLOCK and token.contents in STYLE_BLOCKS:
            inside = "endblock"
        elif token.token_type != TokenType.COMMENT:
            yield token


def bare_words(source: str) -> list[str]:
    """Return the words of a template that no translation reaches."""
    markup, quoted = "", []
    for token in without_translations(source):
        if token.token_type == TokenType.TEXT:
            markup += token.contents
        elif not re.match(r"(trans|translate)\s", token.contents):
            constants = re.sub(r"_\((\"[^\"]*\"|'[^']*')\)", "", token.contents)
            quoted += [a or b for a, b in re.findall(r"\"([^\"]*)\"|'([^']*)'", constants)]
    reader = Words()
    reader.feed(re.sub(r"<kbd.*?</kbd>", "", markup, flags=re.DOTALL))
    reader.close()
    seen = [words for words in reader.found if any(letter.isalpha() for letter in words)]
    # Names of templates, addresses, icons and formats are constants too; sentences have spaces.
    seen += [words for words in quoted if is_sentence(words) or tool.has_vietnamese_letters(words)]
    return [words for words in seen if words not in ALIKE]


def is_sentence(words: str) -> bool:
    # The hyphens of style names are not those of sentences.
    return bool(re.search(r"(?<![\w-])[^\W\d_]{2,} [^\W\d_]{2,}(?![\w-])", words))


def bare_vietnamese(path: Path) -> list[str]:
    """Return the Vietnamese constants of a module that are neither translated nor documentation."""
    tree = ast.parse(path.read_text())
    allowed: set[int] = set()
    for node in ast.walk(tree):
        called = (
            getattr(node.func, "id", getattr(node.func, "attr", ""))
            if isinstance(node, ast.Call)
            else ""
        )
        is_vietnamese_of_a_pair = isinstance(node, ast.keyword) and node.arg == "vi"
        if called in tool.KEYWORDS or is_vietnamese_of_a_pair:
            allowed |= {id(part) for part in ast.walk(node)}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            allowed.add(id(node.value))
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in allowed
        and "%(expressions)s" not in node.value  # SQL
        and tool.has_vietnamese_letters(node.value)
    ]


@pytest.fixture
def compiled(tmp_path: Path) -> Iterator[None]:
    """Let pages speak by the translations as they are now, not as they were last built."""
    for language in ("en", "vi"):
        target = tmp_path / language / "LC_MESSAGES/django.mo"
        target.parent.mkdir(parents=True)
        with target.open("wb") as file:
            write_mo(file, read(language))
    with override_settings(LOCALE_PATHS=[tmp_path]):
        yield


def test_every_string_has_its_english_and_none_is_left_over() -> None:
    assert tool.list_problems(tool.collect(ROOT), tool.read(ROOT / tool.ENGLISH)) == []


def test_the_english_is_kept_as_the_tool_writes_it(tmp_path: Path) -> None:
    kept = ROOT / tool.ENGLISH

    tool.write(
        tmp_path / "en/LC_MESSAGES/django.po", tool.translated(tool.collect(ROOT), tool.read(kept))
    )

    assert (tmp_path / "en/LC_MESSAGES/django.po").read_text() == kept.read_text()


@pytest.mark.parametrize(("language", "count"), [("vi", 1), ("en", 2)])
def test_plurals_are_those_of_the_language(language: str, count: int) -> None:
    catalogue = read(language)

    assert catalogue.num_plurals == count
    assert {len(tool.forms(m.string)) for m in catalogue if m.pluralizable} <= {count}


def test_the_vietnamese_of_the_libraries_is_sound_and_needed() -> None:
    known = known_to_libraries()
    pairs = [(tool.forms(m.id), tool.forms(m.string)) for m in read("vi") if m.id]

    unknown = [english for english, _vietnamese in pairs if english[0] not in known]
    uneven = [
        vietnamese
        for english, vietnamese in pairs
        if tool.placeholders(vietnamese[0]) != tool.placeholders(english[-1])
    ]

    assert unknown == []
    assert uneven == []
    assert all(vietnamese[0] for _english, vietnamese in pairs)


def test_what_is_translated_is_vietnamese() -> None:
    plain = {
        text
        for message in tool.collect(ROOT)
        for text in tool.forms(message.id)
        if re.search(r"[^\W\d_]", tool.PLACEHOLDER.sub("", text))
        and not tool.has_vietnamese_letters(text)
    }

    assert plain <= VIETNAMESE_WITHOUT_MARKS


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_says_nothing_untranslated(path: Path) -> None:
    assert bare_words(path.read_text()) == []


def test_untranslated_words_are_caught() -> None:
    source = """{% load i18n %}{# ghi chú #}{% comment %}thừa{% endcomment %}
        <p title="Save it">{% translate "Lưu" %} {{ name|default:"không rõ" }}</p>
        {% blocktranslate %}Đã lưu{% endblocktranslate %}{% include "a.html" with label="Nothing here" %}
        <b>Xong</b><input type="submit" value="Gửi"><input value="kept">"""

    assert bare_words(source) == ["Save it", "Xong", "Gửi", "không rõ", "Nothing here"]


def test_no_module_says_anything_untranslated() -> None:
    found = {
        name: words
        for path in MODULES
        if (name := name_of(path)) not in VIETNAMESE_BY_NATURE
        and name.split("/")[0] not in VIETNAMESE_BY_NATURE
        and (words := set(bare_vietnamese(path)) - NAMES)
    }

    assert found == {}


def test_every_exception_is_still_needed() -> None:
    silent = [
        place
        for place in VIETNAMESE_BY_NATURE
        if not any(
            bare_vietnamese(path)
            for path in MODULES
            if name_of(path) == place or name_of(path).startswith(f"{place}/")
        )
    ]

    assert silent == []


def test_no_string_hides_inside_an_f_string() -> None:
    hidden = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        for outer in ast.walk(ast.parse(path.read_text()))
        if isinstance(outer, ast.JoinedStr)
        for node in ast.walk(outer)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in tool.KEYWORDS
    ]

    assert hidden == []


def eager_names(tree: ast.Module) -> set[str]:
    """Return the names by which a module translates at once, and not when the text is shown."""
    eager = {"gettext", "ngettext", "pgettext", "npgettext"}
    return {
        name.asname or name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
        if name.name in eager
    }


def parts_run_on_import(node: ast.AST) -> Iterator[ast.AST]:
    for part in ast.iter_child_nodes(node):
        if not isinstance(part, ast.FunctionDef | ast.Lambda):
            yield part
            yield from parts_run_on_import(part)


def test_no_string_is_translated_before_its_reader_is_known() -> None:
    early = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        for tree in [ast.parse(path.read_text())]
        for node in parts_run_on_import(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in eager_names(tree)
    ]

    assert early == []


def visible_text(html: str) -> str:
    body = re.sub(r"<form class=\"door-languages\".*?</form>", "", html, flags=re.DOTALL)
    reader = Words()
    reader.feed(re.sub(r"<(script|style).*?</\1>", "", body, flags=re.DOTALL))
    reader.close()
    return " ".join(filter(None, reader.found))


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["account_login", "account_reset_password", "account_signup"])
@pytest.mark.usefixtures("compiled")
def test_an_english_page_has_no_vietnamese(client: Client, page: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    html = client.get(reverse(page)).content.decode()

    assert '<html lang="en"' in html
    assert not tool.has_vietnamese_letters(visible_text(html)), visible_text(html)


@pytest.mark.django_db
@pytest.mark.usefixtures("compiled")
def test_a_mistake_at_the_door_is_told_in_the_language_of_the_page(client: Client) -> None:
    sign_in, wrong = reverse("account_login"), {"login": "nobody", "password": "wrong"}

    vietnamese = client.post(sign_in, wrong).content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    english = client.post(sign_in, wrong).content.decode()

    assert "Tên đăng nhập hoặc mật khẩu không đúng." in visible_text(vietnamese)
    assert "The username and/or password you specified are not correct." in visible_text(english)
    assert "not correct" not in visible_text(vietnamese)
    assert not tool.has_vietnamese_letters(visible_text(english)), visible_text(english)


def test_the_tool_adds_what_is_new_keeps_what_is_known_and_drops_what_is_gone(
    tmp_path: Path,
) -> None:
    shutil.copytree(PACKAGE / "look", tmp_path / tool.PACKAGE / "look")
    (tmp_path / tool.PACKAGE / "look/templates/new.html").write_text(
        '  {% load i18n %}\n<p>{% translate "Hoàn toàn mới 100%" %}</p>\n'
        "{% blocktranslate count n=n trimmed %}\n {{ n }} dòng\n{% plural %}\n {{ n }} dòng\n"
        "{% endblocktranslate %}"
    )
    known = tool.collect(tmp_path)
    known.add("Đã bỏ", "Gone")
    known["Đăng nhập"].string = "Sign in"

    merged = tool.translated(tool.collect(tmp_path), known)
    tool.write(tmp_path / "out/LC_MESSAGES/django.po", merged)
    text = (tmp_path / "out/LC_MESSAGES/django.po").read_text()

    assert 'msgid "Đăng nhập"\nmsgstr "Sign in"' in text
    assert 'msgid "Hoàn toàn mới 100%%"\nmsgstr ""' in text
    assert 'msgid "%(n)s dòng"\nmsgid_plural "%(n)s dòng"\nmsgstr[0] ""' in text
    assert "Gone" not in text
    assert "#: src/motcua/look/templates/new.html\n" in text


@pytest.mark.parametrize(
    ("text", "english", "fault"),
    [
        ("Hồ sơ %(code)s", "Case %(number)s", "has other placeholders in English"),
        ("Còn %d ngày", "Some days left", "has other placeholders in English"),
        ("Cổng {port}", "Port {host}", "has other placeholders in English"),
        ("Mở <b>sổ</b>", "Open the register", "has other HTML in English"),
        ("Hồ sơ", "Hồ sơ", "has Vietnamese letters in its English"),
        ("Hồ sơ", "", "has no English"),
        ("Hô\u0300 sơ", "Case", "is not in Unicode NFC"),
        ("Ghi “Có”", "Write “Có”", None),
        ("Đủ 100%%", "100%% complete", None),
    ],
)
def test_a_wrong_translation_is_caught(text: str, english: str, fault: str | None) -> None:
    catalogue = Catalog(locale="en")
    message = catalogue.add(text, english)

    assert list(tool.faults(message)) == ([fault] if fault else [])
