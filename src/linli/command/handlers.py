"""What changed is said at once to whoever watches (实时播报). Twice said is harmless: a page asks for the rows anew."""

from linli.alerts.events import AlertChanged, AlertCleared, AlertRaised
from linli.audit import actions as audit
from linli.cases.events import CaseClosed, CaseMerged, CaseMoved, CaseOpened
from linli.command import actions
from linli.command.queries import announced


def announce_alert(event: AlertRaised | AlertChanged | AlertCleared) -> None:
    """Say how an alert stands now (播报预警)."""
    with audit.acting(announced.COMMAND):
        if said := announced.of_alert(event.alert_id):
            actions.announce(said)


def announce_case(event: CaseOpened | CaseMoved | CaseMerged | CaseClosed) -> None:
    """Say how a case stands now (播报案件)."""
    with audit.acting(announced.COMMAND):
        if said := announced.of_case(event.case_id):
            actions.announce(said)
