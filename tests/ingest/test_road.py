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
from linli_edge.sender import Sender

T0 = 1_790_000_000


def test_readings_are_stored_exactly_and_once(road, device):
    road.say(device, {"ts": T0, "tilt_deg": 3.25, "open": False}, {"ts": T0 + 0.000001, "tilt_deg": 0.1},
             [{"ts": T0 + 2, "tilt_deg": -1e-300}, {"ts": "2026-09-21T14:13:23Z", "tilt_deg": 7}],
             [{"bn": "tilt_deg", "bt": T0 + 4, "v": 1}])  # fmt: skip
    road.settle()
    stored = [(T0, 3.25), (T0 + 0.000001, 0.1), (T0 + 2, -1e-300), (T0 + 3, 7.0), (T0 + 4, 1.0)]
    assert road.readings(device, "tilt_deg") == stored
    assert road.readings(device, "open") == [(T0, 0.0)]

    late = {"ts": T0 + 1, "tilt_deg": 5}
    road.say(device, {"ts": T0 + 4, "tilt_deg": 1}, late, late, {"ts": T0 - 40 * 86400, "tilt_deg": 6})
    road.settle()
    assert road.readings(device, "tilt_deg") == sorted([*stored, (T0 + 1, 5.0), (T0 - 40 * 86400, 6.0)])
    assert road.held(device) == []

    road.say(device, {"ts": T0 + 4, "tilt_deg": 2, "open": True}, {"ts": T0 + 9, "tilt_deg": 8})
    road.settle()
    assert road.held(device) == [("conflict", 1)]
    assert road.readings(device, "tilt_deg")[-2:] == [(T0 + 4, 1.0), (T0 + 9, 8.0)]
    assert road.readings(device, "open") == [(T0, 0.0), (T0 + 4, 1.0)]
    road.await_rows("SELECT l.value FROM latest l JOIN sensing_datastream d ON d.id = l.datastream"
                    " JOIN sensing_thing t ON t.id = d.thing_id WHERE t.code = %s ORDER BY 1",
                    [(1.0,), (8.0,)], device)  # fmt: skip


def test_what_is_refused_is_kept_with_its_reason_and_counted(road, device):
    road.say(device, b"{", b'{"ts": 1790000000, "tilt_deg": NaN, "open": 1}', {"ts": 99, "tilt_deg": 1, "open": 1},
             {"ts": 4_000_000_000, "tilt_deg": 1}, {"humidity": 3}, {"tilt_deg": "3", "open": "4"},
             b'{"tilt_deg": ' + b" " * 70_000 + b"1}", {"n": -1, "tilt_deg": 1})  # fmt: skip
    road.say(device, b"[]", kind="s")
    road.say(f"{device}-stranger", {"tilt_deg": 1}, {"tilt_deg": 2})
    road.settle()
    assert road.held(device) == [
        ("not_json", 1), ("not_finite", 1), ("too_old", 1), ("in_future", 1), ("unknown_metric", 1),
        ("not_a_number", 2), ("too_large", 1), ("bad_counter", 1), ("bad_status", 1),
    ]  # fmt: skip
    assert road.held(f"{device}-stranger") == [("unknown_device", 1)] * 2
    assert road.readings(device, "open") == [(T0, 1.0)]
    assert road.rows("SELECT octet_length(payload), payload_bytes FROM quarantine WHERE device = %s"
                     " AND reason = 'too_large'", device) == [(4096, 70_015)]  # fmt: skip
    assert road.rows("SELECT reason, count FROM quarantine_count WHERE device = %s", f"{device}-stranger") == [
        ("unknown_device", 2)]  # fmt: skip


def test_the_quarantine_of_a_device_is_a_ring_that_forgets_the_oldest(road, device):
    road.say(f"{device}-chatter", *({"tilt_deg": at} for at in range(700)))
    road.settle()
    road.await_rows("SELECT count(*), bool_and(payload >= %s) FROM quarantine WHERE device = %s", [(500, True)],
                    b'{"tilt_deg": 200}', f"{device}-chatter")  # fmt: skip
    assert road.rows("SELECT count FROM quarantine_count WHERE device = %s", f"{device}-chatter") == [(700,)]
    for part in range(2):  # what contradicts itself is found late, and forgotten all the same
        road.say(device, *({"ts": T0, "open": 400 * part + at} for at in range(400)))
        road.settle()
    road.await_rows("SELECT count(*) FROM quarantine WHERE device = %s", [(500,)], device)
    assert road.rows("SELECT reason, count FROM quarantine_count WHERE device = %s", device) == [("conflict", 799)]


