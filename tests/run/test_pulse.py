from pathlib import Path

import pytest
from django.db import connection

from linli.metrics import actions as metrics
from linli_run.command_part import CommandPart
from linli_run.home import Home
from linli_run.pulse import Pulse


def part(name: str, probe=None) -> CommandPart:
    return CommandPart(name, [], home=Home(Path("/nowhere")), env={}, probe=probe)


def age(sign: str, seconds: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE metrics_heartbeat SET at = clock_timestamp() - %s * interval '1 s' WHERE part = %s",
                       [seconds, sign])  # fmt: skip


def test_a_part_is_heard_while_every_sign_of_it_is_young(fresh_db):
    for sign in ("ingest", "worker", "alerts"):
        metrics.beat(sign, lag_s=0, limit_s=1)
    assert [Pulse(fresh_db).of(part(name))() for name in ("ingest", "worker")] == [True, True]
    age("alerts", 30)
    assert [Pulse(fresh_db).of(part(name))() for name in ("ingest", "worker")] == [True, False]


@pytest.mark.parametrize("url", ["postgresql:///nobody?host=/nowhere", None])
def test_without_the_database_or_a_sign_it_cannot_be_told(fresh_db, url):
    assert Pulse(url or fresh_db).of(part("ingest"))() is None


def test_a_part_that_can_be_asked_is_asked(fresh_db):
    assert Pulse(fresh_db).of(part("web", lambda: False))() is False
    assert Pulse(fresh_db).of(part("simulator"))() is None
