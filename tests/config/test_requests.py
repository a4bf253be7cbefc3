import pytest
from django.test import override_settings
from tests.conftest import sign_in

from linli.audit import queries as audit

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(autouse=True)
def own_addresses():
    with override_settings(ROOT_URLCONF="tests.make.addresses"):
        yield


def test_a_refusal_is_data_for_programs_and_takes_back_what_was_written(client):
    answer = client.get("/api/refuse", headers={"accept-language": "en"})
    assert answer.status_code == 403
    assert answer.json() == {"code": "test.no", "message": "Only the checker may.", "field": "",
                             "params": {"role": "checker"}}
    assert audit.entries_of("thing:1") == []


def test_a_refusal_is_a_page_for_people(client):
    answer = client.get("/refuse", headers={"accept-language": "en"})
    assert answer.status_code == 403
    assert "Only the checker may." in answer.content.decode()


@pytest.mark.parametrize(("address", "status"), [("/refuse", 403), ("/nowhere", 404)])
def test_a_page_that_says_no_to_somebody_signed_in_is_a_page(system, client, address, status):
    from linli.accounts import actions as accounts
    from linli.accounts.actions import NewPost
    from linli.kernel.actor import Actor
    from linli.kernel.role import Role

    accounts.make_demo_accounts({"street": [NewPost(role=Role.STREET, name="街道值班岗", area="990101001")]},
                                actor=Actor.system("test"))
    sign_in(client, "street")
    answer = client.get(address)
    assert answer.status_code == status
    assert "<!doctype html>" in answer.content.decode()
    assert audit.entries_of("thing:1") == []


def test_an_error_takes_back_what_was_written(client):
    client.raise_request_exception = False
    assert client.get("/fail").status_code == 500
    assert audit.entries_of("thing:1") == []


@pytest.mark.parametrize(("address", "said"), [("/away", "请稍等几秒"), ("/api/away", "service.away")])
def test_a_database_that_is_away_is_no_fault_and_says_when_to_ask_again(client, address, said):
    client.raise_request_exception = False
    answer = client.get(address)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert said in answer.content.decode()


def test_what_went_well_is_kept_in_the_actors_name(client):
    client.get("/write")
    assert [entry.actor for entry in audit.entries_of("thing:1")] == ["resident:anonymous"]


def test_every_answer_tells_the_browser_to_load_nothing_foreign(client):
    policy = client.get("/write").headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
