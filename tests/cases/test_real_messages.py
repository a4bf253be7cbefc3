"""500 real messages become cases: none lost, none doubled; pairs are compared with the truth one reader judged."""

import json
import time
from collections import Counter
from collections.abc import Iterable
from itertools import combinations

import pytest
from tests.make.city import make_city
from tests.make.messages import FED, PEOPLE, Told, feed

from linli.audit import actions as audit
from linli.cases import actions as cases
from linli.cases.domain.merging import Verdict
from linli.cases.models import Case, CaseReport, FollowLink, Likeness
from linli.cases.queries.matters import roots_of
from linli.kernel import clock
from linli.kernel.actor import ANONYMOUS, Actor, Post
from linli.kernel.role import Role
from linli_run.demo_city import load_city

pytestmark = pytest.mark.realdata
SYSTEM = Actor.system("test")
ACCEPTOR = Actor("user:acceptor", (Post(Role.ACCEPTOR.value, ""),))


@pytest.fixture(scope="module")
def told() -> list[Told]:
    return feed("test")


@pytest.fixture
def fed(fresh_db, told, monkeypatch) -> dict[str, int]:
    """All messages handed in at the moments they were written; gives each message's report id."""
    with audit.acting(SYSTEM):
        load_city(make_city(PEOPLE))
    began, ids = time.perf_counter(), {}
    for one in told:
        monkeypatch.setattr(clock, "now", lambda at=one.report.seen_at: at)
        with audit.acting(ANONYMOUS):
            ids[one.report.source_ref] = cases.submit(one.report, actor=ANONYMOUS).report_id
    monkeypatch.undo()
    print(json.dumps({"submitted_per_s": round(len(told) / (time.perf_counter() - began), 1)}))
    return ids


def pairs(case_of: dict[str, int]) -> set[tuple[str, str]]:
    """Return the pairs of messages that lie in one case."""
    groups: dict[int, list[str]] = {}
    for ref, case_id in case_of.items():
        groups.setdefault(case_id, []).append(ref)
    return {pair for group in groups.values() for pair in combinations(sorted(group), 2)}


def figures(found: set[tuple[str, str]], true: set[tuple[str, str]]) -> dict[str, float]:
    right = len(found & true)
    return {"pairs": len(found), "right": right, "precision": round(right / max(1, len(found)), 3),
            "recall": round(right / len(true), 3)}


def true_pairs(told: Iterable[Told]) -> set[tuple[str, str]]:
    matters: dict[str, list[str]] = {}
    for one in told:
        matters.setdefault(one.matter, []).append(one.report.source_ref)
    return {pair for group in matters.values() for pair in combinations(sorted(group), 2)}


def test_no_message_is_lost_and_the_pairs_are_mostly_right(fed, told, capsys):
    true = true_pairs(told)
    with audit.acting(SYSTEM):
        kept = dict(CaseReport.objects.values_list("source_ref", "case_id"))
        assert len(told) == len(fed) == len(set(fed.values())) == FED
        assert kept.keys() == fed.keys()
        assert Counter(kept.values()) == dict(Case.objects.values_list("pk", "report_count"))
        assert FollowLink.objects.count() == FED
        alone = CaseReport.objects.filter(merged=False).count()
        assert alone == Case.objects.count()
        joined = figures(pairs(kept), true)
        asked = list(Likeness.objects.values_list("pk", "case", "other"))
    matter_of = {one.report.source_ref: one.matter for one in told}
    first = {case_id: matter_of[ref] for ref, case_id in reversed(kept.items())}
    right = [pk for pk, case, other in asked if first[case] == first[other]]
    with audit.acting(ACCEPTOR):
        for pk, case, other in asked:
            cases.decide(pk, Verdict.SAME if first[case] == first[other] else Verdict.DIFFERENT, actor=ACCEPTOR)
    with audit.acting(SYSTEM):
        roots = roots_of(set(kept.values()))
    answered = figures(pairs({ref: roots[case] for ref, case in kept.items()}), true)
    with capsys.disabled():
        print(json.dumps({"messages": FED, "matters": len({one.matter for one in told}), "true_pairs": len(true),
                          "joined": joined, "questions": len(asked), "questions_right": len(right),
                          "after_the_answers": answered}))
    assert joined["precision"] >= 0.95
    assert answered["precision"] >= 0.95
    assert answered["recall"] >= 0.85
