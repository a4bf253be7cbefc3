"""The rules of telling, without a database: quiet hours, templates, addresses, seals."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from linli.kernel import presets, seal
from linli.kernel.errors import Invalid
from linli.notices.domain import addresses, templates
from linli.notices.domain.addresses import Kind
from linli.notices.domain.channels import RETRY_AFTER, State, wait_after, when_interrupted
from linli.notices.domain.quiet import NEVER, NIGHT, Quiet, release_at

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
ROW = {"name": "a.b", "variables": ["x"], **{language: {"subject": "s", "short": "k", "long": "{x}"}
                                             for language in ("zh", "en")}}


def at(zone: ZoneInfo, *moment: int) -> datetime:
    return datetime(*moment, tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(("now", "until"), [
    ((2026, 11, 3, 21, 59), None),
    ((2026, 11, 3, 22, 0), (2026, 11, 4, 7, 0)),
    ((2026, 11, 3, 23, 59), (2026, 11, 4, 7, 0)),
    ((2026, 11, 4, 0, 0), (2026, 11, 4, 7, 0)),
    ((2026, 11, 4, 6, 59), (2026, 11, 4, 7, 0)),
    ((2026, 11, 4, 7, 0), None),
    ((2026, 12, 31, 23, 30), (2027, 1, 1, 7, 0)),
    ((2027, 1, 1, 0, 0), (2027, 1, 1, 7, 0)),
    ((2028, 2, 28, 22, 30), (2028, 2, 29, 7, 0)),
])
def test_the_night_is_held_until_seven_across_midnight_and_new_year(now, until):
    assert release_at(at(SHANGHAI, *now), NIGHT, SHANGHAI) == (at(SHANGHAI, *until) if until else None)


@pytest.mark.parametrize(("now", "until"), [((12, 59), None), ((13, 0), (14, 30)), ((14, 29), (14, 30)),
                                            ((14, 30), None)])
def test_quiet_hours_may_lie_within_one_day(now, until):
    noon = Quiet(time(13), time(14, 30))
    expected = at(SHANGHAI, 2026, 11, 3, *until) if until else None
    assert release_at(at(SHANGHAI, 2026, 11, 3, *now), noon, SHANGHAI) == expected


def test_equal_ends_are_no_quiet_hours():
    assert all(release_at(at(SHANGHAI, 2026, 11, 3, hour), NEVER, SHANGHAI) is None for hour in range(24))


def test_where_clocks_are_changed_the_hours_are_those_of_the_clock_on_the_wall():
    assert release_at(at(BERLIN, 2027, 3, 27, 23), NIGHT, BERLIN) == datetime(2027, 3, 28, 5, tzinfo=UTC)
    assert release_at(at(BERLIN, 2026, 10, 24, 23), NIGHT, BERLIN) == datetime(2026, 10, 25, 6, tzinfo=UTC)
    until_half_past_two = Quiet(time(22), time(2, 30))  # an hour that this night does not have
    released = release_at(at(BERLIN, 2027, 3, 27, 23), until_half_past_two, BERLIN)
    assert released == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


@given(now=some.datetimes(timezones=some.just(UTC)), start=some.times(), end=some.times())
def test_what_is_held_is_released_later_within_a_day_and_not_into_quiet_hours(now, start, end):
    quiet, moment = Quiet(start, end), now.replace(year=2020 + now.year % 20, day=min(now.day, 28))
    released = release_at(moment, quiet, SHANGHAI)
    if released is None:
        assert not quiet.covers(moment.astimezone(SHANGHAI).time())
    else:
        assert 0 < (released - moment).total_seconds() <= 24 * 3600
        assert not quiet.covers(released.astimezone(SHANGHAI).time())


def test_the_shipped_templates_speak_both_languages_with_the_same_variables():
    read = templates.read(presets.read("notices"))
    assert len(read) >= 38
    for template in read.values():
        assert any("\u4e00" <= sign <= "\u9fff" for sign in template.texts["zh"].long)
        assert not any("\u4e00" <= sign <= "\u9fff" for sign in template.texts["en"].long)


@pytest.mark.parametrize(("changes", "fault"), [
    ({"en": {}}, "a.b: no subject in en"),
    ({"zh": {"subject": "s", "short": "k", "long": "{y}"}}, "a.b: y is unknown in zh"),
    ({"zh": {"subject": "s", "short": "k", "long": "l"}}, "a.b: x is missing in zh"),
    ({"zh": {"subject": "s", "short": "k", "long": "{x.__class__}"}}, "is no plain variable"),
    ({"zh": {"subject": "s", "short": "k", "long": "{x!r}"}}, "is no plain variable"),
    ({"zh": {"subject": "s", "short": "k", "long": "{x"}}, "a.b: long in zh"),
    ({"zh": {"subject": "s" * 61, "short": "k", "long": "{x}"}}, "a.b: subject in zh is longer than 60"),
])
def test_a_template_that_could_not_be_said_is_an_error_when_it_is_read(changes, fault):
    with pytest.raises(ValueError, match=r"a\.b") as error:
        templates.read([{**ROW, **changes}])
    assert fault in str(error.value)


def test_a_template_given_twice_missing_or_asking_too_much_is_an_error_at_the_start():
    with pytest.raises(ValueError, match="given twice"):
        templates.read([ROW, ROW])
    read = templates.read([ROW])
    templates.require(read, ["a.b"], ["x", "y"])
    with pytest.raises(ValueError, match=r"no\.such: no such template"):
        templates.require(read, ["no.such"], ["x"])
    with pytest.raises(ValueError, match=r"a\.b: nobody tells it x"):
        templates.require(read, ["a.b"], ["y"])


def test_a_fact_forges_no_line_and_turns_no_text_round():
    said = templates.read([ROW])["a.b"].say({"x": "one\r\nBcc: all\u202e\u2066two\x00" + "z" * 999}, "zh")
    assert "\n" not in said.long
    assert "\u202e" not in said.long
    assert len(said.long) <= 300


@pytest.mark.parametrize(("typed", "kind", "address"), [
    (" 138 1234 5678 ", Kind.PHONE, "13812345678"), ("138-1234-5678", Kind.PHONE, "13812345678"),
    ("+86 138 1234 5678", Kind.PHONE, "+8613812345678"),
    ("li.ming+news@mail.test", Kind.EMAIL, "li.ming+news@mail.test"),
])
def test_a_number_or_an_address_is_read(typed, kind, address):
    assert addresses.parse(typed) == (kind, address)


@pytest.mark.parametrize("typed", [
    "", "   ", "12345", "110", "23812345678", "1381234567", "138123456789", "me", "me@", "@mail.test", "me@mail",
    "a b@mail.test", "me@mail.test\nBcc: all@mail.test", "me@mail.test,you@mail.test", "me@-mail.test",
    "a..b@mail.test", "<me@mail.test>",
    "me@mail.test" * 30, "１３８１２３４５６７８", "13812345678; drop", "\x00", "me\u202e@mail.test",
])
def test_what_is_neither_is_refused(typed):
    with pytest.raises(Invalid):
        addresses.parse(typed)


@pytest.mark.parametrize(("address", "shown"), [
    ("13812345678", "138****5678"), ("li.ming@mail.test", "l***@mail.test"), ("+4912345", "****45"),
])
def test_an_address_is_shown_masked(address, shown):
    assert addresses.masked(address) == shown


def test_what_is_sealed_opens_for_its_own_row_and_secret_only():
    sealed = seal.seal("13812345678", about="contact:report:1", secret=b"key")
    assert b"138" not in sealed
    assert sealed != seal.seal("13812345678", about="contact:report:1", secret=b"key")
    assert seal.unseal(sealed, about="contact:report:1", secret=b"key") == "13812345678"
    for wrong in ({"about": "contact:report:2"}, {"secret": b"other"}):
        with pytest.raises(Invalid):
            seal.unseal(sealed, **{"about": "contact:report:1", "secret": b"key", **wrong})
    for broken in (sealed[:-1], b"", b"\x02" + sealed[1:], sealed[:-1] + bytes([sealed[-1] ^ 1])):
        with pytest.raises(Invalid):
            seal.unseal(broken, about="contact:report:1", secret=b"key")


def test_waits_grow_and_end():
    waits = [wait_after(attempts) for attempts in range(1, len(RETRY_AFTER) + 2)]
    assert waits[:-1] == sorted(waits[:-1])
    assert waits[-1] is None


def test_only_what_recognises_a_repeat_is_repeated_after_an_interruption():
    assert (when_interrupted(True), when_interrupted(False)) == (State.QUEUED, State.UNSURE)
