from django.db import transaction

from linli.alerts.events import AlertChanged
from linli.alerts.models import Alert
from linli.cases import actions as cases
from linli.cases.domain.remarks import Remark
from linli.kernel.actor import Actor
from linli.outbox import actions as outbox


@transaction.atomic
def note_still_over(case_id: int) -> int:
    """Note beside a closed case each of its alerts that has not cleared (结案时仍超限); return how many.

    The alerts stay open: only their readings clear them. What rises further opens a new case.
    """
    standing = list(Alert.objects.still_open().filter(case_id=case_id).order_by("pk"))
    for alert in standing:
        cases.remark(case_id, Remark.SENSOR_STILL_OVER, once=f"alert:{alert.pk}:still_over",
                     actor=Actor.system("alerts"),
                     given={"alert": alert.pk, "thing": alert.thing_code, "level": alert.level, "value": alert.value})
        outbox.publish(AlertChanged(alert_id=alert.pk))
    return len(standing)
