"""Two cases of one matter go on as one, and can be parted again with both histories whole."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.make.areas import EAST, STREET, WEST, middle_of
from tests.make.cases import (
    ACCEPTOR,
    DISPATCHER,
    SYSTEM,
    case_now,
    make_case,
    make_case_in,
    make_district,
    make_report,
    metres_east,
    post,
)

from linli.cases import actions as cases
from linli.cases import queries
from linli.cases.domain.intake import Source
from linli.cases.domain.merging import Verdict
from linli.cases.models import Case, CaseStep, Likeness
from linli.kernel.actor import ANONYMOUS
from linli.kernel.errors import DomainError, Invalid, NotAllowedNow, NotFound, NotPermitted
from linli.kernel.level import Level
from linli.kernel.role import Role

NOISE = "楼下烧烤店每天晚上营业到凌晨两点，油烟直接排到居民窗口，噪音很大，老人孩子都睡不好觉，请尽快处理"


@pytest.fixture
def units(system) -> dict[str, int]:
    return make_district()


def asked(**changes: object) -> Likeness:
    """Return the question about two reports of one kind, 60 m apart."""
    make_case(**changes)
    make_case(where=metres_east(middle_of(0), 60), **changes)
    return Likeness.objects.get()


def moves(case_id: int) -> list[str]:
    return [step.move for step in queries.timeline(case_id)]


def all_of(case_id: int) -> dict[str, object]:
    return Case.objects.values().get(pk=case_id)


def test_what_is_perhaps_one_matter_opens_its_own_case_and_is_asked(units):
    row = asked()
    assert (row.state, row.case_id > row.other_id) == ("pending", True)
    assert 0.5 <= row.score < 0.8
    assert (row.parts["category"], round(row.parts["metres"])) == ("same", 60)
    assert [case.report_count for case in Case.objects.order_by("pk")] == [1, 1]


def test_the_same_lets_the_older_case_go_on_for_both(units):
    row = asked()
    assert cases.decide(row.pk, Verdict.SAME, actor=ACCEPTOR).state == "same"
    main, merged = case_now(row.other_id), case_now(row.case_id)
    assert (merged.merged_into_id, merged.state, main.report_count) == (main.pk, "reported", 2)
    assert moves(main.pk) == ["opened", "case_merged"]
    assert moves(merged.pk) == ["opened", "merged_into"]
    assert queries.timeline(merged.pk)[-1].given == {"case": main.number}
    assert queries.inbox(ACCEPTOR, "to_accept").count() == queries.inbox(ACCEPTOR, "open").count() == 1
    assert queries.counts(ACCEPTOR)["open"] == 1


def test_different_ones_stay_apart_and_nobody_asks_again(units):
    row = asked()
    cases.decide(row.pk, Verdict.DIFFERENT, actor=ACCEPTOR, reason="两处井盖")
    assert Case.objects.filter(merged_into=None).count() == 2
    for case_id in (row.case_id, row.other_id):
        assert queries.timeline(case_id)[-1].given["reason"] == "两处井盖"
    assert not queries.likenesses_for(ACCEPTOR)


def test_to_decide_the_same_twice_is_harmless_and_otherwise_is_refused(units):
    row = asked()
    for _ in range(2):
        cases.decide(row.pk, Verdict.SAME, actor=ACCEPTOR)
    assert CaseStep.objects.filter(move="merged_into").count() == 1
    with pytest.raises(NotAllowedNow) as refusal:
        cases.decide(row.pk, Verdict.DIFFERENT, actor=ACCEPTOR)
    assert refusal.value.code == "cases.decided_otherwise"


@pytest.mark.parametrize(("actor", "refused"), [
    (DISPATCHER, NotPermitted),
    (post(Role.ACCEPTOR, EAST), NotFound),
    (post(Role.STREET, STREET), NotPermitted),
    (ANONYMOUS, NotFound),
])
def test_only_an_acceptor_over_both_decides(units, actor, refused):
    row = asked()
    for deed in (lambda: cases.decide(row.pk, Verdict.SAME, actor=actor),
                 lambda: cases.merge_cases(row.other_id, row.case_id, actor=actor)):
        with pytest.raises(refused):
            deed()
    assert Likeness.objects.get().state == "pending"


def test_an_acceptor_of_one_of_two_communities_does_not_decide_for_both(units):
    west, east = make_case(where=middle_of(1)), make_case(where=middle_of(2))
    for area in (WEST, EAST):
        with pytest.raises(NotFound):
            cases.merge_cases(west.pk, east.pk, actor=post(Role.ACCEPTOR, area))
    assert cases.merge_cases(west.pk, east.pk, actor=ACCEPTOR).pk == west.pk


@pytest.mark.parametrize("state", ["reported", "accepted"])
def test_parted_again_a_case_is_what_it_was_and_both_tell_it(units, state):
    main = make_case_in("accepted", units["drains"])
    merged = make_case_in(state, units["drains"], where=middle_of(1))
    before, told = all_of(merged.pk), moves(merged.pk)
    was = all_of(main.pk)
    cases.merge_cases(main.pk, merged.pk, actor=ACCEPTOR)
    cases.unmerge_case(merged.pk, actor=ACCEPTOR, reason="看错了")
    assert all_of(merged.pk) == before
    assert {**all_of(main.pk), "last_seen_at": 0} == {**was, "last_seen_at": 0}
    assert moves(merged.pk) == [*told, "merged_into", "unmerged"]
    assert moves(main.pk)[-2:] == ["case_merged", "case_left"]
    assert queries.inbox(ACCEPTOR, "open").count() == 2


def test_parting_twice_and_merging_again_after_it(units):
    main, merged = make_case(), make_case(where=middle_of(1))
    for _ in range(2):
        cases.merge_cases(main.pk, merged.pk, actor=ACCEPTOR)
        cases.unmerge_case(merged.pk, actor=ACCEPTOR, reason="再看")
        with pytest.raises(NotAllowedNow):
            cases.unmerge_case(merged.pk, actor=ACCEPTOR, reason="再看")
    cases.merge_cases(main.pk, merged.pk, actor=ACCEPTOR)
    assert case_now(main.pk).report_count == 2
    assert moves(merged.pk) == ["opened", "merged_into", "unmerged", "merged_into", "unmerged", "merged_into"]


def test_parting_needs_a_reason(units):
    main, merged = make_case(), make_case(where=middle_of(1))
    cases.merge_cases(main.pk, merged.pk, actor=ACCEPTOR)
    with pytest.raises(Invalid):
        cases.unmerge_case(merged.pk, actor=ACCEPTOR, reason=" \u202e ")


def test_a_case_that_has_come_further_goes_on_and_keeps_its_limit(units):
    filed = make_case_in("filed", units["drains"])
    earlier = case_now(make_case(where=middle_of(1)).pk)
    assert earlier.pk > filed.pk
    with pytest.raises(NotAllowedNow) as refusal:
        cases.merge_cases(earlier.pk, filed.pk, actor=ACCEPTOR)
    assert refusal.value.code == "cases.merge_other_way"
    cases.merge_cases(filed.pk, earlier.pk, actor=ACCEPTOR)
    assert case_now(filed.pk).due_at == filed.due_at


def test_of_two_filed_cases_the_one_due_first_goes_on(units):
    first, second = (make_case_in("filed", units["drains"], where=middle_of(n)) for n in (0, 1))
    Case.objects.filter(pk=first.pk).update(due_at=second.due_at + timedelta(hours=1))
    with pytest.raises(NotAllowedNow):
        cases.merge_cases(first.pk, second.pk, actor=ACCEPTOR)
    assert cases.merge_cases(second.pk, first.pk, actor=ACCEPTOR).due_at == second.due_at


def test_before_filing_the_category_with_the_stricter_limit_holds_and_goes_back(units):
    dark = make_case(category="lamp_out")
    missing = make_case(category="manhole_missing", where=middle_of(1))
    main = cases.merge_cases(dark.pk, missing.pk, actor=ACCEPTOR)
    assert main.category.code == "manhole_missing"
    cases.unmerge_case(missing.pk, actor=ACCEPTOR, reason="两处")
    assert case_now(dark.pk).category.code == "lamp_out"


def test_the_higher_level_holds_and_goes_back_unless_something_else_raised_it(units):
    main, red = make_case(), make_case(source=Source.SENSOR, where=middle_of(1), level=Level.RED)
    cases.merge_cases(main.pk, red.pk, actor=ACCEPTOR)
    assert case_now(main.pk).level == "red"
    cases.unmerge_case(red.pk, actor=ACCEPTOR, reason="两处")
    assert case_now(main.pk).level == "none"
    cases.merge_cases(main.pk, red.pk, actor=ACCEPTOR)
    other = make_case(source=Source.SENSOR, where=middle_of(2), level=Level.RED)
    Case.objects.filter(pk=main.pk).update(level="orange")
    cases.merge_cases(main.pk, other.pk, actor=ACCEPTOR)
    cases.unmerge_case(red.pk, actor=ACCEPTOR, reason="两处")
    assert case_now(main.pk).level == "red"


def test_a_merge_into_a_merged_case_goes_to_the_one_that_stands_for_it(units):
    one, two, three = (make_case(where=middle_of(n)) for n in range(3))
    cases.merge_cases(one.pk, two.pk, actor=ACCEPTOR)
    assert cases.merge_cases(two.pk, three.pk, actor=ACCEPTOR).pk == one.pk
    assert case_now(three.pk).merged_into_id == one.pk
    assert cases.merge_cases(two.pk, one.pk, actor=ACCEPTOR).pk == one.pk
    assert case_now(one.pk).report_count == 3


def test_a_chain_of_merges_comes_apart_link_by_link(units):
    one, two, three = (make_case(where=middle_of(n)) for n in range(3))
    cases.merge_cases(two.pk, three.pk, actor=ACCEPTOR)
    cases.merge_cases(one.pk, two.pk, actor=ACCEPTOR)
    assert {line.id for line in queries.reports_of(one.pk)} == {
        line.id for case in (one, two, three) for line in queries.reports_of(case.pk)}
    cases.unmerge_case(two.pk, actor=ACCEPTOR, reason="两处")
    assert (len(queries.reports_of(one.pk)), len(queries.reports_of(two.pk))) == (1, 2)
    assert (case_now(one.pk).report_count, case_now(two.pk).report_count) == (1, 2)


def test_the_database_never_lets_cases_rest_in_a_ring(units):
    one, two, three = (make_case(where=middle_of(n)) for n in range(3))
    cases.merge_cases(one.pk, two.pk, actor=ACCEPTOR)
    cases.merge_cases(one.pk, three.pk, actor=ACCEPTOR)
    for into, what in ((one, one), (three, one), (two, one)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=what.pk).update(merged_into=into)


@pytest.mark.parametrize("state", ["closed", "void"])
def test_a_case_that_is_over_takes_in_no_other_and_rests_in_none(units, state):
    over, still_open = make_case_in(state, units["drains"]), make_case(where=middle_of(1))
    for into, merged in ((over, still_open), (still_open, over)):
        with pytest.raises(DomainError) as refusal:
            cases.merge_cases(into.pk, merged.pk, actor=ACCEPTOR)
        assert refusal.value.code in ("cases.over", "cases.merge_other_way")


def test_a_question_about_a_case_that_rests_is_asked_of_the_one_that_goes_on(units):
    row = asked()
    main = make_case(where=middle_of(1))
    Case.objects.filter(pk=main.pk).update(opened_at=case_now(row.other_id).opened_at)
    cases.merge_cases(main.pk, row.case_id, actor=ACCEPTOR)
    [question] = queries.likenesses_for(ACCEPTOR)
    assert {question.case_id, question.other_id} == {main.pk, row.other_id}
    assert question.parts == row.parts
    cases.decide(question.pk, Verdict.SAME, actor=ACCEPTOR)
    assert Case.objects.filter(merged_into=None).count() == 1
    assert cases.decide(row.pk, Verdict.SAME, actor=ACCEPTOR).state == "same"


def test_a_merge_by_hand_answers_the_question_between_the_two(units):
    row = asked()
    cases.merge_cases(row.other_id, row.case_id, actor=ACCEPTOR)
    assert Likeness.objects.get().state == "same"
    cases.unmerge_case(row.case_id, actor=ACCEPTOR, reason="两处")
    assert Likeness.objects.get().state == "different"


def test_two_that_rest_in_one_case_are_parted_there_and_not_by_an_old_question(units):
    row = asked()
    third = make_case(where=middle_of(1))
    cases.merge_cases(row.other_id, third.pk, actor=ACCEPTOR)
    Case.objects.filter(pk=row.case_id).update(merged_into=row.other_id)
    with pytest.raises(NotAllowedNow) as refusal:
        cases.decide(row.pk, Verdict.DIFFERENT, actor=ACCEPTOR)
    assert refusal.value.code == "cases.one_already"


def test_a_question_about_a_case_that_ended_meanwhile_is_not_asked_and_not_answered(units):
    row = asked()
    cases.move(row.other_id, "reject", actor=ACCEPTOR, reason="查无此事")
    assert not queries.likenesses_for(ACCEPTOR)
    with pytest.raises(NotAllowedNow):
        cases.decide(row.pk, Verdict.SAME, actor=ACCEPTOR)


def test_a_merged_case_takes_no_move_of_its_own(units):
    main, merged = make_case(), make_case(where=middle_of(1))
    cases.merge_cases(main.pk, merged.pk, actor=ACCEPTOR)
    with pytest.raises(NotAllowedNow) as refusal:
        cases.move(merged.pk, "accept", actor=ACCEPTOR)
    assert refusal.value.code == "cases.merged"


def test_when_the_main_case_closes_and_they_are_parted_the_other_is_open_again(units):
    main, merged = make_case_in("checked", units["drains"]), make_case(where=middle_of(1))
    cases.merge_cases(main.pk, merged.pk, actor=ACCEPTOR)
    cases.move(main.pk, "close", actor=ACCEPTOR, condition_met=True)
    assert queries.over_among([merged.pk]) == {merged.pk}
    cases.unmerge_case(merged.pk, actor=ACCEPTOR, reason="没修这一处")
    assert case_now(merged.pk).is_open
    assert queries.over_among([merged.pk]) == set()


def test_every_link_shows_the_main_case_and_comes_back_with_its_own(units):
    first, second = (cases.submit(make_report(where=middle_of(n)), actor=ANONYMOUS) for n in range(2))
    cases.merge_cases(first.case_id, second.case_id, actor=ACCEPTOR)
    cases.move(first.case_id, "accept", actor=ACCEPTOR)
    seen = queries.public_progress(second.follow_token)
    assert (seen.number, seen.state, seen.merged, seen.report_count) == (first.number, "accepted", True, 2)
    assert [step.move for step in seen.steps] == ["opened", "case_merged", "accept"]
    assert len(queries.public_progress(first.follow_token).steps) == 3
    cases.unmerge_case(second.case_id, actor=ACCEPTOR, reason="两处")
    seen = queries.public_progress(second.follow_token)
    assert (seen.number, seen.state, seen.merged) == (second.number, "reported", False)


def test_a_resend_of_a_report_of_a_merged_case_answers_with_the_main_case(units):
    report = make_report(Source.SENSOR, where=middle_of(1))
    main, merged = make_case(), cases.submit(report, actor=SYSTEM)
    cases.merge_cases(main.pk, merged.case_id, actor=ACCEPTOR)
    again = cases.submit(report, actor=SYSTEM)
    assert (again.case_id, again.number, again.report_id) == (main.pk, main.number, merged.report_id)


def test_nothing_joins_a_merged_case_itself(units):
    main, merged = make_case(), make_case(where=middle_of(1))
    cases.merge_cases(main.pk, merged.pk, actor=ACCEPTOR)
    done = cases.submit(make_report(where=middle_of(1)), actor=ANONYMOUS)
    assert done.case_id not in (merged.pk,)


def test_a_report_that_joined_by_itself_can_be_split_off_with_its_link(units):
    first = cases.submit(make_report(), actor=ANONYMOUS)
    joined = cases.submit(make_report(where=metres_east(middle_of(0), 20), text="井盖没了"), actor=ANONYMOUS)
    assert joined.merged
    new = cases.unmerge(joined.report_id, actor=ACCEPTOR, reason="另一处井盖")
    assert (case_now(first.case_id).report_count, new.report_count, new.state) == (1, 1, "reported")
    assert moves(first.case_id) == ["opened", "merged", "split_off"]
    assert moves(new.pk) == ["opened"]
    assert queries.timeline(new.pk)[0].given["case"] == first.number
    seen = queries.public_progress(joined.follow_token)
    assert (seen.number, seen.merged) == (new.number, False)
    assert queries.public_progress(first.follow_token).number == first.number
    assert not queries.likenesses_for(ACCEPTOR)


def test_what_was_split_off_can_be_merged_again(units):
    first = cases.submit(make_report(), actor=ANONYMOUS)
    joined = cases.submit(make_report(), actor=ANONYMOUS)
    new = cases.unmerge(joined.report_id, actor=ACCEPTOR, reason="另一处")
    cases.merge_cases(first.case_id, new.pk, actor=ACCEPTOR)
    assert case_now(first.case_id).report_count == 2
    assert queries.public_progress(joined.follow_token).number == first.number


def test_the_report_that_opened_a_case_is_not_split_off(units):
    first = cases.submit(make_report(), actor=ANONYMOUS)
    with pytest.raises(NotAllowedNow):
        cases.unmerge(first.report_id, actor=ACCEPTOR, reason="x")
    joined = cases.submit(make_report(), actor=ANONYMOUS)
    cases.unmerge(joined.report_id, actor=ACCEPTOR, reason="另一处")
    with pytest.raises(NotAllowedNow):
        cases.unmerge(joined.report_id, actor=ACCEPTOR, reason="另一处")


@pytest.mark.parametrize(("actor", "refused"), [(DISPATCHER, NotPermitted), (post(Role.ACCEPTOR, EAST), NotFound)])
def test_only_an_acceptor_of_the_area_splits(units, actor, refused):
    cases.submit(make_report(), actor=ANONYMOUS)
    joined = cases.submit(make_report(), actor=ANONYMOUS)
    with pytest.raises(refused):
        cases.unmerge(joined.report_id, actor=actor, reason="x")


def test_a_report_that_joined_keeps_why(units):
    cases.submit(make_report(text=NOISE), actor=ANONYMOUS)
    joined = cases.submit(make_report(text=NOISE), actor=ANONYMOUS)
    line = next(line for line in queries.reports_of(joined.case_id) if line.id == joined.report_id)
    assert line.likeness["total"] >= 0.8
    assert (line.likeness["category"], line.likeness["words"]) == ("same", 1.0)


def test_what_was_asked_for_a_merged_case_is_asked_no_more_once_they_are_parted(units):
    row = asked()
    main = make_case(where=middle_of(1))
    Case.objects.filter(pk=main.pk).update(opened_at=case_now(row.other_id).opened_at)
    cases.merge_cases(main.pk, row.case_id, actor=ACCEPTOR)
    assert {question.pk for question in queries.likenesses_for(ACCEPTOR)} == {
        Likeness.objects.exclude(pk=row.pk).filter(state="pending").get().pk}
    cases.unmerge_case(row.case_id, actor=ACCEPTOR, reason="两处")
    assert {question.pk for question in queries.likenesses_for(ACCEPTOR)} == {row.pk}
    cases.merge_cases(main.pk, row.case_id, actor=ACCEPTOR)
    assert queries.likenesses_for(ACCEPTOR).count() == 1


def test_a_report_that_is_split_off_takes_the_level_along_that_it_alone_gave(units):
    first = cases.submit(make_report(), actor=ANONYMOUS)
    report = make_report(Source.SENSOR, level=Level.YELLOW)
    joined = cases.submit(report, actor=SYSTEM)
    cases.submit(replace(report, level=Level.ORANGE), actor=SYSTEM)  # the same alert, risen
    assert case_now(first.case_id).level == "orange"
    new = cases.unmerge(joined.report_id, actor=ACCEPTOR, reason="另一处")
    assert (case_now(first.case_id).level, new.level) == ("none", "orange")
