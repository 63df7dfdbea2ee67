"""The language of a request: Vietnamese first, English by the switch, nothing left behind."""

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from motcua.look.middleware import language_middleware


def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse(translation.get_language())


def ask(cookie: str | None = None, **headers: str) -> HttpResponse:
    request = RequestFactory().get("/", headers=headers)
    if cookie is not None:
        request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = cookie
    return language_middleware(answer)(request)


def test_a_visitor_is_answered_in_vietnamese() -> None:
    response = ask()

    assert response.content == b"vi"
    assert response["Content-Language"] == "vi"


def test_the_language_of_the_browser_is_not_asked() -> None:
    response = ask(accept_language="en-GB,en;q=0.9")

    assert response.content == b"vi"
    assert response["Vary"] == "Cookie"


def test_a_person_who_switched_is_answered_in_english() -> None:
    response = ask("en", accept_language="vi")

    assert response.content == b"en"
    assert response["Content-Language"] == "en"


@pytest.mark.parametrize("cookie", ["", "fr", "EN", "en-gb", "vi-vn", "../en", "x" * 5000])
def test_an_unknown_language_is_vietnamese(cookie: str) -> None:
    response = ask(cookie)

    assert response.content == b"vi"


def test_the_request_knows_its_language() -> None:
    request = RequestFactory().get("/")
    request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = "en"

    language_middleware(answer)(request)

    assert request.LANGUAGE_CODE == "en"


def test_a_page_that_states_its_own_language_keeps_it() -> None:
    def answer_in_french(request: HttpRequest) -> HttpResponse:
        return HttpResponse("Bonjour", headers={"Content-Language": "fr"})

    response = language_middleware(answer_in_french)(RequestFactory().get("/"))

    assert response["Content-Language"] == "fr"


def test_the_language_of_one_request_is_not_left_to_the_next() -> None:
    before = translation.get_language()

    ask("en")

    assert translation.get_language() == before


def test_the_language_is_given_back_when_the_page_fails() -> None:
    def fail(request: HttpRequest) -> HttpResponse:
        raise RuntimeError

    before = translation.get_language()
    request = RequestFactory().get("/")
    request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = "en"

    with pytest.raises(RuntimeError):
        language_middleware(fail)(request)

    assert translation.get_language() == before


@pytest.mark.django_db
def test_the_switch_changes_the_pages_that_follow_and_back(client: Client) -> None:
    sign_in, switch = reverse("account_login"), reverse("set_language")

    first = client.get(sign_in, headers={"accept-language": "en"})
    client.post(switch, {"language": "en", "next": sign_in})
    second = client.get(sign_in)
    client.post(switch, {"language": "vi", "next": sign_in})
    third = client.get(sign_in, headers={"accept-language": "en"})

    assert '<html lang="vi"' in first.content.decode()
    assert '<html lang="en"' in second.content.decode()
    assert '<html lang="vi"' in third.content.decode()
