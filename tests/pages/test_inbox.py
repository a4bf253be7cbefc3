"""The inbox: queues that count what they list, search, pages (收件箱)."""

import re

import pytest
from tests.make.areas import middle_of
from tests.make.browsing import at, text_of
from tests.make.cases import case_now, make_case, make_case_in
from tests.make.desk import COVER

from linli.audit import actions as audit
from linli.cases.models import Case
from linli.kernel.actor import Actor

SYSTEM = Actor.system("test")


def test_the_queues_count_and_list_the_same(units):
    make_case()
    make_case_in("accepted", units["drains"], where=middle_of(2))
    client = at("acceptor")
    page = text_of(client.get("/desk/?queue=to_accept"))
    assert re.search(r'queue=to_accept" aria-current="page">待受理<span class="fig">1<', page)
    for queue, how_many in (("to_accept", 1), ("to_file", 1), ("to_close", 0), ("open", 2), ("closed", 0)):
        listed = text_of(client.get("/desk/", {"queue": queue}))
        assert listed.count("data-item") == how_many, queue


def test_an_empty_queue_says_so():
    page = text_of(at("checker").get("/desk/"))
    assert "没有“待核查”的案件" in page


@pytest.mark.parametrize("query", [
    {"queue": "no such"}, {"page": "-1"}, {"page": "9" * 30}, {"page": "9999"}, {"q": "\x00"}, {"q": "%_'\"\\"},
    {"q": "字" * 5000}, {"done": "no such"}])
def test_a_strange_address_is_an_ordinary_page(query):
    make_case()
    assert at("acceptor").get("/desk/", query).status_code == 200


def test_a_search_finds_by_number_place_kind_and_component():
    make_case(component_id=None)
    case = case_now(Case.objects.first().pk)
    client = at("acceptor")
    for words in (case.number, "柳塘", "井盖", "Manhole", COVER):
        assert client.get("/desk/", {"q": words}).content.decode().count("data-item") == 1, words
    assert client.get("/desk/", {"q": "没有这个"}).content.decode().count("data-item") == 0


def test_more_than_fifty_rows_are_turned_over_page_by_page():
    with audit.acting(SYSTEM):
        row = Case.objects.get(pk=make_case().pk)
        for n in range(54):
            row.pk, row.number = None, f"Q0101-{n:04d}"
            row._state.adding = True
            row.save(force_insert=True)
    client = at("acceptor")
    first, second = client.get("/desk/"), client.get("/desk/?page=1")
    assert first.content.decode().count("data-item") == 50
    assert second.content.decode().count("data-item") == 5
    assert "下一页" in text_of(first)
