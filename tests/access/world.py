"""What is asked for (访问对象): one thing of each kind in grid A of the west community, kept by unit `drains`."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from tests.access.readers import WHO, browser_of, number_of
from tests.make.areas import GRID_A, WEST, middle_of
from tests.make.board import SYSTEM, make_alert
from tests.make.cases import make_case, make_photo, make_report, metres_east, moves_to_close
from tests.make.desk import COVER, make_desk, photo_file

from linli.accounts.models import Post
from linli.assets import queries as assets
from linli.audit import actions as audit
from linli.cases import actions as cases
from linli.cases.models import CaseReport, Likeness
from linli.cases.pages import photos
from linli.kernel import clock, seal, token
from linli.kernel.actor import ANONYMOUS, Actor
from linli.notices.domain.channels import State
from linli.notices.models import Contact, Delivery, Notice
from linli.notices.queries import sealing
from linli.sensing import actions as sensing

NOT_THERE = {
    "<slug:number>": "9901-000000-00000", "<case_id>": 987654321, "<int:number>": 987654321, "<alert_id>": 987654321,
    "<str:code>": "no-such-thing", "<code>": "9901010103999999", "<unit_id>": 987654321, "<int:unit_id>": 987654321,
    "<slug:name>": "no-such-move",
    "<name>": "no-such-move", "<uuid:photo_id>": uuid4(), "<photo_id>": uuid4(), "<str:token>": "A" * 22,
    "<int:likeness_id>": 987654321, "<likeness_id>": 987654321, "<int:report_id>": 987654321, "<report_id>": 987654321,
    "<int:notice_id>": 987654321, "<int:account_id>": 987654321, "<int:post_id>": 987654321,
    "<uuid:delivery_id>": uuid4(), "<slug:verdict>": "no-such-verdict",
    "<verdict>": "no-such-verdict", "<str:sealed>": "none", "<str:signed>": "none",
}
ALWAYS = {"<int:z>": 14, "<int:x>": 13653, "<int:y>": 6744}
FIXED = {"<slug:name>": "ask_extension", "<name>": "ask_extension", "<slug:verdict>": "different",
         "<verdict>": "different"}
QUERIES = {"/series": "metric=tilt&start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z", "/at": "lon=120&lat=30",
           "/near": "lon=120&lat=30", "nearby": "lon=120&lat=30", "api/v1/areas": "kind=grid"}
WHY = {"reason": "看过现场"}


@dataclass(frozen=True)
class World:
    """The readers' browsers, the units and what stands for each parameter of an address, there or not."""

    browsers: dict[str, Client]
    units: dict[str, int]
    there: dict[str, object]
    special: dict[str, dict[str, object]]
    in_hand: dict[str, dict[str, Any]]

    def address(self, route: str, *, there: bool = True) -> str:
        """Return the address of a route for what is there, or for what is not."""
        names = {**(self.there if there else {**NOT_THERE, **FIXED}), **ALWAYS}
        if there:
            names |= self.special.get(f"/{route}", {})
        if route.startswith("api/v1/things"):
            names = {**names, "<code>": names["<str:code>"]}
        path = "/" + route
        for name, value in names.items():
            path = path.replace(name, str(value))
        query = next((text for end, text in QUERIES.items() if route.endswith(end)), "")
        return f"{path}?{query}" if query else path

    def ask(self, who: str, method: str, route: str, *, there: bool = True) -> HttpResponse:
        """Ask as the reader does, with what the deed needs in hand."""
        address, given = self.address(route, there=there), self.in_hand.get(f"/{route}", {})
        if method == "GET":
            return self.browsers[who].get(address)
        as_json = route.startswith("api/") and "photo" not in given
        more = {"content_type": "application/json"} if as_json else {}
        if "photo" in given:
            given = {"photo": photo_file()}
        return getattr(self.browsers[who], method.lower())(address, given, **more)


