import json

from django.conf import settings

from linli.metrics import actions as metrics
from linli.metrics import pages, queries
from linli.metrics.models import Flow, Passage

PARTS = settings.LINLI_PARTS


def test_a_part_is_ready_while_it_beats_and_keeps_its_limit(db):
    metrics.beat("ingest", lag_s=0.2, limit_s=5)
    metrics.beat("worker", lag_s=9, limit_s=5, note="behind")
    assert {part.part: part.ready for part in queries.parts()} == {"ingest": True, "worker": False}


def test_a_silent_part_is_not_ready(db, monkeypatch):
    metrics.beat("ingest", lag_s=0, limit_s=5)
    monkeypatch.setattr(queries, "SILENT_AFTER_S", -1.0)
    assert [part.ready for part in queries.parts()] == [False]


def test_readyz_names_each_part_its_lag_and_its_limit(db, client):
    for part in PARTS:
        metrics.beat(part, lag_s=0.1, limit_s=5)
    answer = client.get("/readyz")
    said = json.loads(answer.content)
    assert answer.status_code == 200, said
    assert {part["part"] for part in said["parts"]} == {"postgres", "disk", "messages", *PARTS}
    assert all(part["limit_s"] > 0 and part["lag_s"] is not None for part in said["parts"])


def test_a_part_never_heard_of_keeps_the_whole_from_being_ready(db, client):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    silent = {part["part"]: part["note"] for part in json.loads(answer.content)["parts"] if not part["ready"]}
    assert silent == dict.fromkeys(PARTS, "never heard of")


def test_counting_knows_nobody_by_name(db):
    from linli.metrics.models import Rate

    counts = [metrics.count("report", "10.0.0.1", window_s=3600, key=b"k") for _ in range(3)]
    assert counts == [1, 2, 3]
    assert metrics.count("report", "10.0.0.2", window_s=3600, key=b"k") == 1
    assert all("10.0.0" not in row.key for row in Rate.objects.all())


def said_of(client, name):
    return next(part for part in client.get("/readyz").json()["parts"] if part["part"] == name)


def test_a_home_without_room_or_that_cannot_be_written_is_not_ready(db, client, monkeypatch):
    assert said_of(client, "disk")["ready"]
    monkeypatch.setattr(pages, "LEAST_FREE_BYTES", 2**60)
    assert not said_of(client, "disk")["ready"]
    monkeypatch.setattr(pages.os, "access", lambda folder, mode: False)
    assert said_of(client, "disk")["note"] == "cannot be written"


def test_what_the_stream_dropped_unread_is_said(db, client):
    assert said_of(client, "messages")["note"] == ""
    Passage.objects.create(stream="TELEMETRY", passed=12)
    Flow.objects.create(family="manhole", stored=9)
    assert said_of(client, "messages")["note"] == "3 left the stream before they were read"
    text = client.get("/metrics").content.decode()
    assert "linli_messages_unaccounted 3" in text
    assert 'linli_messages_total{family="manhole",outcome="stored"} 9' in text
