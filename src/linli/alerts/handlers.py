from linli.alerts import actions
from linli.audit import actions as audit
from linli.cases.events import CaseClosed, CaseVoided
from linli.kernel.actor import Actor


def note_still_over(event: CaseClosed | CaseVoided) -> None:
    """Say beside a case that is over that its sensor still exceeds (结案时仍超限), if it does."""
    with audit.acting(Actor.system("alerts")):
        actions.note_still_over(event.case_id)
