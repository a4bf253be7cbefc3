import pytest

from linli.kernel import token
from linli.kernel.errors import Invalid
from linli_live.scope import Event, Scope

KEY = b"only for tests, and long enough for them"
EVENT = Event(topic="alerts", area="990101001002", units=frozenset({7, 9}))


def scope(areas=(), units=(), topics=("alerts",)) -> Scope:
    return Scope(frozenset(areas), frozenset(units), frozenset(topics))


@pytest.mark.parametrize(
    ("heard", "by"),
    [
        (True, scope(areas=[""])),
        (True, scope(areas=["990101001"])),
        (True, scope(areas=["990101001002"])),
        (True, scope(areas=["1", "990101001"])),
        (True, scope(units=[9])),
        (False, scope()),
        (False, scope(areas=["990101002"])),
        (False, scope(areas=["990101001002001"])),
        (False, scope(units=[8])),
        (False, scope(areas=[""], topics=["cases"])),
        (False, scope(areas=[""], topics=[])),
    ],
)
def test_an_event_is_heard_within_area_or_unit_and_only_on_a_topic_asked_for(heard, by):
    assert by.hears(EVENT) is heard


def test_an_event_outside_every_area_is_heard_only_by_who_sees_all():
    nowhere = Event(topic="alerts")
    assert scope(areas=[""]).hears(nowhere)
    assert not scope(areas=["990101"], units=[7]).hears(nowhere)


def test_a_signed_scope_comes_back_as_it_was_signed():
    signed = token.sign({"areas": ["990101"], "units": [3], "topics": ["cases"]}, key=KEY, lifetime_s=60)
    assert Scope.of_token(signed, key=KEY) == scope(areas=["990101"], units=[3], topics=["cases"])


@pytest.mark.parametrize("payload", [{"areas": "990101"}, {"units": ["x"]}, {"topics": 1}, {"areas": [None]}])
def test_a_token_that_holds_no_scope_is_refused(payload):
    with pytest.raises(Invalid):
        Scope.of_token(token.sign(payload, key=KEY, lifetime_s=60), key=KEY)


@pytest.mark.parametrize(
    "text",
    ["", ".", "x.y", token.sign({"areas": [""]}, key=b"another key", lifetime_s=60),
     token.sign({"areas": [""]}, key=KEY, lifetime_s=-1)],
)  # fmt: skip
def test_a_token_that_is_forged_or_too_old_is_refused(text):
    with pytest.raises(Invalid):
        Scope.of_token(text, key=KEY)


def test_a_token_for_something_else_hears_nothing():
    other = Scope.of_token(token.sign({"photo": 7}, key=KEY, lifetime_s=60), key=KEY)
    assert not other.hears(EVENT)
