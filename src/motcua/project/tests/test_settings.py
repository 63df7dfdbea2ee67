"""The settings: read from the environment alone, and refused when a value makes no sense."""

from __future__ import annotations

import os
import runpy
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from motcua.project import settings as real_settings

_OURS = ("MOTCUA_", "DATABASE_URL")


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of ours is set but where this test's files go."""
    for name in list(os.environ):
        if name.startswith(_OURS):
            monkeypatch.delenv(name)
    monkeypatch.setenv("MOTCUA_VAR", str(tmp_path))


def read(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, Any]:
    """Read the settings afresh with these variables."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(real_settings.__file__)


@pytest.mark.parametrize("name", ["MOTCUA_DEBUG", "MOTCUA_HTTPS", "MOTCUA_DEMO"])
def test_a_switch_that_is_neither_on_nor_off_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"{name} must be 1 or 0, not 'maybe'"):
        read(monkeypatch, **{name: "maybe"})


@pytest.mark.parametrize(
    ("value", "is_on"), [("1", True), ("Yes", True), ("0", False), ("", False)]
)
def test_a_switch_is_read_however_it_is_written(
    monkeypatch: pytest.MonkeyPatch, value: str, is_on: bool
) -> None:
    assert read(monkeypatch, MOTCUA_DEBUG=value)["DEBUG"] is is_on


@pytest.mark.parametrize("url", ["sqlite:///x.db", "mysql://a@b/c"])
def test_another_database_than_postgresql_is_refused(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match="PostgreSQL"):
        read(monkeypatch, DATABASE_URL=url)


def test_on_a_server_of_one_s_own_the_application_takes_the_role_that_cannot_edit_the_trail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = "postgresql://an:secret@db.example/motcua"

    database = read(monkeypatch, DATABASE_URL=url)["DATABASES"]["default"]

    assert (database["HOST"], database["NAME"], database["USER"]) == ("db.example", "motcua", "an")
    assert database["OPTIONS"]["options"] == "-c role=motcua_app"


def test_whoever_changes_tables_keeps_the_owner_s_role(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql://an@db.example/motcua"

    settings = read(monkeypatch, DATABASE_URL=url, MOTCUA_DATABASE_ROLE="owner")

    assert "options" not in settings["DATABASES"]["default"].get("OPTIONS", {})


def test_statements_are_prepared_unless_a_pooler_forbids_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = "postgresql://an@db.example/motcua"

    usual = read(monkeypatch, DATABASE_URL=url)["DATABASES"]["default"]["OPTIONS"]
    pooled = read(monkeypatch, MOTCUA_PREPARED_STATEMENTS="0")["DATABASES"]["default"]["OPTIONS"]

    assert usual["prepare_threshold"] == 5
    assert "prepare_threshold" not in pooled


def test_without_a_server_the_application_signs_in_to_its_own_as_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert read(monkeypatch)["DATABASES"]["default"]["USER"] == "motcua_app"
    assert read(monkeypatch)["IS_DEMONSTRATION"] is True


def test_a_real_server_holds_no_demonstration_unless_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql://an@db.example/motcua"

    assert read(monkeypatch, DATABASE_URL=url)["IS_DEMONSTRATION"] is False
    assert read(monkeypatch, DATABASE_URL=url, MOTCUA_DEMO="1")["IS_DEMONSTRATION"] is True


def test_the_secret_key_is_made_once_and_kept_for_its_owner_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first, second = read(monkeypatch)["SECRET_KEY"], read(monkeypatch)["SECRET_KEY"]

    path = tmp_path / "secret-key"
    assert first == second == path.read_text()
    assert len(first) >= 50
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_given_secret_key_leaves_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = read(monkeypatch, MOTCUA_SECRET_KEY="given")

    assert settings["SECRET_KEY"] == "given"
    assert not (tmp_path / "secret-key").exists()


def test_cookies_go_over_https_alone_where_there_is_https(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = read(monkeypatch)
    safe = read(monkeypatch, MOTCUA_HTTPS="1")

    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE")
    assert not any(plain[name] for name in names)
    assert all(safe[name] for name in names)


def test_only_a_server_in_front_is_believed_about_who_asked_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = read(monkeypatch)
    safe = read(monkeypatch, MOTCUA_HTTPS="1")

    assert plain["ALLAUTH_TRUSTED_PROXY_COUNT"] == 0
    assert safe["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1


def test_the_days_of_the_office_are_those_of_vietnam(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch)

    assert settings["TIME_ZONE"] == "Asia/Ho_Chi_Minh"
    assert settings["USE_TZ"] is True
    assert settings["LANGUAGE_CODE"] == "vi"


def test_a_new_password_is_hashed_by_the_strongest_way_that_python_brings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert read(monkeypatch)["PASSWORD_HASHERS"][0].endswith("ScryptPasswordHasher")


def test_each_process_that_tests_hashes_passwords_the_cheap_way() -> None:
    from django.conf import settings

    assert settings.PASSWORD_HASHERS[0].endswith("MD5PasswordHasher")


def test_a_system_to_send_to_is_read_with_its_account_and_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = read(
        monkeypatch,
        MOTCUA_SEND_DVCQG_URL="https://portal.example/",
        MOTCUA_SEND_DVCQG_USER="H19",
        MOTCUA_SEND_DVCQG_KEY="khoa",
        MOTCUA_SEND_G09_URL="",
    )["OTHER_SYSTEMS"]

    assert set(found) == {"DVCQG"}
    assert found["DVCQG"]["url"] == "https://portal.example"
    assert read(monkeypatch, MOTCUA_SEND_DVCQG_URL="")["OTHER_SYSTEMS"] == {}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"URL": "portal.example", "USER": "H19", "KEY": "k"}, "must be an address"),
        ({"URL": "https://portal.example", "KEY": "k"}, "MOTCUA_SEND_DVCQG_USER must be set"),
        ({"URL": "https://portal.example", "USER": "H19"}, "MOTCUA_SEND_DVCQG_KEY must be set"),
    ],
)
def test_half_a_system_to_send_to_is_refused(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], said: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=said):
        read(monkeypatch, **{f"MOTCUA_SEND_DVCQG_{name}": value for name, value in values.items()})


@pytest.mark.parametrize("value", ["0", "-5", "many", "1.5"])
def test_a_count_that_counts_nothing_is_refused(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match="MOTCUA_MESSAGES_A_MINUTE must be a whole"):
        read(monkeypatch, MOTCUA_MESSAGES_A_MINUTE=value)
