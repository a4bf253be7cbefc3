"""Who is told 429 and 413 (频率与大小上限), and who is not."""

import pytest
from django.test import Client, override_settings
from tests.make.board import at_post

from linli.config.limits import ELSE, FORM_BYTES, RATES, Rate
from linli.kernel.role import Role

HERE, THERE = {"REMOTE_ADDR": "10.0.0.1"}, {"REMOTE_ADDR": "10.0.0.2"}


@pytest.fixture(autouse=True)
def own_addresses(system):
    with override_settings(ROOT_URLCONF="tests.make.addresses"):
        yield


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setitem(RATES, "report", Rate(2, 5, 3600))


def statuses(client: Client, times: int, **meta) -> list[int]:
    return [client.post("/write", **meta).status_code for _ in range(times)]


def test_one_person_is_told_to_wait_and_for_how_long(few):
    client = at_post(Role.GRID)[0]
    assert statuses(client, 3, **HERE) == [200, 200, 429]
    answer = client.post("/write", **HERE)
    assert 0 < int(answer.headers["Retry-After"]) <= 3600


def test_one_person_does_not_use_up_what_the_office_has(few):
    assert statuses(at_post(Role.GRID)[0], 20, **HERE)[2:] == [429] * 18
    assert statuses(at_post(Role.GRID)[0], 2, **HERE) == [200, 200]


def test_one_person_is_the_same_person_at_another_address(few):
    client = at_post(Role.GRID)[0]
    assert statuses(client, 2, **HERE) == [200, 200]
    assert statuses(client, 1, **THERE) == [429]


def test_whoever_shows_no_session_is_counted_by_address(few):
    assert statuses(Client(), 6, **HERE) == [200] * 5 + [429]
    assert statuses(Client(), 1, **THERE) == [200]


def test_a_session_that_was_made_up_is_nobody(few):
    found = []
    for n in range(6):
        client = Client()
        client.cookies["linli_session"] = f"{n:032}"
        found += statuses(client, 1, **HERE)
    assert found == [200] * 5 + [429]


def test_reading_is_not_counted(few):
    client = Client()
    assert [client.get("/write", **HERE).status_code for _ in range(9)] == [200] * 9


def test_putting_and_deleting_count_like_posting(few):
    client = Client()
    assert [client.generic(verb, "/write", **HERE).status_code for verb in ("PUT", "DELETE", "PATCH", "POST", "PUT",
                                                                           "DELETE")] == [200] * 5 + [429]


def test_what_is_too_large_is_refused_before_it_is_read(few):
    answer = Client().post("/write", data=b"x" * (FORM_BYTES + 1), content_type="application/json")
    assert answer.status_code == 413


def test_an_office_of_a_hundred_signs_in_at_nine_and_a_storm_of_reports_from_one_gateway_comes_in():
    assert RATES["sign-in"].crowd >= 300
    assert RATES["report"].crowd >= 10 * RATES["report"].person
    for rate in (*RATES.values(), ELSE):
        assert rate.person < rate.crowd
