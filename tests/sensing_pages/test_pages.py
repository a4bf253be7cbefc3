"""The pages of devices: scope, honesty about silence, raw readings to the last digit, the operator's quarantine."""

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.make.areas import EAST, GRID_C, WEST, make_areas, middle_of
from tests.make.board import SYSTEM, at_post, make_stream
from tests.make.readings import heard, ingesting, measured, passed, refused
from tests.make.sensing import make_thing

from linli.audit import actions as audit
from linli.kernel import clock
from linli.kernel.level import Level
from linli.kernel.role import Role
from linli.sensing import actions as sensing
from linli.sensing.domain import rule_text
from linli.sensing.domain.threshold import Threshold, changes
from linli.sensing.models import ClockDoubt, Datastream, ReplayRequest, Thing
from linli.sensing.pages.measured import measured as all_measured
from linli.sensing.pages.measured import stream_of
from linli.sensing.pages.thing import MOST_POINTS

BUDGET = 12  # two of them say at every page's head how many notices wait
SCOPE = re.compile(r"SAVEPOINT|BEGIN|COMMIT|set_config|current_setting")


@pytest.fixture
def line(server, fresh_db):
    """Ingest's own connection; what it writes is committed before each look."""
    with audit.acting(SYSTEM):
        make_areas()
    with ingesting(server) as open_line:
        yield open_line


def streams(**kinds):
    with audit.acting(SYSTEM):
        return {name: make_stream(**given) for name, given in kinds.items()}


def browser(role: Role, area: str = WEST):
    with audit.acting(SYSTEM):
        return at_post(role, area)[0]


def every_ten_seconds(count, *, ago=timedelta(0), start=0.0):
    end = clock.now() - ago
    return [(end - timedelta(seconds=10 * (count - 1 - i)), start + i) for i in range(count)]


def props(page: str, name: str):
    found = re.search(rf'<script id="{name}-props" type="application/json">(.*?)</script>', page)
    return json.loads(found[1]) if found else None


def spent(client, address):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in asked.captured_queries if not SCOPE.search(query["sql"])]


def test_devices_are_shown_to_posts_of_their_area_and_exist_for_nobody_else(line, client):
    made = streams(west={"code": "mc-west"}, east={"code": "mc-east", "area": GRID_C})
    assert client.get("/desk/things/").url == "/sign-in?next=/desk/things/"
    west = browser(Role.COMMUNITY)
    assert re.findall(r'href="/desk/things/(mc-[\w-]+)"', west.get("/desk/things/").content.decode()) == ["mc-west"]
    assert west.get("/desk/things/mc-west").status_code == 200
    for path in ("", "/chart", "/readings", "/readings.csv"):
        assert west.get(f"/desk/things/mc-east{path}").status_code == 404
        assert browser(Role.RESIDENT).get(f"/desk/things/mc-west{path}").status_code == 404
    [pin] = west.get("/desk/things.geojson").json()["features"]
    assert pin["properties"]["title"] == made["west"].thing.name
    assert browser(Role.COMMUNITY, EAST).get("/desk/things.geojson").json()["features"][0]["properties"]["id"] == \
        made["east"].thing_id
    with audit.acting(SYSTEM):
        unit = at_post(Role.MEDIATOR, "")[0]
    assert unit.get("/desk/things/").status_code == 404


def test_a_post_that_sees_no_devices_widens_nothing(line):
    streams(east={"code": "mc-east", "area": GRID_C})
    with audit.acting(SYSTEM):
        client, user = at_post(Role.COMMUNITY, WEST)
        user.posts.create(role=Role.MEDIATOR.value, name="调解 01", area_code="", valid_from=clock.now())
    assert "mc-east" not in client.get("/desk/things/").content.decode()
    assert client.get("/desk/things/mc-east").status_code == 404
    assert client.get("/desk/things.geojson").json()["features"] == []


def test_a_silent_device_is_never_shown_as_safe(line):
    made = streams(never={"code": "mc-never"}, silent={"code": "mc-silent"}, well={"code": "mc-well"})
    measured(line, made["silent"].pk, every_ten_seconds(30, ago=timedelta(hours=2)))
    measured(line, made["well"].pk, every_ten_seconds(5))
    heard(line, "mc-silent", clock.now() - timedelta(hours=2))
    heard(line, "mc-well", clock.now())
    client = browser(Role.STREET)
    client.cookies["linli_language"] = "en"
    page = client.get("/desk/things/").content.decode()
    told = {code: re.findall(r"No reading|Under the marks", row) for row in page.split("<tr>")
            for code in re.findall(r'things/(mc-\w+)', row)[:1]}
    assert told == {"mc-never": ["No reading"], "mc-silent": ["No reading"], "mc-well": ["Under the marks"]}
    assert "not known" in client.get("/desk/things/mc-silent").content.decode()
    assert "Under the marks" not in client.get("/desk/things/mc-never").content.decode()
    assert "Silent 2" in page
    shown = re.findall(r'things/(mc-\w+)"', client.get("/desk/things/?show=silent").content.decode())
    assert set(shown) == {"mc-never", "mc-silent"}


