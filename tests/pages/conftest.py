"""One database with district, catalogue and accounts for all tests of pages; what a test writes is taken back."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import transaction
from tests.conftest import copy_of_template, speak_to
from tests.make.desk import SYSTEM, make_desk

from linli.audit import actions as audit
from linli_run.postgres import Postgres

NAME = "linli_desk"


@pytest.fixture(scope="session")
def furnished(server: Postgres) -> tuple[str, dict[str, int]]:
    url = copy_of_template(server, NAME)
    speak_to(url)
    with audit.acting(SYSTEM):
        return url, make_desk()


@pytest.fixture(autouse=True)
def units(furnished: tuple[str, dict[str, int]]) -> Iterator[dict[str, int]]:
    """The ids of the units; the test runs as Linli itself, each request as whoever makes it."""
    url, made = furnished
    if settings.DATABASES["default"].get("NAME") != NAME:
        speak_to(url)
    with transaction.atomic():
        with audit.acting(SYSTEM):
            yield made
        transaction.set_rollback(True)