def test_without_time_the_arrival_is_stored_and_marked_and_a_status_is_kept(road, device):
    road.say(device, {"tilt_deg": 4})
    road.say(device, {"battery": 77}, kind="s")
    road.settle()
    assert road.rows("SELECT value, flags, abs(extract(epoch FROM ts - clock_timestamp())) < 60 FROM observation o"
                     " JOIN sensing_datastream d ON d.id = o.datastream JOIN sensing_thing t ON t.id = d.thing_id"
                     " WHERE t.code = %s", device) == [(4.0, 1, True)]  # fmt: skip
    road.await_rows("SELECT messages, unnumbered, status ->> 'battery' FROM device_status WHERE device = %s",
                    [(1, 1, "77")], device)  # fmt: skip


def test_latest_values_are_made_again_from_the_readings(road, device):
    shown = ("SELECT l.ts = to_timestamp(%s), l.value FROM latest l JOIN sensing_datastream d ON d.id = l.datastream"
             " JOIN sensing_thing t ON t.id = d.thing_id WHERE t.code = %s")  # fmt: skip
    road.say(device, {"ts": T0 + 5, "open": 1}, {"ts": T0 + 3, "open": 0})
    road.await_rows(shown, [(True, 1.0)], T0 + 5, device)
    road.end_ingest()
    road.rows("DELETE FROM latest RETURNING 1")
    road.start_ingest()
    road.await_rows(shown, [(True, 1.0)], T0 + 5, device)


def test_a_sender_with_a_journal_goes_on_where_it_was_cut_off(road, device, tmp_path):
    road.end_ingest()
    with Sender(road.nats.mqtt_url, "edge-1", journal=tmp_path / "kept") as sender:
        for at in range(5):
            sender.send(device, {"ts": T0 + at, "open": at % 2})
        assert not sender.wait(0.2)
    road.ask("$JS.API.STREAM.PURGE.TELEMETRY")  # received, confirmed, and lost before it was stored
    road.start_ingest()
    with Sender(road.nats.mqtt_url, "edge-1", journal=tmp_path / "kept") as sender:
        sender.send(device, {"ts": T0 + 5, "open": 1})
        assert sender.wait(20)
    assert road.readings(device, "open") == [(T0 + at, float(at % 2)) for at in range(6)]


def receipts(line, last):
    """Hear receipts until `last` comes; return all of them."""
    found, deadline = [], time.monotonic() + 20
    while last not in found:
        assert time.monotonic() < deadline, found
        found += [json.loads(body) for _, body in line.hear(1).messages]
    return found


def test_a_receipt_moves_only_over_a_run_without_gap(road, device):
    line = road.line()
    line.subscribe([f"d/{device}/a"])

    def told(last, *numbers):
        """Say messages with these numbers and return the receipts up to the last of them that must come."""
        road.say(device, *({"ts": T0 + at, "tilt_deg": at, "n": n} for at, n in enumerate(numbers)))
        return [receipt["n"] for receipt in receipts(line, {"n": last})]

    assert max(told(2, 1, 2, 4)) == 2
    road.settle()
    assert len(road.readings(device, "tilt_deg")) == 3
    assert max(told(2, 2)) == 2
    assert max(told(3, 3)) == 3
    assert told(5, 4, 5)[-1] == 5
    road.say(device, {"n": 1, "b": "boot-2"})
    assert receipts(line, {"n": 1, "b": "boot-2"})
    assert road.rows("SELECT session, acked_n FROM receipt WHERE device = %s ORDER BY session", device) == [
        ("", 5), ("boot-2", 1)]  # fmt: skip
    road.end_ingest()
    road.start_ingest()
    assert told(6, 6) == [6]


