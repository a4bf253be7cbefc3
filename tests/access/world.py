"""What is asked for (访问对象): one thing of each kind in grid A of the west community, kept by unit `drains`."""

from dataclasses import dataclass
from uuid import uuid4

from tests.make.areas import WEST, middle_of
from tests.make.board import SYSTEM, make_alert
from tests.make.cases import make_case, make_photo, make_report, metres_east, moves_to_close
from tests.make.desk import COVER, make_desk

from linli.assets import queries as assets
from linli.audit import actions as audit
from linli.cases import actions as cases
from linli.cases.models import CaseReport, Likeness
from linli.kernel import clock
from linli.kernel.actor import ANONYMOUS
from linli.notices.models import Notice

NOT_THERE = {
    "<slug:number>": "9901-000000-00000", "<case_id>": 987654321, "<int:number>": 987654321, "<alert_id>": 987654321,
    "<str:code>": "no-such-thing", "<code>": "9901010103999999", "<unit_id>": 987654321, "<slug:name>": "no-such-move",
    "<name>": "no-such-move", "<uuid:photo_id>": uuid4(), "<photo_id>": uuid4(), "<str:token>": "A" * 22,
    "<int:likeness_id>": 987654321, "<likeness_id>": 987654321, "<int:report_id>": 987654321, "<report_id>": 987654321,
    "<int:notice_id>": 987654321, "<uuid:delivery_id>": uuid4(), "<slug:verdict>": "no-such-verdict",
    "<verdict>": "no-such-verdict", "<str:sealed>": "none",
}
ALWAYS = {"<int:z>": 14, "<int:x>": 13653, "<int:y>": 6744}
FIXED = {"<slug:name>": "ask_extension", "<name>": "ask_extension", "<slug:verdict>": "different",
         "<verdict>": "different"}
QUERIES = {"/series": "metric=tilt&start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z", "/at": "lon=120&lat=30",
           "/near": "lon=120&lat=30", "nearby": "lon=120&lat=30", "api/v1/areas": "kind=grid"}


@dataclass(frozen=True)
class World:
    """The units by name, and what stands for each parameter of an address: something there, and something not."""

    units: dict[str, int]
    there: dict[str, object]

    def address(self, route: str, *, there: bool = True) -> str:
        """Return the address of a route for what is there, or for what is not."""
        names = {**(self.there if there else {**NOT_THERE, **FIXED}), **ALWAYS}
        if route.startswith("api/v1/areas/<code>") and there:
            names = {**names, "<code>": WEST}
        if route.startswith("api/v1/things"):
            names = {**names, "<code>": names["<str:code>"]}
        if route == "command/chain/case/<int:number>":
            names = {**names, "<int:number>": names["<case_id>"]}
        path = "/" + route
        for name, value in names.items():
            path = path.replace(name, str(value))
        query = next((text for end, text in QUERIES.items() if route.endswith(end)), "")
        return f"{path}?{query}" if query else path


def make_world() -> World:
    """Enter the world: a case dispatched to the drains with a photo, another that may be the same matter, an alert."""
    units = make_desk()
    photo = make_photo(ANONYMOUS)
    with audit.acting(SYSTEM):
        component = assets.by_code(COVER)
        assert component
        told = cases.submit(make_report(component_id=component.id, photos=(photo,)), actor=ANONYMOUS)
        for name, _, actor, given in moves_to_close(units["drains"])[:3]:
            case = cases.move(told.case_id, name, actor=actor, **given)
        other = make_case(where=metres_east(middle_of(0), 80), category="grate_missing")
        likeness = Likeness.objects.create(case=other, other=case, score=0.6, asked_at=clock.now())
        report = CaseReport.objects.get(case=case)
        notice = Notice.objects.create(once="access", recipient="user:0", template="cases.accepted",
                                       made_at=clock.now())
    alert = make_alert()
    return World(units, {
        "<slug:number>": case.number, "<case_id>": case.pk, "<int:number>": alert.pk, "<alert_id>": alert.pk,
        "<str:code>": alert.thing_code, "<code>": COVER, "<unit_id>": units["drains"], **FIXED,
        "<uuid:photo_id>": photo, "<photo_id>": photo, "<str:token>": told.follow_token,
        "<int:likeness_id>": likeness.pk, "<likeness_id>": likeness.pk, "<int:report_id>": report.pk,
        "<report_id>": report.pk, "<int:notice_id>": notice.pk,
        "<uuid:delivery_id>": NOT_THERE["<uuid:delivery_id>"], "<str:sealed>": "none",
    })
