"""A reader's choices are kept in cookies and lead back to where they were made."""

import pytest
from django.test import RequestFactory

from linli.kernel.errors import Invalid
from linli.web import pages

POST = RequestFactory().post


def cookies(response):
    return {name: morsel.value for name, morsel in response.cookies.items()}


@pytest.mark.parametrize(("name", "value", "cookie"), [
    ("theme", "dark", "linli_theme"), ("mode", "elder", "linli_mode"), ("letters", "off", "linli_letters"),
    ("language", "en", "linli_language")])
def test_a_choice_is_kept_and_leads_back(name, value, cookie):
    response = pages.preferences(POST("/preferences", {name: value, "next": "/desk/cases/7"}))
    assert (response.status_code, response["Location"]) == (302, "/desk/cases/7")
    assert cookies(response) == {cookie: value}
    assert response.cookies[cookie]["httponly"]
    assert response.cookies[cookie]["samesite"] == "Lax"


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example", "javascript:x()", ""])
def test_nobody_is_led_off_the_site(wanted):
    response = pages.preferences(POST("/preferences", {"theme": "dark", "next": wanted}))
    assert response["Location"] == "/"


@pytest.mark.parametrize(("name", "value"), [("theme", "pink"), ("language", "xx"), ("mode", "")])
def test_an_unknown_choice_is_refused(name, value):
    with pytest.raises(Invalid) as refused:
        pages.preferences(POST("/preferences", {name: value}))
    assert refused.value.code == "web.unknown_preference"


def test_a_page_may_keep_a_choice_without_leaving():
    response = pages.preferences(POST("/preferences", {"theme": "dark"}, headers={"Accept": "application/json"}))
    assert response.status_code == 204
    assert cookies(response) == {"linli_theme": "dark"}


def test_only_asking_and_sending_are_allowed():
    assert pages.preferences(RequestFactory().delete("/preferences")).status_code == 405