def test_how_often_a_metric_reports_is_the_profiles_word_until_enough_readings_are_there(line):
    with audit.acting(SYSTEM):
        make_thing("sl-1", kit="sewer_level")
        stream = Datastream.objects.get(thing__code="sl-1", metric="level_m")
    now = clock.now()

    def usual() -> float | None:
        with audit.acting(SYSTEM):
            return stream_of(all_measured([stream.thing_id])[stream.thing_id], "level_m").usual_s

    assert usual() == 300
    measured(line, stream.pk, [(now - timedelta(seconds=3601), 1.0), (now - timedelta(seconds=3600), 1.0)])
    assert usual() == 300  # and not the one second that lies between the two
    measured(line, stream.pk, [(now - timedelta(seconds=600 - 60 * n), 1.0) for n in range(9)])
    assert usual() == 300
    measured(line, stream.pk, [(now - timedelta(seconds=60), 1.0), (now, 1.0)])
    assert usual() == 60


def test_a_counter_that_wraps_or_begins_anew_is_counted_whole_and_said_so(line):
    with audit.acting(SYSTEM):
        make_thing("fl-1", kit="fire_lane")
        stream = Datastream.objects.get(thing__code="fl-1", metric="car_count")
    now = clock.now()
    measured(line, stream.pk, [(now - timedelta(minutes=60 - n), value)
                               for n, value in enumerate([65_530, 65_535, 4, 10, 99_999, 0, 3])])
    client = browser(Role.STREET)
    client.cookies["linli_language"] = "en"
    page = client.get("/desk/things/fl-1?metric=car_count").content.decode()
    assert "Counted in this stretch of time: 19" in page
    assert "passed 65,536 1 time" in page
    assert "began anew 1 time:" in page
    assert "Counted" not in client.get("/desk/things/fl-1?metric=field_ut").content.decode()


def test_numbers_of_two_sessions_within_the_hour_may_be_two_senders(line):
    streams(one={"code": "mc-two"})
    now = clock.now()
    heard(line, "mc-two", now, acked_n=7)
    client = browser(Role.STREET)
    client.cookies["linli_language"] = "en"
    assert "two senders" not in client.get("/desk/things/mc-two").content.decode()
    line.execute("INSERT INTO receipt VALUES ('mc-two', 'other', 3, %s)", [now - timedelta(minutes=59)])
    assert "Numbers of 2 sessions" in client.get("/desk/things/mc-two").content.decode()
    line.execute("UPDATE receipt SET at = %s WHERE session = 'other'", [now - timedelta(hours=2)])
    assert "two senders" not in client.get("/desk/things/mc-two").content.decode()


def test_a_device_whose_clock_went_back_is_said_to_speak_of_times_gone_by(line):
    made = streams(back={"code": "mc-back"})
    now = clock.now()
    measured(line, made["back"].pk, every_ten_seconds(30, ago=timedelta(hours=2)))
    line.execute("INSERT INTO late_arrival VALUES (%s, %s, %s)", [made["back"].pk, now, now - timedelta(hours=3)])
    client = browser(Role.STREET)
    client.cookies["linli_language"] = "en"
    page = client.get("/desk/things/mc-back").content.decode()
    assert "It speaks, but of times gone by: how it is now is not known" in page
    assert "Under the marks" not in client.get("/desk/things/").content.decode()


def test_a_device_with_a_slow_clock_is_judged_by_when_it_is_heard_and_its_clock_is_told(line):
    made = streams(slow={"code": "mc-slow"})
    now = clock.now()
    measured(line, made["slow"].pk, every_ten_seconds(30, ago=timedelta(hours=2)))
    line.execute("UPDATE latest SET arrived_at = %s WHERE datastream = %s", [now, made["slow"].pk])
    client = browser(Role.STREET)
    client.cookies["linli_language"] = "en"
    assert "Under the marks" not in client.get("/desk/things/").content.decode()
    with audit.acting(SYSTEM):
        ClockDoubt.objects.create(thing=made["slow"].thing, since_at=now, since_behind_s=7200, at=now, behind_s=7200,
                                  is_wrong=True)
    assert "Under the marks" in client.get("/desk/things/").content.decode()
    assert "bear times far from their arrival" in client.get("/desk/things/mc-slow").content.decode()


