from linli.alerts import policy as alerts
from linli.cases import policy as cases
from linli.cases.domain.workflow import WITH_UNIT, State
from linli.command.domain.live import Announcement
from linli.kernel.actor import Actor

COMMAND = Actor.system("command")


def of_alert(alert_id: int) -> Announcement | None:
    """Return what is to be said of an alert as it stands now, None if it is not there."""
    found = alerts.visible_alerts(COMMAND).filter(pk=alert_id).values(
        "id", "level", "thing_name", "lon", "lat", "area_code", "case_id", "case__unit_id", "case__state").first()
    if found is None:
        return None
    data = {"kind": "alert", "id": found["id"], "level": found["level"], "title": found["thing_name"],
            "lon": found["lon"], "lat": found["lat"], "case": found["case_id"]}
    return Announcement(topic="alerts", area=found["area_code"], data=data,
                        units=_units(found["case__unit_id"], found["case__state"]))


def of_case(case_id: int) -> Announcement | None:
    """Return what is to be said of a case as it stands now, None if it is not there."""
    found = cases.visible_cases(COMMAND).filter(pk=case_id).values(
        "id", "number", "state", "level", "title", "lon", "lat", "area_code", "unit_id").first()
    if found is None:
        return None
    data = {"kind": "case", **{name: found[name] for name in ("id", "number", "state", "level", "title", "lon", "lat")}}
    return Announcement(topic="cases", area=found["area_code"], data=data,
                        units=_units(found["unit_id"], found["state"]))


def _units(unit: int | None, state: str | None) -> tuple[int, ...]:
    """A unit hears of a case from the moment it was sent there, as it sees it from then on."""
    return (unit,) if unit is not None and state is not None and State(state) in WITH_UNIT else ()