def test_a_stranger_is_adopted_and_what_it_said_is_read_once_more(road):
    line = road.line()
    line.subscribe(["d/new.7/a"])
    messages = [{"ts": T0 + at, "n": at + 1, "open": at % 2} for at in range(20)]
    road.say("new.7", *messages, {"ts": T0 + 20, "n": 21, "open": "?"})
    road.settle()
    assert line.hear(0.3).messages == []
    with audit.acting(SYSTEM):
        [stranger] = [one for one in queries.held_devices(99) if one.device == "new.7"]
        assert (stranger.adopted, stranger.counts, stranger.held) == (False, {"unknown_device": 21}, 21)
        sensing.adopt("new.7", name="新井盖计", kit="manhole", where=middle_of(1), actor=SYSTEM)
        sensing.replay_quarantined("new.7", actor=SYSTEM)
    assert receipts(line, {"n": 21}) == [{"n": 21}]
    assert road.readings("new.7", "open") == [(T0 + at, float(at % 2)) for at in range(20)]
    with audit.acting(SYSTEM):
        state = queries.replay_state("new.7")
        assert state is not None
        assert (state.replayed, state.refused, state.done_at is None) == (21, 1, False)
    assert road.rows("SELECT reason FROM quarantine WHERE device = 'new.7' AND replayed_at IS NULL") == [
        ("not_a_number",)]  # fmt: skip
    road.say("new.7", {"ts": T0 + 30, "n": 22, "open": 1})
    assert receipts(line, {"n": 22}) == [{"n": 22}]


def test_a_message_sent_right_after_the_adoption_is_stored(road):
    for at in range(5):
        code = f"quick-{at}"
        road.say(code, {"ts": T0, "open": 0})
        with audit.acting(SYSTEM):
            sensing.adopt(code, name=code, kit="manhole", where=middle_of(0), actor=SYSTEM)
        road.say(code, {"ts": T0 + 1, "open": 1})
        road.settle()
        assert road.readings(code, "open") == [(T0 + 1, 1.0)]


def test_levels_are_kept_over_a_restart_and_a_changed_rule_is_followed(road, device):
    road.say(device, {"ts": T0, "ch4_lel": 0, "tilt_deg": 20}, {"ts": T0 + 29, "ch4_lel": 12, "tilt_deg": 20})
    road.settle()
    assert road.exceedances(device) == [(T0 + 29, 0, 2, 1)]
    road.end_ingest()
    road.start_ingest()
    road.say(device, {"ts": T0 + 31, "ch4_lel": 9, "tilt_deg": 20})
    road.settle()
    assert road.exceedances(device)[1:] == [(T0 + 31, 0, 3, 1)]
    with audit.acting(SYSTEM):
        rows = [row for row in queries.exceedances_after(0, 999) if row.thing_code == device]
        assert [(row.metric, row.rule_name, row.level_to.word, row.category) for row in rows] == [
            ("ch4_lel", "manhole_methane", "yellow", "gas_leak"),
            ("tilt_deg", "manhole_tilt", "orange", "manhole_missing")]  # fmt: skip
        levels = [{"level": "yellow", "enter": 8, "leave": 7}, {"level": "red", "enter": 9, "leave": 7}]
        marks = {"kind": "threshold", "direction": "above", "levels": levels}
        sensing.change_rule("manhole_methane", marks, actor=SYSTEM)
    for at in range(40, 70):
        road.say(device, {"ts": T0 + at, "ch4_lel": 9})
        road.settle()
        if len(road.exceedances(device)) == 3:
            break
    assert road.exceedances(device)[2][1:] == (2, 4, 2)


@pytest.mark.parametrize("client_id", ["with.dot", "with space", "a>b"])
def test_the_server_refuses_client_ids_that_are_no_subject(road, client_id):
    with pytest.raises(LineLost):
        road.line(client_id)


def test_a_space_in_a_topic_cuts_the_line_and_dots_and_chinese_do_not(road):
    road.say("井盖.7", {"tilt_deg": 1})
    road.settle()
    assert road.held("井盖.7") == [("unknown_device", 1)]
    with pytest.raises(LineLost):
        road.say("mc 1", {"tilt_deg": 1})
