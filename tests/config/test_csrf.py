"""Every write needs the token of our own pages (跨站请求伪造): forms always, the API if it comes with a session."""

import re

import pytest
from django.test import Client
from django.urls import get_resolver
from tests.access.answers import takes
from tests.access.test_matrix import ROUTES, patterns
from tests.access.world import World, make_world
from tests.make.areas import WEST
from tests.make.board import at_post

from linli.kernel.role import Role

TAKEN = sorted(route for route in ROUTES if takes(f"/{route}", "POST"))
BY_TOKEN_ALONE = {"notices/stop/<str:token>"}  # RFC 8058: a mail program has no page of ours to take a token from


@pytest.fixture
def world(system) -> World:
    return make_world()


def strict(client: Client) -> Client:
    client.handler.enforce_csrf_checks = True
    return client


def writes() -> list[str]:
    return [route for route in TAKEN if route not in BY_TOKEN_ALONE]


def test_no_write_of_somebody_signed_in_is_taken_without_the_token(world):
    client = strict(at_post(Role.ACCEPTOR, WEST)[0])
    taken = {}
    for route in writes():
        more = {"data": "{}", "content_type": "application/json"} if route.startswith("api/") else {}
        answer = client.post(world.address(route), **more)
        if answer.status_code not in {403, 405}:
            taken[route] = answer.status_code
    assert taken == {}


def test_no_form_is_taken_from_a_visitor_without_the_token(world):
    client = Client(enforce_csrf_checks=True)
    assert {route: status for route in writes() if not route.startswith("api/")
            if (status := client.post(world.address(route)).status_code) not in {403, 405}} == {}


def test_the_api_takes_a_report_of_who_shows_no_session_and_the_token_of_who_does(world):
    asked = {"data": "{}", "content_type": "application/json"}
    assert Client(enforce_csrf_checks=True).post("/api/v1/reports", **asked).status_code == 422
    client = strict(at_post(Role.GRID, WEST)[0])
    refused = client.post("/api/v1/reports", **asked)
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf.missing")
    token = re.search(r'csrf-token" content="([^"]+)"', client.get("/account/").content.decode()).group(1)
    assert client.post("/api/v1/reports", **asked, headers={"x-csrftoken": token}).status_code == 422


def test_the_routes_are_those_of_the_matrix():
    assert sorted(set(patterns(get_resolver()))) == ROUTES
    assert len(writes()) > 20
