"""The table of the replay guide says what the shipped rules make of the real series."""

import os
import re
import shlex
from pathlib import Path

import pytest
from tests.make.docs import ROOT, commands

from linli.kernel.level import Level
from linli.sensing.domain import rule_text, threshold
from linli_run.reference import kits
from linli_run.replay import add_arguments
from linli_run.replay_series import Layout, read

pytestmark = pytest.mark.realdata

GUIDES = sorted((ROOT / "docs/how-to").glob("replay-a-real-series*.md"))


def calls():
    from argparse import ArgumentParser

    for typed in commands(GUIDES[0]):
        if " replay " in typed:
            parser = ArgumentParser()
            add_arguments(parser)
            yield parser.parse_args(shlex.split(os.path.expandvars(typed))[2:])


def found(args):
    """Return readings, changes of level, episodes, and episodes that reach the level of a case."""
    series = read(Path(args.file), Layout(metric=args.metric, value_column=args.value_column)).readings
    [row] = [row for row in kits.rows() if (row.kit, row.metric) == (args.adopt, args.metric)]
    rule, from_level = rule_text.parse(row.rule.definition), Level.from_word(row.rule.case_from_level)
    changes = list(threshold.changes(rule, ((round(at * 1e6), value) for at, value in series)))
    ends = [at for at, change in enumerate(changes) if change.level_to is Level.NONE]
    episodes = [changes[begin:end] for begin, end in zip([0, *(end + 1 for end in ends)], [*ends, None], strict=True)]
    peaks = [max(change.level_to for change in episode) for episode in episodes if episode]
    return len(series), len(changes), len(peaks), sum(peak >= from_level for peak in peaks)


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_the_guide_tells_what_the_rules_say_of_the_real_series(page):
    told = {device: tuple(int(n.replace(",", "")) for n in numbers.split("|")) for device, numbers in re.findall(
        r"^\| `([a-z]+-1)` \|((?: [\d,]+ \|){3} [\d,]+) \|$", page.read_text("utf-8"), re.MULTILINE)}
    assert told == {args.device: found(args) for args in calls()}
    assert len(told) == 3
