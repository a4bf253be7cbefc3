"""The API as its own description says it, asked at random by several readers: no server error, nothing undescribed.

`make fuzz` asks longer: `LINLI_FUZZ_EXAMPLES` is how many requests each operation gets from each reader, of each kind.
"""

import os
from collections import Counter

import pytest
import requests
import schemathesis
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode, Response
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.access.readers import ANONYMOUS, browser_of
from tests.access.world import SYSTEM, World, make_world

from linli.audit import actions as audit
from linli.config.api import api

EXAMPLES = int(os.environ.get("LINLI_FUZZ_EXAMPLES", "4"))
ASKING = [ANONYMOUS, "resident", "grid", "acceptor", "unit", "operator"]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
          response_schema_conformance]
KNOWN = {"case_id": "<case_id>", "alert_id": "<alert_id>", "unit_id": "<unit_id>", "photo_id": "<photo_id>",
         "likeness_id": "<likeness_id>", "report_id": "<report_id>"}
CALM = settings(max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, phases=[Phase.generate],
                suppress_health_check=list(HealthCheck))
asked: Counter[str] = Counter()


@pytest.fixture
def world(system) -> World:
    return make_world()


def operations() -> list[schemathesis.APIOperation]:
    description = api.get_openapi_schema()
    return [found.ok() for found in schemathesis.openapi.from_dict(description).get_all_operations()]


def send(browser: Client, case: Case) -> Response:
    """Ask through Django's own stack, and take back what was written."""
    wanted = requests.Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
    headers = {name: value for name, value in wanted.headers.items()
               if name.lower() not in {"cookie", "content-length", "content-type"}}
    with audit.acting(SYSTEM):
        answer = browser.generic(wanted.method, wanted.path_url, wanted.body or b"",
                                 content_type=wanted.headers.get("Content-Type", ""), headers=headers)
        transaction.set_rollback(True)
    return Response(status_code=answer.status_code, headers={k.lower(): [v] for k, v in answer.headers.items()},
                    content=answer.content, request=wanted, elapsed=0.1, verify=False)


@pytest.mark.parametrize("who", ASKING)
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.name.lower())
def test_whatever_is_asked_the_answer_is_as_described(world, who, mode):
    browser = browser_of(who, world.units)
    wrong = {}
    for operation in operations():
        try:
            fuzz(operation, mode, browser, world)
        except (AssertionError, BaseExceptionGroup) as found:
            wrong[operation.label] = "; ".join(str(one) for one in getattr(found, "exceptions", [found]))
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE, operation.label  # nothing to get wrong: it takes no parameter
    assert wrong == {}


def fuzz(operation: schemathesis.APIOperation, mode: GenerationMode, browser: Client, world: World) -> None:
    @CALM
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Case) -> None:
        if mode is GenerationMode.POSITIVE:  # what is there is more telling than what is not
            case.path_parameters.update({name: str(world.there[known]) for name, known in KNOWN.items()
                                         if name in case.path_parameters})
        answer = send(browser, case)
        asked[f"{answer.status_code}"] += 1
        case.validate_response(answer, checks=CHECKS)

    ask()


def test_it_was_asked_and_answered_well_often_enough():
    print(f"{sum(asked.values())} requests: {dict(asked)}")
    assert sum(asked.values()) >= EXAMPLES * len(ASKING) * len(operations())
    assert asked["200"] >= EXAMPLES * len(ASKING)
