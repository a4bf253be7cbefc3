"""The vectors of RFC 4226, appendix D, and RFC 6238, appendix B; what a code is worth (动态口令)."""

from datetime import UTC, datetime, timedelta
from hashlib import sha1, sha256, sha512

import pytest

from linli.accounts.domain import totp
from linli.accounts.domain.one_time import one_time_password, recovery_codes
from linli.accounts.domain.rules import Rules
from linli.kernel import presets

DIGITS = b"1234567890"
KEYS = {sha1: DIGITS * 2, sha256: (DIGITS * 4)[:32], sha512: (DIGITS * 7)[:64]}
NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(("step", "code"), list(enumerate([
    "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"])))
def test_a_code_is_as_rfc_4226_says(step, code):
    assert totp.code_of(DIGITS * 2, step) == code


@pytest.mark.parametrize(("seconds", "digest", "code"), [
    (59, sha1, "94287082"), (59, sha256, "46119246"), (59, sha512, "90693936"),
    (1111111109, sha1, "07081804"), (1111111109, sha256, "68084774"), (1111111109, sha512, "25091201"),
    (1111111111, sha1, "14050471"), (1111111111, sha256, "67062674"), (1111111111, sha512, "99943326"),
    (1234567890, sha1, "89005924"), (1234567890, sha256, "91819424"), (1234567890, sha512, "93441116"),
    (2000000000, sha1, "69279037"), (2000000000, sha256, "90698825"), (2000000000, sha512, "38618901"),
    (20000000000, sha1, "65353130"), (20000000000, sha256, "77737706"), (20000000000, sha512, "47863826")])
def test_a_code_of_a_moment_is_as_rfc_6238_says(seconds, digest, code):
    step = totp.step_at(datetime.fromtimestamp(seconds, tz=UTC))
    assert totp.code_of(KEYS[digest], step, digits=8, digest=digest) == code


@pytest.mark.parametrize(("late_s", "taken"), [(-90, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_code_is_taken_one_step_early_or_late_and_no_more(late_s, taken):
    code = totp.code_of(KEYS[sha1], totp.step_at(NOW))
    step = totp.matching_step(KEYS[sha1], f" {code[:3]} {code[3:]}", NOW + timedelta(seconds=late_s), after=0)
    assert (step == totp.step_at(NOW)) is taken


def test_a_code_that_was_taken_and_those_before_are_taken_no_more():
    here = totp.step_at(NOW)
    before, now, after = (totp.code_of(KEYS[sha1], step) for step in (here - 1, here, here + 1))
    assert [totp.matching_step(KEYS[sha1], code, NOW, after=here) for code in (before, now, after)] == [
        None, None, here + 1]


@pytest.mark.parametrize("nonsense", ["", "abcdef", "１２３４５６", "12345", "\x00" * 6])
def test_nonsense_is_no_code(nonsense):
    assert totp.matching_step(KEYS[sha1], nonsense, NOW, after=0) is None


def test_an_app_takes_the_key_in_groups_or_as_an_address():
    assert totp.key_of(DIGITS * 2) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
    assert totp.address_of(DIGITS * 2, "li ming&x", "Linli") == (
        "otpauth://totp/Linli:li%20ming%26x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Linli")
    assert len(totp.new_secret()) == totp.SECRET_BYTES


def test_secrets_handed_over_are_never_the_same():
    assert len({one_time_password() for _ in range(100)}) == 100
    assert len(set(recovery_codes())) == 10


def test_a_table_of_rules_that_lacks_one_is_refused():
    rows = presets.read("passwords")
    assert Rules.of(rows).shortest == 10
    for at in range(len(rows)):
        with pytest.raises(KeyError):
            Rules.of(rows[:at] + rows[at + 1:])