def make_world() -> World:
    """Enter the world: a case dispatched to the drains with a photo, one resting in it, one that may be the same."""
    units = make_desk()
    browsers = {who: browser_of(who, units) for who in WHO}
    photo = make_photo(ANONYMOUS)
    sensing.load_kits(actor=SYSTEM)
    with audit.acting(SYSTEM):
        component = assets.by_code(COVER)
        assert component
        told = cases.submit(make_report(component_id=component.id, photos=(photo,)), actor=ANONYMOUS)
        joined = cases.submit(make_report(component_id=component.id), actor=ANONYMOUS)
        assert joined.case_id == told.case_id
        for name, _, actor, given in moves_to_close(units["drains"])[:3]:
            case = cases.move(told.case_id, name, actor=actor, **given)
        other = make_case(where=metres_east(middle_of(0), 80), category="grate_missing")
        resting = make_case(where=metres_east(middle_of(0), -80), category="exposed_rubbish")
        cases.merge_cases(case.pk, resting.pk, actor=moves_to_close(0)[0][2])
        likeness = Likeness.objects.create(case=other, other=case, score=0.6, asked_at=clock.now())
        opened, added = CaseReport.objects.filter(case=case).order_by("pk")
        notice = Notice.objects.create(once="access", recipient=f"user:{number_of(browsers['checker'])}",
                                       template="cases.accepted", made_at=clock.now())
        delivery = Delivery.objects.create(notice=notice, channel="email", state=State.FAILED.value,
                                           due_at=clock.now())
    assert (opened.merged, added.merged) == (False, True)
    alert = make_alert()
    stop = token.sign({"stop": f"report:{opened.pk}"}, key=sealing.secret(), lifetime_s=3600)
    at_rest = {"<case_id>": resting.pk, "<slug:number>": resting.number}
    return World(
        browsers, units,
        {
            "<slug:number>": case.number, "<case_id>": case.pk, "<int:number>": alert.pk, "<alert_id>": alert.pk,
            "<str:code>": alert.thing_code, "<code>": COVER, "<unit_id>": units["drains"],
            "<int:unit_id>": units["drains"], **FIXED,
            "<str:signed>": to_confirm(CaseReport.objects.get(case=case, merged=False)),
            "<uuid:photo_id>": photo, "<photo_id>": photo, "<str:token>": told.follow_token,
            "<int:likeness_id>": likeness.pk, "<likeness_id>": likeness.pk, "<int:report_id>": added.pk,
            "<report_id>": added.pk, "<int:notice_id>": notice.pk, "<uuid:delivery_id>": delivery.pk,
            "<int:account_id>": number_of(browsers["grid"]), "<int:post_id>": post_of(number_of(browsers["grid"])),
            "<str:sealed>": photos.seal(str(photo), Actor(f"user:{number_of(browsers['acceptor'])}")),
        },
        {
            "/api/v1/areas/<code>": {"<code>": WEST}, "/notices/stop/<str:token>": {"<str:token>": stop},
            "/command/chain/case/<int:number>": {"<int:number>": case.pk},
            "/api/v1/cases/<case_id>/unmerge": at_rest, "/desk/cases/<slug:number>/unmerge": at_rest,
        },
        {
            "/api/v1/cases/<case_id>/merge": {"case": other.pk}, "/api/v1/cases/<case_id>/unmerge": WHY,
            "/api/v1/cases/<case_id>/moves/<name>": WHY, "/api/v1/cases/<case_id>/reports/<report_id>/split": WHY,
            "/api/v1/photos": {"photo": ""},
            "/api/v1/reports": {"source_ref": "by hand", "category": "grate_missing", "text": "没有盖", **place(0)},
            "/api/v1/things": {"code": "new-1", "name": "新井盖计", "kit": "manhole", **place(0)},
            "/desk/accounts/<int:account_id>/grant": {"role": "checker", "area": GRID_A},
            "/desk/accounts/new": {"username": "newcomer", "role": "checker", "area": GRID_A},
            "/desk/base-lines": {"device": alert.thing_code, "metric": "tilt", "value": "1.5"},
            "/desk/cases/<slug:number>/merge": {"other": other.number}, "/desk/cases/<slug:number>/unmerge": WHY,
            "/desk/cases/<slug:number>/moves/<slug:name>": WHY,
            "/desk/cases/<slug:number>/reports/<int:report_id>/split": WHY,
            "/desk/notices/settings": {"channel": "email", "remove": ""},
            "/desk/quarantine": {"deed": "replay", "device": alert.thing_code},
            "/desk/report": {"ref": "r" * 30, "category": "grate_missing", "text": "没有盖", "grid": GRID_A},
            "/api/v1/units/<unit_id>/retirement": {"successor": units["duty"]},
            "/desk/units/<int:unit_id>/retire": {"on": timezone.localdate().isoformat(), "successor": units["duty"],
                                                 "confirmed": "on"},
            "/f/<str:token>/news": {"remove": ""}, "/f/<str:token>/refuse": WHY, "/field/<slug:number>": {
                "move": "verify", "text": "是的"},
            "/report/what": {"category": "grate_missing", "text": "没有盖"},
            "/sign-in": {"username": "nobody-of-this-name", "password": "x"},
        },
    )


def to_confirm(report: CaseReport) -> str:
    """Leave a contact for news of a report, and return what is sent there to confirm it."""
    subject = f"report:{report.pk}"
    sealed = seal.seal('{"to": "a@b.test", "token": ""}', about=sealing.about_contact(subject), secret=sealing.secret())
    contact = Contact.objects.create(subject=subject, kind="email", sealed=sealed, language="zh", purpose="progress",
                                     consent="1", given_at=clock.now())
    return token.sign({"confirm": f"contact:{contact.pk}"}, key=sealing.secret(), lifetime_s=600)


def post_of(user: int) -> int:
    """Return the one post of this reader."""
    return Post.objects.get(user=user).pk


def place(column: float) -> dict[str, float]:
    """Return a place of the lattice as a body carries it."""
    where = middle_of(column)
    return {"lon": where.lon, "lat": where.lat}
