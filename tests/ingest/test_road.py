"""From MQTT to the tables, with a real message server, a real database and ingest as its own process."""

import json
import time

import pytest
from tests.make.areas import middle_of
from tests.make.sensing import SYSTEM

from linli.audit import actions as audit
from linli.sensing import actions as sensing
from linli.sensing import queries
from linli_edge.line import LineLost

T0 = 1_790_000_000


def held(road):
    return road.rows("SELECT device, reason, refused FROM quarantine ORDER BY stream_seq, reason")


def test_readings_are_stored_exactly_and_once(road):
    road.say("mc-1", {"ts": T0, "tilt_deg": 3.25, "open": False}, {"ts": T0 + 0.000001, "tilt_deg": 0.1},
             [{"ts": T0 + 2, "tilt_deg": -1e-300}, {"ts": "2026-09-21T14:13:23Z", "tilt_deg": 7}],
             [{"bn": "tilt_deg", "bt": T0 + 4, "v": 1}])  # fmt: skip
    road.await_cursor(4)
    stored = [(T0, 3.25), (T0 + 0.000001, 0.1), (T0 + 2, -1e-300), (T0 + 3, 7.0), (T0 + 4, 1.0)]
    assert road.readings("mc-1", "tilt_deg") == stored
    assert road.readings("mc-1", "open") == [(T0, 0.0)]

    late = {"ts": T0 + 1, "tilt_deg": 5}
    road.say("mc-1", {"ts": T0 + 4, "tilt_deg": 1}, late, late, {"ts": T0 - 40 * 86400, "tilt_deg": 6})
    road.await_cursor(8)
    assert road.readings("mc-1", "tilt_deg") == sorted([*stored, (T0 + 1, 5.0), (T0 - 40 * 86400, 6.0)])
    assert held(road) == []

    road.say("mc-1", {"ts": T0 + 4, "tilt_deg": 2, "open": True}, {"ts": T0 + 9, "tilt_deg": 8})
    road.await_cursor(10)
    assert held(road) == [("mc-1", "conflict", 1)]
    assert road.readings("mc-1", "tilt_deg")[-2:] == [(T0 + 4, 1.0), (T0 + 9, 8.0)]
    assert road.readings("mc-1", "open") == [(T0, 0.0), (T0 + 4, 1.0)]
    road.await_rows("SELECT l.value FROM latest l JOIN sensing_datastream d ON d.id = l.datastream"
                    " WHERE d.metric IN ('tilt_deg', 'open') ORDER BY 1", [(1.0,), (8.0,)])  # fmt: skip


def test_what_is_refused_is_kept_with_its_reason_and_counted(road):
    road.say("mc-1", b"{", b'{"ts": 1790000000, "tilt_deg": NaN, "open": 1}', {"ts": 99, "tilt_deg": 1, "open": 1},
             {"ts": 4_000_000_000, "tilt_deg": 1}, {"humidity": 3}, {"tilt_deg": "3"},
             b'{"tilt_deg": ' + b" " * 70_000 + b"1}", {"n": -1, "tilt_deg": 1})  # fmt: skip
    road.say("stranger", {"tilt_deg": 1}, {"tilt_deg": 2})
    road.say("mc-1", b"[]", kind="s")
    road.await_cursor(11)
    assert held(road) == [
        ("mc-1", "not_json", 1), ("mc-1", "not_finite", 1), ("mc-1", "too_old", 1), ("mc-1", "in_future", 1),
        ("mc-1", "unknown_metric", 1), ("mc-1", "not_a_number", 1), ("mc-1", "too_large", 1), ("mc-1", "bad_counter", 1),
        ("stranger", "unknown_device", 1), ("stranger", "unknown_device", 1), ("mc-1", "bad_status", 1),
    ]  # fmt: skip
    assert road.readings("mc-1", "open") == [(T0, 1.0)]
    assert road.rows("SELECT octet_length(payload), payload_bytes FROM quarantine WHERE reason = 'too_large'") == [
        (4096, 70_015)]  # fmt: skip
    assert road.rows("SELECT count FROM quarantine_count WHERE device = 'stranger'") == [(2,)]


def test_without_time_the_arrival_is_stored_and_marked_and_a_status_is_kept(road):
    road.say("mc-1", {"tilt_deg": 4})
    road.say("mc-1", {"battery": 77}, kind="s")
    road.await_cursor(2)
    assert road.rows("SELECT value, flags, abs(extract(epoch FROM ts - clock_timestamp())) < 60 FROM observation") == [
        (4.0, 1, True)]  # fmt: skip
    road.await_rows("SELECT messages, unnumbered, status ->> 'battery' FROM device_status", [(1, 1, "77")])


def receipts(line, last):
    """Hear receipts until `last` comes; return all of them."""
    found, deadline = [], time.monotonic() + 20
    while last not in found:
        assert time.monotonic() < deadline, found
        found += [json.loads(body) for _, body in line.hear(1).messages]
    return found