def test_a_device_of_which_only_a_part_is_silent_says_so(line):
    with audit.acting(SYSTEM):
        stream = make_stream(code="mc-1")
        other = type(stream).objects.create(thing=stream.thing, metric="water", rule=stream.rule)
    measured(line, stream.pk, every_ten_seconds(5))
    client = browser(Role.STREET)
    client.cookies["linli_language"] = "en"
    page = client.get("/desk/things/").content.decode()
    assert "Under the marks" in page
    assert "1 without reading" in page
    measured(line, other.pk, every_ten_seconds(5))
    assert "without reading" not in client.get("/desk/things/").content.decode()


def test_a_device_opens_at_what_is_gravest(line):
    with audit.acting(SYSTEM):
        stream = make_stream(code="mc-1")
        other = type(stream).objects.create(thing=stream.thing, metric="water", rule=stream.rule)
    passed(line, other.pk, stream.rule_id, [(clock.now(), 0, 3, 20.0)])
    page = browser(Role.STREET).get("/desk/things/mc-1").content.decode()
    assert re.search(r'metric=water[^>]*aria-current', page)


def test_raw_readings_are_drawn_as_they_are_with_their_marks_and_stretches(line):
    stream = streams(one={"code": "mc-1"})["one"]
    readings = every_ten_seconds(60)
    measured(line, stream.pk, readings)
    passed(line, stream.pk, stream.rule_id, [(readings[10][0], 0, 2, 10.0), (readings[15][0], 2, 3, 15.0)])
    page = browser(Role.STREET).get("/desk/things/mc-1").content.decode()
    chart = props(page, "series")
    assert [value for _at, value in chart["points"]] == [value for _at, value in readings]
    assert chart["band"] == []
    assert [(mark["level"], mark["value"]) for mark in chart["thresholds"]] == [("yellow", 10), ("orange", 15)]
    assert [(e["level"], e["to"] is None) for e in chart["episodes"]] == [("yellow", False), ("orange", True)]
    assert chart["gap_s"] == pytest.approx(30)
    again = browser(Role.STREET).get("/desk/things/mc-1/chart?metric=tilt&span=24h").json()
    assert again["points"] == chart["points"]


def test_many_readings_are_drawn_as_mean_with_least_and_greatest(line):
    stream = streams(one={"code": "mc-1"})["one"]
    end = clock.now()
    readings = [(end - timedelta(seconds=20 * (3000 - i)), float(i % 7)) for i in range(3000)]
    measured(line, stream.pk, readings)
    chart = props(browser(Role.STREET).get("/desk/things/mc-1").content.decode(), "series")
    assert 100 < len(chart["points"]) <= 2000
    assert len(chart["band"]) == len(chart["points"])
    assert all(low <= mean <= high for (_, mean), (_, low, high) in zip(chart["points"], chart["band"], strict=True))
    assert {min(low for _, low, _ in chart["band"]), max(high for _, _, high in chart["band"])} == {0.0, 6.0}


def test_the_chart_shows_what_the_interface_tells_and_the_marks_by_which_readings_are_judged(line):
    stream = streams(one={"code": "mc-1"})["one"]
    end = clock.now()
    measured(line, stream.pk, [(end - timedelta(seconds=20 * (3000 - i)), float(i * 7 % 31)) for i in range(3000)])
    client = browser(Role.STREET)
    chart = props(client.get("/desk/things/mc-1").content.decode(), "series")
    asked = {"metric": "tilt", "max_points": MOST_POINTS}
    start, until = (datetime.fromtimestamp(ms / 1000, UTC) for ms in chart["window"])
    told = client.get("/api/v1/things/mc-1/series", asked | {"start": start, "end": until}).json()
    assert [(low, high) for _at, low, high in chart["band"]] == [(p["low"], p["high"]) for p in told["points"]]
    rule = rule_text.parse(stream.rule.definition)
    judged = {at: level_reached(rule, at) for at in (mark["value"] for mark in chart["thresholds"])}
    assert judged == {mark["value"]: mark["level"] for mark in chart["thresholds"]}
    assert all(level_reached(rule, at - 0.001) != level for at, level in judged.items())


