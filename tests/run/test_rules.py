"""`linli rules`: the city's own marks, base-lines and heartbeats, said on the console."""

import argparse
import json

import pytest
from tests.make.areas import make_areas
from tests.make.sensing import make_thing

from linli.audit import actions as audit
from linli.kernel.actor import Actor
from linli.sensing.models import Datastream, Kit, Rule
from linli_run import rules
from linli_run.trouble import Trouble

MARKS = {"kind": "threshold", "direction": "above", "levels": [{"level": "red", "enter": 9, "leave": 8}]}


def say(*words: str) -> int:
    parser = argparse.ArgumentParser()
    rules.add_arguments(parser)
    return rules.run(parser.parse_args(words))


@pytest.fixture
def device(system):
    make_areas()
    make_thing("ef-1", kit="electrical_fire")
    return "ef-1"


def test_a_rule_is_shown_and_set_from_a_file(system, tmp_path, capsys):
    say("show", "manhole_tilt")
    assert json.loads(capsys.readouterr().out)["manhole_tilt"]["kind"] == "threshold"
    (tmp_path / "marks.json").write_text(json.dumps(MARKS))
    say("set", "manhole_tilt", str(tmp_path / "marks.json"))
    assert Rule.objects.get(name="manhole_tilt").definition == MARKS
    assert capsys.readouterr().out == "manhole_tilt, version 2\n"


@pytest.mark.parametrize("text", ['{"kind": "spell"}', "no json", '["a", "list"]'])
def test_what_is_no_rule_is_refused_and_changes_nothing(system, tmp_path, text):
    before = Rule.objects.get(name="manhole_tilt").definition
    (tmp_path / "marks.json").write_text(text)
    with pytest.raises(Trouble):
        say("set", "manhole_tilt", str(tmp_path / "marks.json"))
    assert Rule.objects.get(name="manhole_tilt").definition == before


def test_a_base_line_and_a_profile_are_set(device):
    say("base-line", device, "residual_1_ma", "61.5")
    with audit.acting(Actor.system("test")):
        assert Datastream.objects.get(thing__code=device, metric="residual_1_ma").base_line == 61.5
    say("profile", "electrical_fire", "--heartbeat", "30", "--missed", "2", "--case-after", "600")
    kit = Kit.objects.get(pk="electrical_fire")
    assert (kit.heartbeat_s, kit.missed_heartbeats, kit.fault_case_after_s) == (30, 2, 600)


@pytest.mark.parametrize("words", [
    ("base-line", "stranger", "residual_1_ma", "3"), ("base-line", "ef-1", "residual_1_ma", "nan"),
    ("profile", "nothing", "--heartbeat", "30"), ("profile", "electrical_fire", "--heartbeat", "0"),
])  # fmt: skip
def test_what_cannot_be_is_refused(device, words):
    with pytest.raises(Trouble):
        say(*words)
