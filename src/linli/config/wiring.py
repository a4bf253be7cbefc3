"""Who hears of what (谁听谁说): the only place where subscriptions stand, one line each."""

from linli.alerts import handlers as alerts
from linli.alerts.events import AlertChanged, AlertCleared, AlertRaised
from linli.assets import actions as assets
from linli.calendar.events import CalendarChanged
from linli.cases import handlers as cases
from linli.cases.events import CaseClosed, CaseMerged, CaseMoved, CaseOpened, CaseVoided
from linli.changes.domain import register
from linli.command import handlers as command
from linli.outbox.actions import subscribe


def connect() -> None:
    """Make every subscription and every versioned table known; called once when Django is ready."""
    register.enter(*assets.REGISTERS)
    subscribe(AlertRaised, command.announce_alert, ahead=True)
    subscribe(AlertChanged, command.announce_alert, ahead=True)
    subscribe(AlertCleared, command.announce_alert, ahead=True)
    subscribe(CaseOpened, command.announce_case, ahead=True)
    subscribe(CaseMoved, command.announce_case, ahead=True)
    subscribe(CaseMerged, command.announce_case, ahead=True)
    subscribe(CaseClosed, command.announce_case, ahead=True)
    subscribe(CalendarChanged, cases.settle_limits)
    subscribe(CaseOpened, cases.tell_of_steps)
    subscribe(CaseMoved, cases.tell_of_steps)
    subscribe(CaseMerged, cases.tell_of_steps, cases.tell_who_joined)
    subscribe(CaseClosed, alerts.note_still_over)
    subscribe(CaseVoided, alerts.note_still_over)
