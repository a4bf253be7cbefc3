"""A unified code is proved by its check digits, inside and out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.errors import Invalid
from linli.organisations.domain import uscc

REAL = ["9144030071526726XG", "91110000802100433B", "91350100M000100Y43"]


@pytest.mark.parametrize("code", REAL)
def test_published_codes_are_taken(code):
    assert uscc.require(code) == code


@given(st.sampled_from(REAL), st.integers(0, 17), st.sampled_from(uscc.ALPHABET))
def test_one_wrong_character_is_noticed(code, place, other):
    wrong = code[:place] + other + code[place + 1:]
    if wrong != code:
        with pytest.raises(Invalid):
            uscc.require(wrong)


@pytest.mark.parametrize("code", ["", "9144030071526726X", "9144030071526726xg", "91440300715267261O"])
def test_what_has_not_the_form_is_refused(code):
    with pytest.raises(Invalid):
        uscc.require(code)


def test_a_sum_of_nought_checks_as_nought():
    assert uscc.check_character("0" * 17) == "0"


def test_the_organisation_code_inside_is_proved_as_well():
    body = REAL[1][:16] + "5"  # its own check digit is 3
    with pytest.raises(Invalid):
        uscc.require(body + uscc.check_character(body))
