"""The first page: what this phone reported, what is being handled, nothing personal (首页)."""


from django.test import Client
from tests.make.browsing import text_of
from tests.make.cases import make_case_in, make_report
from tests.make.desk import token_of
from tests.make.resident import report_all

from linli.assets.models import ComponentClass
from linli.audit import actions as audit
from linli.cases import actions as cases
from linli.cases.models import Case
from linli.kernel.actor import ANONYMOUS, Actor


def all_cases():
    with audit.acting(Actor.system("test")):
        return list(Case.objects.with_facts())


def test_the_phone_lists_what_it_reported_and_can_forget_it(client):
    token = token_of(report_all(client).headers["Location"])
    cookie = client.cookies["linli_mine"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert f"/f/{token}" in text_of(client.get("/"))
    assert token not in text_of(Client().get("/"))
    client.post("/forget")
    assert token not in text_of(client.get("/"))
    assert client.get(f"/f/{token}").status_code == 200


def test_a_changed_cookie_is_no_cookie(client):
    token = token_of(report_all(client).headers["Location"])
    other = cases.submit(make_report(), actor=ANONYMOUS).follow_token
    client.cookies["linli_mine"] = client.cookies["linli_mine"].value.replace(token, other)
    page = client.get("/")
    assert page.status_code == 200
    assert "/f/" not in text_of(page)


def test_home_shows_what_is_being_handled_and_nothing_personal(client, units):
    make_case_in("dispatched", units["drains"], text="我家门口")
    page = text_of(client.get("/"))
    assert "井盖缺失" in page
    assert "我家门口" not in page
    assert all_cases()[0].number not in page


def test_an_empty_home_says_so_and_offers_reporting(client):
    page = text_of(client.get("/"))
    assert "眼下没有在办的事" in page
    assert "/report" in page
    assert "我报的事" not in page


def test_what_concerns_a_gated_component_is_not_on_the_first_page(client, units):
    make_case_in("dispatched", units["drains"])
    with audit.acting(Actor.system("test")):
        ComponentClass.objects.filter(code="0103").update(gated=True)
    assert "井盖缺失" not in text_of(client.get("/"))