def test_a_receipt_moves_only_over_a_run_without_gap(road):
    line = road.line()
    line.subscribe(["d/mc-1/a"])

    def told(last, *numbers):
        """Say messages with these numbers and return the receipts up to the last of them that must come."""
        road.say("mc-1", *({"ts": T0 + at, "tilt_deg": at, "n": n} for at, n in enumerate(numbers)))
        return [receipt["n"] for receipt in receipts(line, {"n": last})]

    assert max(told(2, 1, 2, 4)) == 2
    road.await_rows("SELECT count(*) FROM observation", [(3,)])
    assert max(told(2, 2)) == 2
    assert max(told(3, 3)) == 3
    assert told(5, 4, 5)[-1] == 5
    road.say("mc-1", {"n": 1, "b": "boot-2"})
    assert receipts(line, {"n": 1, "b": "boot-2"})
    assert road.rows("SELECT session, acked_n FROM receipt ORDER BY session") == [("", 5), ("boot-2", 1)]
    road.end_ingest()
    road.start_ingest()
    assert told(6, 6) == [6]


def test_a_stranger_is_adopted_and_what_it_said_is_read_once_more(road):
    line = road.line()
    line.subscribe(["d/new.7/a"])
    messages = [{"ts": T0 + at, "n": at + 1, "open": at % 2} for at in range(20)]
    road.say("new.7", *messages, {"ts": T0 + 20, "n": 21, "open": "?"})
    road.await_cursor(21)
    assert line.hear(0.3).messages == []
    with audit.acting(SYSTEM):
        assert [(one.device, one.adopted, one.counts, one.held) for one in queries.held_devices(9)] == [
            ("new.7", False, {"unknown_device": 21}, 21)]  # fmt: skip
        sensing.adopt("new.7", name="新井盖计", kit="manhole", where=middle_of(1), actor=SYSTEM)
        request = sensing.replay_quarantined("new.7", actor=SYSTEM)
    assert receipts(line, {"n": 21}) == [{"n": 21}]
    assert road.readings("new.7", "open") == [(T0 + at, float(at % 2)) for at in range(20)]
    with audit.acting(SYSTEM):
        state = queries.replay_state(request)
        assert state is not None
        assert (state.replayed, state.refused, state.done_at is None) == (21, 1, False)
        assert queries.held_devices(9)[0].held == 1
    assert road.rows("SELECT reason FROM quarantine WHERE replayed_at IS NULL") == [("not_a_number",)]
    road.say("new.7", {"ts": T0 + 30, "n": 22, "open": 1})
    assert receipts(line, {"n": 22}) == [{"n": 22}]


def exceedances(road):
    return [(float(at), level_from, level_to, version) for at, level_from, level_to, version in road.rows(
        "SELECT extract(epoch FROM ts), level_from, level_to, rule_version FROM exceedance ORDER BY id")]  # fmt: skip


def test_levels_are_kept_over_a_restart_and_a_changed_rule_is_followed(road):
    road.say("mc-1", {"ts": T0, "tilt_deg": 20}, {"ts": T0 + 29, "tilt_deg": 20})
    road.await_cursor(2)
    assert exceedances(road) == []
    road.end_ingest()
    road.start_ingest()
    road.say("mc-1", {"ts": T0 + 31, "tilt_deg": 20})
    road.await_cursor(3)
    assert exceedances(road) == [(T0 + 31, 0, 3, 1)]
    with audit.acting(SYSTEM):
        rows = queries.exceedances_after(0, 9)
        assert [(row.thing_code, row.metric, row.rule_name, row.level_to.word, row.category) for row in rows] == [
            ("mc-1", "tilt_deg", "manhole_tilt", "orange", "manhole_missing")]  # fmt: skip
        marks = {"kind": "threshold", "direction": "above", "levels": [
            {"level": "orange", "enter": 15, "leave": 12}, {"level": "red", "enter": 18, "leave": 16}]}  # fmt: skip
        sensing.change_rule("manhole_tilt", marks, actor=SYSTEM)
    road.await_rows("SELECT max(version) FROM sensing_rule", [(2,)])
    for at in range(40, 70):
        road.say("mc-1", {"ts": T0 + at, "tilt_deg": 19})
        if len(exceedances(road)) == 2:
            break
    assert exceedances(road)[1][1:] == (3, 4, 2)


@pytest.mark.parametrize("client_id", ["with.dot", "with space", "a>b"])
def test_the_server_refuses_client_ids_that_are_no_subject(road, client_id):
    with pytest.raises(LineLost):
        road.line(client_id)


def test_a_space_in_a_topic_cuts_the_line_and_dots_and_chinese_do_not(road):
    road.say("井盖.7", {"tilt_deg": 1})
    road.await_rows("SELECT device FROM quarantine", [("井盖.7",)])
    with pytest.raises(LineLost):
        road.say("mc 1", {"tilt_deg": 1})
