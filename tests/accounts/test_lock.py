from datetime import UTC, datetime, timedelta

import pytest

from linli.accounts.domain import lock
from linli.accounts.domain.device import device_of
from linli.accounts.domain.password import weakness
from linli.accounts.domain.session import ABSOLUTE, ends_at
from linli.accounts.queries import rules
from linli.config.passwords import Argon2

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LIMIT = lock.Limit(3, timedelta(minutes=15))


def minutes_ago(*minutes: float) -> list[datetime]:
    return [NOW - timedelta(minutes=m) for m in minutes]


@pytest.mark.parametrize(("failed", "wait"), [
    ([], 0), ([1, 2], 0), ([16, 2, 1], 0), ([15, 1, 2], 0), ([3, 2, 1], 12), ([1, 3, 2], 12), ([9, 3, 2, 1], 12)])
def test_the_next_try_waits_until_the_oldest_of_the_last_failures_is_old(failed, wait):
    assert lock.wait(minutes_ago(*failed), NOW, LIMIT) == timedelta(minutes=wait)


@pytest.mark.parametrize(("password", "why"), [
    ("Aa1", "short"), ("Aa1" * 100, "long"), ("Aa1!Aa1!Aa1!Aa1!", "monotonous"), ("LiMing-2026", "named"),
    ("abcdefghij", "plain"), ("abcdefgh12", "plain"), ("Abcdefgh12", None), ("abcdefgh-12", None),
    ("一只猫在屋顶看月亮啊", "plain"),
    ("一只猫abcdef-7", None), ("the cat looks at the moon", None), ("春眠不觉晓处处闻啼鸟夜来风雨声", None)])
def test_a_password_has_three_kinds_of_characters_or_is_a_phrase(password, why):
    assert weakness(password, ["liming", "李"], rules()) == why


@pytest.mark.parametrize(("user_agent", "device"), [
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148", "phone"),
    ("Mozilla/5.0 (Linux; Android 15; Pixel) Chrome/156 Mobile Safari/537.36", "phone"),
    ("Mozilla/5.0 (Linux; Android 15; SM-X710) Chrome/156 Safari/537.36", "tablet"),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/156", "computer"), ("curl/8.0", "program"), ("", "program")])
def test_a_device_is_known_by_its_kind_and_no_closer(user_agent, device):
    assert device_of(user_agent) == device


def test_a_session_ends_when_idle_and_at_the_end_of_the_shift_however_busy():
    idle = timedelta(minutes=30)
    assert ends_at(NOW, NOW, idle) == NOW + idle
    assert ends_at(NOW, NOW + ABSOLUTE - timedelta(minutes=5), idle) == NOW + ABSOLUTE


def test_a_hash_costs_at_least_what_owasp_names_as_least():
    assert Argon2.time_cost * Argon2.memory_cost >= 46 * 1024
    assert Argon2.memory_cost >= 19 * 1024
    assert Argon2().encode("x", "saltsalt").startswith("argon2$argon2id$")
