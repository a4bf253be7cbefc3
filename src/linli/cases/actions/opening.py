from collections.abc import Mapping

from django.db import connection
from django.utils.timezone import localtime

from linli.areas.domain.place import Place
from linli.cases.actions import stages, steps
from linli.cases.actions.routing import find_route
from linli.cases.domain.intake import Report
from linli.cases.domain.remarks import Remark
from linli.cases.domain.texts import title_of
from linli.cases.domain.workflow import State
from linli.cases.models import Case, Category
from linli.kernel import clock
from linli.kernel.actor import Actor


def open_case(report: Report, category: Category, place: Place, *, actor: Actor,
              given: Mapping[str, object] | None = None) -> Case:
    """Open a case for a report at the unit its route names (生成案件); its first step says so, with `given`."""
    now, route = clock.now(), find_route(report, place, category)
    case_id, number = _next_number()
    case = Case.objects.create(
        pk=case_id, number=number, category=category, title=title_of(category.name_zh, place.label), place=place.label,
        lon=report.where.lon, lat=report.where.lat, area_code=place.area_code, component_id=route.component_id,
        unit_id=route.unit_id, route_rule=route.rule.value, level=report.level.word, opened_at=now,
        last_seen_at=report.seen_at,
    )
    steps.append(case, Remark.OPENED.value, before=State.REPORTED, actor=actor, at=now, given={
        "source": report.source.value, "route_rule": route.rule.value, "level": report.level.word, **(given or {})})
    stages.begin(case, now)
    return case


def _next_number() -> tuple[int, str]:
    """Return the next case's id and its number: the local day, then the id, so never twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('cases_case', 'id'))")
        case_id = int(cursor.fetchone()[0])
    return case_id, f"Q{localtime(clock.now()):%m%d}-{case_id:04d}"