def level_reached(rule: Threshold, value: float) -> str:
    """Return the level of a device that has measured `value` for an hour."""
    hour = [(at * 60_000_000, value) for at in range(60)]
    return max((change.level_to for change in changes(rule, hour)), default=Level.NONE).word


def test_a_hole_in_the_readings_is_no_line(line):
    stream = streams(one={"code": "mc-1"})["one"]
    measured(line, stream.pk, every_ten_seconds(20, ago=timedelta(hours=1)) + every_ten_seconds(20))
    chart = props(browser(Role.STREET).get("/desk/things/mc-1").content.decode(), "series")
    gaps = [b[0] - a[0] for a, b in zip(chart["points"], chart["points"][1:], strict=False)]
    assert max(gaps) > chart["gap_s"] * 1000, "the hole is longer than what is joined"


def test_an_empty_stretch_says_that_it_says_nothing(line):
    streams(one={"code": "mc-1"})
    client = browser(Role.STREET)
    client.cookies["linli_language"] = "en"
    page = client.get("/desk/things/mc-1").content.decode()
    assert "says nothing about how things were" in page
    assert props(page, "series") is None


def test_every_reading_leaves_exactly_as_it_was_stored(line):
    stream = streams(one={"code": "mc-1"})["one"]
    values = [0.1, 1 / 3, 1e-17, 123456789.123456789, -0.0, 5e-324]
    readings = [(at, value) for (at, _), value in zip(every_ten_seconds(6), values, strict=True)]
    measured(line, stream.pk, readings)
    client = browser(Role.STREET)
    answer = client.get("/desk/things/mc-1/readings.csv?metric=tilt&span=24h")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0] == "time,value,time_is_arrival"
    assert [float(row.split(",")[1]) for row in lines[1:]] == values
    assert [row.split(",")[1] for row in lines[1:]] == [repr(value) for value in values]
    page = client.get("/desk/things/mc-1/readings?metric=tilt").content.decode()
    assert all(repr(value) in page for value in values)


def test_the_export_goes_on_behind_a_full_piece(line, monkeypatch):
    from linli.sensing.pages import readings as page

    monkeypatch.setattr(page, "CHUNK", 7)
    stream = streams(one={"code": "mc-1"})["one"]
    measured(line, stream.pk, every_ten_seconds(50))
    answer = browser(Role.STREET).get("/desk/things/mc-1/readings.csv")
    rows = b"".join(answer.streaming_content).decode().splitlines()[1:]
    assert [float(row.split(",")[1]) for row in rows] == [float(i) for i in range(50)]


def test_readings_are_paged_newest_first(line):
    stream = streams(one={"code": "mc-1"})["one"]
    measured(line, stream.pk, every_ten_seconds(450))
    client = browser(Role.STREET)
    pages = [re.findall(r'<td class="num">([\d.]+)</td>', client.get(f"/desk/things/mc-1/readings?page={n}")
                        .content.decode()) for n in (1, 2, 3)]
    assert [float(value) for page in pages for value in page] == [float(i) for i in reversed(range(450))]


def test_stretches_over_a_mark_tell_how_far_it_went(line):
    stream = streams(one={"code": "mc-1"})["one"]
    readings = every_ten_seconds(60)
    measured(line, stream.pk, readings)
    passed(line, stream.pk, stream.rule_id, [(readings[20][0], 0, 3, 20.0), (readings[30][0], 3, 0, 30.0)])
    page = unescape(browser(Role.STREET).get("/desk/things/mc-1").content.decode())
    assert re.search(r'<td class="num">29</td>', page), "the greatest before it ended"


@pytest.mark.parametrize("query", ["metric=nonsense", "metric=%00"])
def test_a_metric_that_is_not_measured_is_not_found(line, query):
    streams(one={"code": "mc-1"})
    assert browser(Role.STREET).get(f"/desk/things/mc-1?{query}").status_code == 404


@pytest.mark.parametrize("query", ["span=custom&from=x&to=y", "span=nonsense",
                                   "span=custom&from=2026-01-02&to=2025-01-01"])
def test_a_stretch_of_time_that_cannot_be_is_refused_with_its_reason(line, query):
    streams(one={"code": "mc-1"})
    assert browser(Role.STREET).get(f"/desk/things/mc-1?{query}").status_code == 422


