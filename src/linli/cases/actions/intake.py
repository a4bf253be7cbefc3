from collections.abc import Iterable

from django.db import connection

from linli.areas import queries as areas
from linli.areas.domain.place import Place
from linli.audit import actions as audit
from linli.cases import policy
from linli.cases.actions import stages, steps
from linli.cases.actions.matching import find_matter
from linli.cases.actions.opening import open_case
from linli.cases.actions.routing import find_route
from linli.cases.domain import follow, locks
from linli.cases.domain.intake import Report
from linli.cases.domain.merging import Ask, Join, Open
from linli.cases.domain.remarks import Remark
from linli.cases.domain.routing import RouteRule
from linli.cases.domain.submitted import Submitted
from linli.cases.domain.workflow import State
from linli.cases.events import CaseMerged, CaseMoved, CaseOpened
from linli.cases.models import Case, CaseReport, Category, FollowLink, Likeness, ReportPhoto
from linli.cases.queries.matters import root_of
from linli.files import actions as files
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import Invalid
from linli.kernel.level import Level
from linli.outbox import actions as outbox

_BEFORE_DISPATCH = (State.REPORTED.value, State.ACCEPTED.value, State.FILED.value)


def submit(report: Report, *, actor: Actor) -> Submitted:
    """Take a report in (上报): one it knows gets the same answer, one of an open matter joins it, else it opens a case.

    All of it or nothing, in one transaction.

    Raises: Invalid with the remedy if the place is outside the district, or the category, the
        component, the moment or the text cannot be used; NotPermitted for a source not one's own.
    """
    policy.require_source(actor, report.source)
    report = report.checked(clock.now())
    place = areas.place_of(report.where)
    if not place.area_code:
        raise Invalid("cases.outside", "This place is outside the district. Please move the mark, or call the city's"
                      " hotline.", field="where")
    with audit.acting(Actor.system("cases")):
        reserve([report])
        known = CaseReport.objects.filter(source=report.source.value, source_ref=report.source_ref).first()
        if known:
            return _again(known, report, actor)
        category = _category(report.category)
        found, joined = _matter(report, category, place.area_code[:6])
        case = (_merge(joined, report, place, category, actor) if joined
                else open_case(report, category, place, actor=actor))
        row = _keep(report, case, category, found, actor=actor)
        asked = _ask(case, found) if isinstance(found, Ask) else []
        outbox.publish(CaseMerged(case_id=case.pk, report_id=row.pk) if joined else CaseOpened(case_id=case.pk))
        audit.record("cases.submit", actor=actor, target=f"case:{case.pk}", report=row.pk,
                     source=report.source.value, merged=row.merged, asked=asked)
        return Submitted(case.pk, case.number, row.merged, row.pk, _follow_token(row, report))


def reserve(reports: Iterable[Report]) -> None:
    """Hold everything these reports could meet, in one order, until the transaction ends (并案锁).

    Whoever submits several reports in one transaction reserves them all first.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) key", [locks.keys_of(reports)])


def _again(known: CaseReport, report: Report, actor: Actor) -> Submitted:
    """Answer a report that came before; a higher level than then still raises its matter, if that is open."""
    case = Case.objects.select_for_update().get(pk=root_of(known.case_id))
    if report.level > Level.from_word(known.level):
        known.level = report.level.word
        known.save(update_fields=["level"])
    _raise_level(case, report.level, actor)
    token = None
    if report.ref_is_secret and known.follow_links.count() < follow.LINKS_AT_MOST:
        token = _follow_token(known, report)
    return Submitted(case.pk, case.number, known.merged or case.pk != known.case_id, known.pk, token)


def _category(code: str) -> Category:
    category = Category.objects.filter(code=code, active=True).first()
    if category is None:
        raise Invalid("cases.no_such_category", "There is no such category.", field="category", category=code)
    return category


def _matter(report: Report, category: Category, district: str) -> tuple[Join | Ask | Open, Case | None]:
    """Return what was found, and the case to join, locked; one closed in the meantime is passed over."""
    while True:
        found = find_matter(report, category, district)
        if not isinstance(found, Join):
            return found, None
        case = Case.objects.select_for_update().get(pk=found.case_id)
        if case.is_open:
            return found, case


def _ask(case: Case, found: Ask) -> list[int]:
    """Keep what the acceptor is to be asked: may the new case be the matter of one of these?"""
    now = clock.now()
    Likeness.objects.bulk_create(
        Likeness(case=case, other_id=other, score=score.total, parts=score.kept, asked_at=now)
        for other, score in found.cases)
    return [other for other, _ in found.cases]


def _merge(case: Case, report: Report, place: Place, category: Category, actor: Actor) -> Case:
    guessed = case.component_id is None or case.route_rule == RouteRule.NEARBY_COMPONENT.value
    if report.component_id is not None and guessed and case.state in _BEFORE_DISPATCH:
        route = find_route(report, place, category)
        case.component_id, case.unit_id, case.route_rule = route.component_id, route.unit_id, route.rule.value
    case.last_seen_at = max(case.last_seen_at, report.seen_at)
    case.report_count += 1
    case.save(update_fields=["component", "unit", "route_rule", "last_seen_at", "report_count"])
    steps.append(case, Remark.MERGED.value, before=State(case.state), actor=actor, at=clock.now(),
                 given={"source": report.source.value, "category": report.category})
    _raise_level(case, report.level, actor)
    return case


def _raise_level(case: Case, level: Level, actor: Actor) -> None:
    if level <= Level.from_word(case.level) or not case.is_open:
        return
    before, case.level = case.level, level.word
    case.save(update_fields=["level"])
    stages.hasten(case, clock.now())
    steps.append(case, Remark.LEVEL_RAISED.value, before=State(case.state), actor=actor, at=clock.now(),
                 given={"from": before, "to": level.word})
    audit.record("cases.level_raised", actor=actor, target=f"case:{case.pk}", before=before, after=level.word)
    outbox.publish(CaseMoved(case_id=case.pk))


def _keep(report: Report, case: Case, category: Category, found: Join | Ask | Open, *, actor: Actor) -> CaseReport:
    row = CaseReport.objects.create(
        case=case, source=report.source.value, source_ref=report.source_ref, category=category, text=report.text,
        component_id=report.component_id,
        lon=report.where.lon, lat=report.where.lat, level=report.level.word, reporter=actor.ref,
        seen_at=report.seen_at, received_at=clock.now(), facts=dict(report.facts),
        merged=isinstance(found, Join), likeness=found.score.kept if isinstance(found, Join) else None,
    )
    if report.photos:
        files.use(report.photos, for_what=f"case_report:{row.pk}", actor=actor)
        ReportPhoto.objects.bulk_create([ReportPhoto(report=row, photo_id=photo) for photo in report.photos])
    return row


def _follow_token(row: CaseReport, report: Report) -> str | None:
    if not report.rule.gets_follow_link:
        return None
    token = follow.new_token()
    FollowLink.objects.create(report=row, token_sha256=follow.digest(token), made_at=clock.now())
    return token
