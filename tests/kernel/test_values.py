import pytest

from linli.kernel import clock, codes, token
from linli.kernel.actor import ANONYMOUS, Actor, Post
from linli.kernel.errors import Invalid, NotPermitted
from linli.kernel.level import Level
from linli.kernel.role import Role

KEY = b"a key of this test"


def test_the_clock_is_aware_and_in_utc():
    assert clock.now().utcoffset().total_seconds() == 0


def test_a_post_holds_over_its_area_and_all_within():
    checker = Actor("user:1", (Post(Role.CHECKER, "990101001"),))
    assert checker.holds(Role.CHECKER, area="990101001002003")
    assert not checker.holds(Role.CHECKER, area="990101002001001")
    assert not checker.holds(Role.ACCEPTOR, area="990101001")


def test_a_units_post_opens_its_cases_but_no_area():
    foreman = Actor("user:2", (Post(Role.UNIT, "990101", unit=7),))
    assert foreman.units == {7}
    assert foreman.areas == frozenset()
    assert ANONYMOUS.areas == frozenset()
    assert Actor("user:4", (Post(Role.EDUCATION, "990101"), Post(Role.MEDIATOR, "990101"))).areas == frozenset()
    assert Actor.system("alerts").is_system
    assert not foreman.is_system


def test_levels_grow_with_severity_and_are_stored_as_words():
    assert Level.RED > Level.ORANGE > Level.YELLOW > Level.BLUE > Level.NONE
    assert [Level.from_word(level.word) for level in Level] == list(Level)


@pytest.mark.parametrize(("code", "parent"), [
    ("990101001002003", "990101001002"), ("990101001002", "990101001"), ("990101001", "990101"), ("990101", None)])
def test_an_area_code_names_its_parent(code, parent):
    assert codes.parent_area(code) == parent


@pytest.mark.parametrize("code", ["", "99010", "9901010010020030", "99010a", "９９０１０１"])
def test_what_is_no_area_code_is_refused(code):
    assert not codes.is_area_code(code)
    with pytest.raises(Invalid):
        codes.parent_area(code)


def test_a_component_code_has_sixteen_digits_and_is_never_padded_from_nothing():
    assert codes.component_code("990101", "0102", 4217) == "9901010102004217"
    for wrong in [("99010", "0102", 1), ("990101", "102", 1), ("990101", "0102", 0), ("990101", "0102", 10**6)]:
        with pytest.raises(Invalid):
            codes.component_code(*wrong)


def test_a_token_says_what_was_signed():
    assert token.verify(token.sign({"areas": ["990101"]}, key=KEY, lifetime_s=60), key=KEY) == {"areas": ["990101"]}


@pytest.mark.parametrize("spoil", [
    lambda t: t[:-2] + ("AA" if t[-2:] != "AA" else "BB"), lambda t: "e30." + t.split(".")[1], lambda t: "",
    lambda t: "…", lambda t: t.split(".")[0]])
def test_a_changed_token_is_refused(spoil):
    with pytest.raises(Invalid) as refused:
        token.verify(spoil(token.sign({"a": 1}, key=KEY, lifetime_s=60)), key=KEY)
    assert refused.value.code == "token.not_ours"


def test_an_expired_or_foreign_token_is_refused():
    with pytest.raises(Invalid, match="expired"):
        token.verify(token.sign({}, key=KEY, lifetime_s=-1), key=KEY)
    with pytest.raises(Invalid, match="not one of ours"):
        token.verify(token.sign({}, key=b"another", lifetime_s=60), key=KEY)


def test_a_refusal_keeps_its_code_its_field_and_its_text():
    refused = NotPermitted("x.y", "Not with {role}.", role="unit")
    assert (refused.code, refused.status, str(refused)) == ("x.y", 403, "Not with unit.")
