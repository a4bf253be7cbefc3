from collections.abc import Sequence

from django.db import transaction

from linli.alerts.models import Alert
from linli.cases import actions as cases
from linli.cases import queries as case_facts
from linli.cases.domain.intake import Report, Source
from linli.cases.domain.remarks import Remark
from linli.kernel.actor import Actor
from linli.kernel.errors import DomainError
from linli.sensing.queries import ExceedanceRow

_SELF = Actor.system("alerts")


def ask_for_cases(wishes: Sequence[tuple[Alert, ExceedanceRow]]) -> None:
    """Hand in a report for each alert that asks for a case (转案件), in the alerts' own transaction.

    A refused one (a device outside the district, say) keeps its alert, with the reason.
    """
    over = case_facts.over_among([alert.case_id for alert, _ in wishes if alert.case_id])
    reports = [(alert, _report(alert, row, again=alert.case_id in over)) for alert, row in wishes]
    cases.reserve([report for _, report in reports])
    for alert, report in reports:
        try:
            with transaction.atomic():
                alert.case_id = cases.submit(report, actor=_SELF).case_id
            alert.case_refused = ""
        except DomainError as refusal:
            alert.case_refused = refusal.code[:60]
        alert.save(update_fields=["case", "case_refused"])


def say_recovered(alert: Alert) -> None:
    """Write beside the alert's case that the sensor is back to normal (监测恢复): whether it is fixed, people check."""
    if alert.case_id:
        cases.remark(alert.case_id, Remark.SENSOR_RECOVERED, once=f"alert:{alert.pk}:cleared", actor=_SELF,
                     given={"alert": alert.pk, "thing": alert.thing_code, "value": alert.value})


def _report(alert: Alert, row: ExceedanceRow, *, again: bool) -> Report:
    """Return the report of an alert; `again` = its case is over and it rose further, so this is a new matter."""
    unit = f" {row.unit_of_measurement}" if row.unit_of_measurement else ""
    return Report(
        source=Source.SENSOR, source_ref=f"alert:{alert.pk}:{row.id}" if again else f"alert:{alert.pk}",
        category=row.category, where=row.point, seen_at=row.ts, level=row.level_to, component_id=row.component_id,
        text=f"{row.thing_name} ({row.thing_code}): {row.metric} {row.value:g}{unit}",
        facts={"alert": alert.pk, "exceedance": row.id, "thing": row.thing_code, "thing_name": row.thing_name,
               "metric": row.metric, "value": row.value, "unit": row.unit_of_measurement, "rule": row.rule_name,
               "rule_version": row.rule_version, "level": row.level_to.word},
    )
