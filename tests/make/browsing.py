"""What tests of pages do in a browser's place (浏览): sign in, read what stands in the middle, take a move."""

import re

from django.http import HttpResponse
from django.test import Client
from tests.conftest import sign_in

from linli.cases.models import Case


def at(username: str) -> Client:
    """Return a browser in which `username` is signed in."""
    client = Client()
    sign_in(client, username)
    return client


def text_of(answer: HttpResponse) -> str:
    """Return what stands in the page's main part."""
    return answer.content.decode().split("<main")[1]


def move(client: Client, case: Case, name: str, **given: object) -> HttpResponse:
    """Send the form of a move."""
    return client.post(f"/desk/cases/{case.number}/moves/{name}", given)


def page_of(client: Client, case: Case, **query: str) -> HttpResponse:
    """Open a case's page."""
    return client.get(f"/desk/cases/{case.number}", query)


def offered(page: HttpResponse) -> set[tuple[str, str]]:
    """Return the moves that a case's page offers."""
    return set(re.findall(r"moves/(\w+)\"|move=(\w+)#", page.content.decode()))
