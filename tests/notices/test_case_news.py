"""How a case goes on is told: reporters at each public step, posts when it is their turn, each once."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection
from tests.make.areas import DISTRICT, WEST
from tests.make.cases import (
    ACCEPTOR,
    SYSTEM,
    handler,
    make_case,
    make_case_in,
    make_district,
    make_photo,
    make_report,
    moves_to_close,
)
from tests.make.notices import give_way, leave, make_person

from linli.audit import actions as audit
from linli.cases import actions as cases
from linli.cases import handlers
from linli.cases.domain import news
from linli.cases.domain.intake import Source
from linli.cases.domain.remarks import Remark
from linli.cases.domain.workflow import MOVES, State
from linli.cases.events import CaseMerged, CaseMoved, CaseOpened
from linli.cases.models import Case, CaseReport, CaseStep
from linli.cases.queries.public import PUBLIC_STEPS
from linli.kernel import clock
from linli.kernel.actor import ANONYMOUS, Actor, Post
from linli.kernel.level import Level
from linli.kernel.role import Role
from linli.notices import actions as notices
from linli.notices.domain.channels import Channel
from linli.notices.models import Contact, Delivery, Notice
from linli.notices.queries.texts import all_templates

ONLY_FOR_WHO_JOINED = {"merged", "case_merged", "case_left"}


@pytest.fixture
def units(system) -> dict[str, int]:
    return make_district()


def hear(case: Case) -> None:
    handlers.tell_of_steps(CaseMoved(case_id=case.pk))


def told(recipient: str) -> list[str]:
    return list(Notice.objects.filter(recipient=recipient).order_by("pk").values_list("template", flat=True))


def test_every_move_and_every_remark_has_its_row_and_every_row_its_words():
    assert set(news.NEWS) == set(MOVES) | {remark.value for remark in Remark}
    assert news.templates() <= set(all_templates())
    assert {name for name in all_templates() if name.startswith(("cases.", "duty."))} == news.templates()


def test_every_public_step_is_told_to_the_reporter():
    assert {step for step in PUBLIC_STEPS - ONLY_FOR_WHO_JOINED if not news.NEWS[step].reporters} == set()


def test_whoever_has_the_next_turn_is_told_by_the_move_that_gives_it():
    for move in MOVES.values():
        turn = news.TURN.get(move.target)
        had_it = any(news.TURN.get(source) is turn for source in move.sources)
        if turn is not None and turn is not move.role and not had_it:
            assert turn in news.roles_of(news.NEWS[move.name], move.target), move.name


def test_nobody_has_a_turn_in_a_case_that_is_over():
    assert news.roles_of(news.NEWS["level_raised"], State.CLOSED) == ()


def test_a_reporter_hears_of_each_public_step_to_the_close_and_its_words(units):
    case = make_case()
    leave(f"report:{CaseReport.objects.get().pk}")
    for name, _reached, actor, given in moves_to_close(units["drains"]):
        photos = {"evidence": [make_photo(actor)]} if name in ("report_done", "check") else {}
        words = {"note": "换了新井盖"} if name == "close" else {}
        if name == "file":
            given = {**given, "reason": "先办"}
        cases.move(case.pk, name, actor=actor, **given, **photos, **words)
        hear(case)
    who = f"contact:{Contact.objects.get().pk}"
    assert told(who) == ["cases.received", "cases.accepted", "cases.filed", "cases.dispatched", "cases.handled",
                         "cases.checked", "cases.closed"]
    facts = {notice.template: notice.facts for notice in Notice.objects.filter(recipient=who)}
    assert facts["cases.closed"]["words"] == "换了新井盖"
    assert facts["cases.filed"]["limit"]["zh"]
    assert facts["cases.dispatched"]["unit"] == "城北排水"


def test_a_refused_report_is_told_with_its_reason_and_the_contact_goes_in_time(units):
    case = make_case()
    leave(f"report:{CaseReport.objects.get().pk}")
    cases.move(case.pk, "reject", actor=ACCEPTOR, reason="查无此事")
    hear(case)
    assert Notice.objects.get(template="cases.rejected").facts["reason"] == "查无此事"
    delete_at = Contact.objects.get().delete_at
    assert (delete_at - CaseStep.objects.get(move="reject").at).days == 30


def test_the_posts_hear_when_it_is_their_turn_and_not_of_what_they_did(units):
    people = {role: make_person(role.value, role, DISTRICT, units["drains"] if role is Role.UNIT else None)
              for role in (Role.ACCEPTOR, Role.DISPATCHER, Role.UNIT, Role.CHECKER)}
    far = make_person("far", Role.UNIT, DISTRICT, units["duty"])
    case = make_case_in("closed", units["drains"])
    hear(case)
    assert told(people[Role.DISPATCHER].ref) == ["duty.dispatch"]
    assert told(people[Role.UNIT].ref) == ["duty.handle"]
    assert told(people[Role.CHECKER].ref) == ["duty.check"]
    assert told(people[Role.ACCEPTOR].ref) == ["duty.accept", "duty.close"]
    assert told(far.ref) == []
    notice = Notice.objects.get(template="duty.handle")
    assert notice.link == f"/desk/cases/{case.number}"


def test_whoever_took_the_step_is_not_told_of_it(units):
    one, other = (make_person(name, Role.DISPATCHER, DISTRICT) for name in ("one", "other"))
    case = make_case_in("filed", units["drains"])
    cases.move(case.pk, "dispatch", actor=_with(one, Role.DISPATCHER), unit=units["drains"])
    case = cases.move(case.pk, "return_to_dispatcher", actor=handler(units["drains"]), reason="不归我们管")
    hear(case)
    heard = ["duty.dispatch", "duty.returned", "duty.unreached", "duty.unreached"]  # nobody holds acceptor and unit
    assert sorted(told(other.ref)) == heard
    assert sorted(told(one.ref)) == heard[:3]
    grid = make_person("grid", Role.GRID, WEST)
    patrol = cases.submit(make_report(Source.GRID, category="lamp_out"), actor=_with(grid, Role.GRID, WEST))
    handlers.tell_of_steps(CaseOpened(case_id=patrol.case_id))
    assert told(grid.ref) == []


def _with(person, role, area=DISTRICT):
    return Actor(person.ref, (Post(role.value, area),))


def test_every_delivery_of_the_event_tells_it_once(units):
    make_person("disp", Role.DISPATCHER, DISTRICT)
    case = make_case_in("filed", units["drains"])
    for _ in range(3):
        hear(case)
    assert Notice.objects.filter(template="duty.dispatch").count() == 1


def test_what_was_told_is_not_told_to_who_comes_later(units):
    case = make_case_in("filed", units["drains"])
    hear(case)
    late = make_person("late", Role.DISPATCHER, DISTRICT)
    hear(case)
    assert told(late.ref) == []


def test_who_joins_hears_which_case_goes_on_and_then_every_step(units):
    case = make_case()
    second = cases.submit(make_report(), actor=ANONYMOUS)
    assert second.merged
    leave(f"report:{second.report_id}")
    handlers.tell_who_joined(CaseMerged(case_id=case.pk, report_id=second.report_id))
    hear(case)
    cases.move(case.pk, "accept", actor=ACCEPTOR)
    hear(case)
    who = f"contact:{Contact.objects.get().pk}"
    assert told(who)[0] == "cases.joined"
    assert told(who)[-1] == "cases.accepted"
    assert Notice.objects.filter(template="cases.joined").count() == 1


def test_orange_and_red_pass_quiet_hours(units, monkeypatch):
    person = make_person("acc", Role.ACCEPTOR, DISTRICT)
    give_way(person, Channel.SMS, quiet=(0, 23))
    monkeypatch.setattr(clock, "now", lambda: datetime(2030, 11, 3, 2, tzinfo=UTC))
    calm = make_case()
    red = cases.submit(make_report(Source.SENSOR, category="lamp_out", level=Level.ORANGE), actor=SYSTEM)
    for case_id in (calm.pk, red.case_id):
        handlers.tell_of_steps(CaseOpened(case_id=case_id))
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["held", "queued"]


def test_no_words_of_a_reporter_and_no_address_stand_in_a_notice(units):
    case = make_case(text="我是王小明，电话13812345678")
    leave(f"report:{CaseReport.objects.get().pk}")
    make_person("acc", Role.ACCEPTOR, DISTRICT)
    hear(case)
    kept = str(list(Notice.objects.values())) + str(list(Delivery.objects.values()))
    assert "王小明" not in kept
    assert "13812345678" not in kept


def test_two_deliveries_at_once_tell_in_order_and_once(fresh_db):
    with audit.acting(SYSTEM):
        units = make_district()
        make_person("disp", Role.DISPATCHER, DISTRICT)
        case = make_case_in("filed", units["drains"])

    def deliver() -> None:
        hear(case)
        connection.close()

    threads = [threading.Thread(target=deliver) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with audit.acting(SYSTEM):
        assert Notice.objects.filter(template="duty.dispatch").count() == 1


def test_a_contact_stays_when_the_case_is_opened_again(units):
    case = make_case_in("closed", units["drains"])
    subject = f"report:{CaseReport.objects.get().pk}"
    leave(subject)
    hear(case)
    assert Contact.objects.get().delete_at
    notices.forget_after([subject], None)
    assert Contact.objects.get().delete_at is None


def test_after_two_cases_became_one_matter_reporters_of_both_hear_of_every_step(units):
    main = make_case(category="lamp_out")
    rests = make_case()
    for report in CaseReport.objects.all():
        leave(f"report:{report.pk}", to=f"138{report.pk:08d}")
    for case in (main, rests):
        hear(case)
    cases.move(main.pk, "accept", actor=ACCEPTOR)
    cases.merge_cases(main.pk, rests.pk, actor=ACCEPTOR, reason="同一件事")
    for case in (rests, main):
        hear(case)
    whose = {contact.subject: f"contact:{contact.pk}" for contact in Contact.objects.all()}
    of_main, of_rests = (whose[f"report:{CaseReport.objects.get(case=case).pk}"] for case in (main, rests))
    assert told(of_main) == ["cases.received", "cases.accepted"]
    assert told(of_rests) == ["cases.received", "cases.joined", "cases.accepted"]
    assert Notice.objects.get(template="cases.joined").facts["number"] == main.number
    cases.move(main.pk, "reject", actor=ACCEPTOR, reason="已另案处理")
    hear(main)
    assert told(of_rests)[-1] == told(of_main)[-1] == "cases.rejected"
    assert all(contact.delete_at for contact in Contact.objects.all())


def test_the_wiring_lets_the_events_of_cases_reach_these_handlers(units):
    from linli.outbox import actions as outbox

    make_person("disp", Role.DISPATCHER, DISTRICT)
    case = make_case_in("filed", units["drains"])
    outbox.deliver("cases.CaseMoved", outbox.path(handlers.tell_of_steps), {"case_id": case.pk})
    assert Notice.objects.filter(template="duty.dispatch").count() == 1
    for event in ("cases.CaseOpened", "cases.CaseMerged"):
        assert handlers.tell_of_steps in outbox._handlers[event]