def test_names_that_want_to_be_markup_stay_names(line):
    evil = '"><script>alert(1)</script>'
    with audit.acting(SYSTEM):
        stream = make_stream(code="mc-1")
        Thing.objects.filter(pk=stream.thing_id).update(name=evil)
        type(stream).objects.filter(pk=stream.pk).update(unit_of_measurement="</script>", metric="a&b=<i>")
    measured(line, stream.pk, every_ten_seconds(3))
    refused(line, "mc-1", "not_json", f"{evil}\xff".encode("latin-1"), detail=evil)
    operator = browser(Role.OPERATOR, "")
    for address in ("/desk/things/", "/desk/things/mc-1", "/desk/things/mc-1/readings", "/desk/quarantine?device=mc-1",
                    f"/desk/things/?q={evil}"):
        page = operator.get(address).content.decode()
        assert "<script>alert" not in page, address
        assert page.count("</script>") == page.count("<script"), address
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=", page), address


@pytest.mark.parametrize("address", ["/desk/things/", "/desk/things/?show=over&q=mc", "/desk/things/mc-1",
                                     "/desk/things/mc-1?span=90d", "/desk/things/mc-1/chart",
                                     "/desk/things/mc-1/readings", "/desk/things.geojson"])
def test_a_page_of_devices_keeps_its_query_budget(line, address):
    made = streams(**{f"n{i}": {"code": f"mc-{i}"} for i in range(1, 12)})
    for stream in made.values():
        measured(line, stream.pk, every_ten_seconds(30))
    heard(line, "mc-1", clock.now(), messages=30, acked_n=30)
    passed(line, made["n1"].pk, made["n1"].rule_id, [(clock.now(), 0, 3, 20.0)])
    client = browser(Role.STREET)
    client.get(address)
    asked = spent(client, address)
    assert len(asked) <= BUDGET, "\n".join(asked)


def test_what_a_device_tells_of_itself_is_shown_as_it_is(line):
    stream = streams(one={"code": "mc-1"}, two={"code": "mc-2"})
    measured(line, stream["one"].pk, every_ten_seconds(3))
    heard(line, "mc-1", clock.now(), messages=120, acked_n=118)
    heard(line, "mc-2", clock.now(), messages=7, unnumbered=7)
    refused(line, "mc-1", "conflict", b"{}", times=3)
    client = browser(Role.STREET)
    client.cookies["linli_language"] = "en"
    page = client.get("/desk/things/mc-1").content.decode()
    assert "stored up to number 118" in page
    assert re.search(r"3 · Another value for the same moment", page)
    assert "nothing is promised" in client.get("/desk/things/mc-2").content.decode()


def test_the_quarantine_is_the_operators(line):
    refused(line, "stranger-1", "unknown_device", b'{"tilt": 3}')
    for role in (Role.STREET, Role.DISTRICT, Role.AUDITOR, Role.UNIT):
        with audit.acting(SYSTEM):
            from tests.make.organisations import make_unit

            unit = make_unit("城北排水") if role is Role.UNIT else None
            client = at_post(role, "", unit=unit)[0]
        assert client.get("/desk/quarantine").status_code == 404
        assert client.post("/desk/quarantine", {"deed": "replay", "device": "stranger-1"}).status_code == 404
    page = browser(Role.OPERATOR, "").get("/desk/quarantine").content.decode()
    assert "stranger-1" in page


def test_a_stranger_is_adopted_and_its_messages_are_asked_to_be_read_again(line):
    with audit.acting(SYSTEM):
        sensing.load_kits(actor=SYSTEM)
    refused(line, "stranger-1", "unknown_device", b'{"tilt": 3}', times=12)
    operator = browser(Role.OPERATOR, "")
    where = middle_of(0)
    given = {"deed": "adopt", "device": "stranger-1", "name": "柳塘路井盖", "kit": "manhole", "component": "",
             "lon": str(where.lon), "lat": str(where.lat)}
    assert operator.post("/desk/quarantine", {**given, "kit": "nonsense"}).status_code == 422
    half = operator.post("/desk/quarantine", {**given, "lat": ""})
    assert half.status_code == 422
    assert "柳塘路井盖" in half.content.decode(), "what was typed is kept"
    answer = operator.post("/desk/quarantine", given)
    assert answer.url == "/desk/things/stranger-1"
    with audit.acting(SYSTEM):
        assert Thing.objects.get(code="stranger-1").area_code.startswith(WEST)
    assert ReplayRequest.objects.get().device == "stranger-1"
    twice = operator.post("/desk/quarantine", given)
    assert twice.status_code == 422
    assert operator.post("/desk/quarantine", {"deed": "replay", "device": "stranger-1"}).status_code == 302
    assert ReplayRequest.objects.count() == 2


def test_a_device_of_which_nothing_was_refused_has_no_quarantine(line):
    assert browser(Role.OPERATOR, "").get("/desk/quarantine?device=nobody").status_code == 404
