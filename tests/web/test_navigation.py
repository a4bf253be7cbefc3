"""The rail shows the addresses a post has business at, and where the reader is."""

import pytest

from linli.web.domain.navigation import RAIL, current, entries_for


def paths(*roles: str) -> list[str]:
    return [entry.path for entry in entries_for(roles)]


@pytest.mark.parametrize(("role", "shown"), [
    ("resident", []), ("acceptor", ["/desk/"]), ("unit", ["/desk/", "/desk/things/"]),
    ("street", ["/desk/", "/desk/things/", "/command/"]), ("auditor", ["/desk/audit"])])
def test_a_role_sees_what_it_works_at(role, shown):
    assert paths(role) == shown


@pytest.mark.parametrize(("path", "here"), [
    ("/desk/", "/desk/"), ("/desk/cases/7", "/desk/"), ("/desk/things/mc-7", "/desk/things/"),
    ("/command/", "/command/"), ("/desk/quarantine", "/desk/things/"), ("/desk/base-lines", "/desk/things/")])
def test_the_longest_address_that_fits_is_where_one_is(path, here):
    found = current(path, RAIL)
    assert found is not None
    assert found.path == here


def test_elsewhere_nothing_is_marked():
    assert current("/report", RAIL) is None
