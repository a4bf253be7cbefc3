"""The acceptor's question: both cases side by side, an answer, and what undoes it."""

import pytest
from django.test import Client
from tests.conftest import sign_in
from tests.make.areas import middle_of
from tests.make.cases import case_now, make_case, make_photo, make_report, metres_east

from linli.cases import actions as cases
from linli.cases.models import Case, Likeness
from linli.kernel.actor import ANONYMOUS


def at(username: str) -> Client:
    client = Client()
    sign_in(client, username)
    return client


def text_of(answer) -> str:
    return answer.content.decode().split("<main")[1]


@pytest.fixture
def question() -> Likeness:
    make_case(text="井盖没有了，很危险", photos=(make_photo(ANONYMOUS),))
    make_case(text="路口井盖不见了", where=metres_east(middle_of(0), 60))
    return Likeness.objects.get()


def test_the_inbox_says_how_many_questions_wait_and_leads_to_them(question):
    inbox = at("acceptor").get("/desk/").content.decode()
    assert "是否同一件事" in inbox
    assert 'href="/desk/same"' in inbox
    listed = text_of(at("acceptor").get("/desk/same"))
    assert f'href="/desk/same/{question.pk}"' in listed
    assert "同类" in listed
    assert "相距 60 米" in listed
    assert "/desk/same" not in at("dispatcher").get("/desk/").content.decode()
    assert f"/desk/same/{question.pk}" not in at("east").get("/desk/same").content.decode()


def test_both_cases_stand_side_by_side(question):
    page = text_of(at("acceptor").get(f"/desk/same/{question.pk}"))
    for said in (question.case.number, question.other.number, "井盖没有了，很危险", "路口井盖不见了", "相距 60 米",
                 "一小时内", 'data-key="s"', 'data-key="d"', 'data-island="map"'):
        assert said in page, said
    assert page.count("/photos/") == 1


@pytest.mark.parametrize("who", ["dispatcher", "east", "street"])
def test_a_question_is_nobody_elses(question, who):
    assert at(who).get(f"/desk/same/{question.pk}").status_code == 404
    assert at(who).post(f"/desk/same/{question.pk}/same").status_code == 404
    assert Likeness.objects.get().state == "pending"


def test_the_same_merges_and_the_case_says_where_it_goes_on(question):
    acceptor = at("acceptor")
    answer = acceptor.post(f"/desk/same/{question.pk}/same")
    assert answer.headers["Location"] == "/desk/same?done=same"
    assert "两案已并为一案" in text_of(acceptor.get("/desk/same?done=same"))
    page = text_of(acceptor.get(f"/desk/cases/{question.case.number}"))
    assert f"/desk/cases/{question.other.number}" in page
    assert "已并案，在主案中继续" in page
    assert "/moves/" not in page
    main = text_of(acceptor.get(f"/desk/cases/{question.other.number}"))
    assert "路口井盖不见了" in main
    assert "并入一个同一事项的案件" in main


def test_two_matters_stay_two(question):
    answer = at("acceptor").post(f"/desk/same/{question.pk}/different", {"reason": "相邻两个井"})
    assert answer.headers["Location"] == "/desk/same?done=different"
    assert Case.objects.filter(merged_into=None).count() == 2
    assert "相邻两个井" in text_of(at("acceptor").get(f"/desk/cases/{question.case.number}"))


def test_an_answer_that_comes_too_late_says_so(question):
    cases.move(question.other_id, "reject", actor=_acceptor(), reason="查无此事")
    answer = at("acceptor").post(f"/desk/same/{question.pk}/same")
    assert answer.status_code == 409
    assert "已经了结" in text_of(answer)
    assert 'data-key="s"' not in answer.content.decode()


def test_a_merged_case_is_parted_on_its_page():
    one, two = make_case(), make_case(where=middle_of(1))
    acceptor = at("acceptor")
    merged = acceptor.post(f"/desk/cases/{one.number}/merge", {"other": f" {two.number.lower()} "})
    assert merged.headers["Location"] == f"/desk/cases/{one.number}?done=case_merged"
    assert f"/desk/cases/{two.number}/unmerge" in text_of(acceptor.get(f"/desk/cases/{two.number}"))
    assert "/unmerge" not in text_of(at("street").get(f"/desk/cases/{two.number}"))
    assert acceptor.post(f"/desk/cases/{two.number}/unmerge", {"reason": " "}).status_code == 422
    assert acceptor.post(f"/desk/cases/{two.number}/unmerge", {"reason": "两处"}).status_code == 302
    assert case_now(two.pk).merged_into_id is None
    assert "已拆案" in text_of(acceptor.get(f"/desk/cases/{two.number}"))


@pytest.mark.parametrize("other", ["", "Q0000-0000", "'; --", "\x00", "Q" * 4000])
def test_a_number_that_is_nobodys_is_refused_beside_the_form(other):
    case = make_case()
    answer = at("acceptor").post(f"/desk/cases/{case.number}/merge", {"other": other})
    assert answer.status_code == 404
    assert case.number in text_of(answer)


def test_a_report_says_why_it_joined_and_is_split_off():
    first = cases.submit(make_report(text="井盖没有了，很危险"), actor=ANONYMOUS)
    joined = cases.submit(make_report(text="井盖没有了，很危险"), actor=ANONYMOUS)
    number = case_now(first.case_id).number
    page = text_of(at("acceptor").get(f"/desk/cases/{number}"))
    assert "自动并案依据" in page
    assert "用语几乎相同" in page
    assert page.count("/split") == 1
    assert "/split" not in text_of(at("dispatcher").get(f"/desk/cases/{number}"))
    answer = at("acceptor").post(f"/desk/cases/{number}/reports/{joined.report_id}/split", {"reason": "另一处"})
    new = Case.objects.latest("pk")
    assert answer.headers["Location"] == f"/desk/cases/{new.number}?done=split_off"


def test_who_follows_a_merged_case_is_told_both_numbers(client):
    first, second = (cases.submit(make_report(where=middle_of(n)), actor=ANONYMOUS) for n in range(2))
    cases.merge_cases(first.case_id, second.case_id, actor=_acceptor())
    page = text_of(client.get(f"/f/{second.follow_token}"))
    assert first.number in page
    assert second.number in page


def _acceptor():
    from tests.make.cases import ACCEPTOR

    return ACCEPTOR
