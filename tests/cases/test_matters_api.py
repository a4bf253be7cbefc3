"""Programs ask, answer, merge and part like the desk does."""

import pytest
from django.test import Client
from tests.conftest import sign_in
from tests.make.areas import middle_of
from tests.make.cases import case_now, make_case, make_report, metres_east
from tests.make.desk import make_desk

from linli.cases import actions as cases
from linli.cases.models import Likeness
from linli.kernel.actor import ANONYMOUS


@pytest.fixture(autouse=True)
def units(system):
    return make_desk()


def at(username: str) -> Client:
    client = Client()
    sign_in(client, username)
    return client


def send(client: Client, address: str, **body: object):
    return client.post(f"/api/v1{address}", body, content_type="application/json")


@pytest.fixture
def question() -> Likeness:
    make_case()
    make_case(where=metres_east(middle_of(0), 60))
    return Likeness.objects.get()


def test_the_acceptor_lists_and_answers_questions(question):
    [listed] = at("acceptor").get("/api/v1/likenesses").json()
    assert (listed["id"], listed["state"]) == (question.pk, "pending")
    assert listed["parts"]["category"] == "same"
    answer = send(at("acceptor"), f"/likenesses/{question.pk}/same")
    assert (answer.status_code, answer.json()["state"]) == (200, "same")
    assert at("acceptor").get("/api/v1/likenesses").json() == []
    shown = at("acceptor").get(f"/api/v1/cases/{question.case_id}").json()
    assert (shown["merged_into_id"], shown["moves"]) == (question.other_id, [])


@pytest.mark.parametrize(("who", "status"), [("east", 404), ("dispatcher", 404), ("resident", 404)])
def test_nobody_else_is_asked(question, who, status):
    assert at(who).get("/api/v1/likenesses").json() == []
    assert send(at(who), f"/likenesses/{question.pk}/same").status_code == status
    assert Client().get("/api/v1/likenesses").status_code == 401


@pytest.mark.parametrize("address", ["/likenesses/{}/perhaps", "/likenesses/9223372036854775808/same",
                                     "/likenesses/-1/different", "/likenesses/0/same"])
def test_what_cannot_be_answered_is_not_found(question, address):
    assert send(at("acceptor"), address.format(question.pk)).status_code == 404


def test_cases_are_merged_and_parted():
    one, two = make_case(), make_case(where=middle_of(1))
    merged = send(at("acceptor"), f"/cases/{one.pk}/merge", case=two.pk, reason="同一处")
    assert (merged.status_code, merged.json()["id"], merged.json()["report_count"]) == (200, one.pk, 2)
    assert send(at("acceptor"), f"/cases/{two.pk}/moves/accept").json()["code"] == "cases.merged"
    assert send(at("acceptor"), f"/cases/{two.pk}/unmerge").status_code == 422
    parted = send(at("acceptor"), f"/cases/{two.pk}/unmerge", reason="两处")
    assert (parted.status_code, parted.json()["merged_into_id"]) == (200, None)
    again = send(at("acceptor"), f"/cases/{two.pk}/unmerge", reason="两处")
    assert (again.status_code, again.json()["code"]) == (409, "cases.not_merged")


@pytest.mark.parametrize(("who", "status"), [("east", 404), ("dispatcher", 403), ("grid", 403)])
def test_only_an_acceptor_over_both_merges(who, status):
    one, two = make_case(), make_case(where=middle_of(1))
    assert send(at(who), f"/cases/{one.pk}/merge", case=two.pk).status_code == status
    assert case_now(two.pk).merged_into_id is None


@pytest.mark.parametrize("other", [0, -5, 2**63, 999_999])
def test_a_case_that_is_not_there_is_not_merged(other):
    assert send(at("acceptor"), f"/cases/{make_case().pk}/merge", case=other).status_code in (404, 422)


def test_a_report_is_split_off():
    first = cases.submit(make_report(text="井盖没了"), actor=ANONYMOUS)
    joined = cases.submit(make_report(text="井盖没了"), actor=ANONYMOUS)
    shown = at("acceptor").get(f"/api/v1/cases/{first.case_id}").json()["reports"]
    assert [report["likeness"] is None for report in shown] == [True, False]
    address = f"/cases/{first.case_id}/reports/{joined.report_id}/split"
    assert send(at("dispatcher"), address, reason="x").status_code == 403
    new = send(at("acceptor"), address, reason="另一处")
    assert (new.status_code, new.json()["report_count"]) == (200, 1)
    assert send(at("acceptor"), address, reason="另一处").status_code == 404
