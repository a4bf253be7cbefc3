"""The machine's clock is told as moved, and as behind where most devices are ahead of it."""

from datetime import timedelta

from tests.make.readings import heard, ingesting, refused

from linli.kernel import clock
from linli.metrics import queries as metrics
from linli_run.wall_clock import WallClock


def test_a_clock_that_was_moved_is_told_with_how_far_and_when():
    now, steady = [clock.now()], [0.0]
    watch = WallClock(lambda: now[0], lambda: steady[0])
    now[0] += timedelta(seconds=100)
    steady[0] += 98.0
    assert watch.moved() == ""
    now[0] -= timedelta(hours=1)
    steady[0] += 1.0
    assert watch.moved().startswith("moved by -3601 s at ")
    assert watch.moved().startswith("moved by -3601 s at ")


def state() -> metrics.Part:
    WallClock().beat()
    return next(part for part in metrics.parts() if part.part == "clock")


def test_where_most_devices_are_ahead_our_clock_is_not_ready_and_where_one_is_it_is(server, fresh_db):
    now = clock.now()
    with ingesting(server) as line:
        for number in range(5):
            heard(line, f"mc-{number}", now)
        refused(line, "mc-0", "in_future", b"{}", at=now)
        assert (state().ready, state().note) == (True, "")
        for number in (1, 2):
            refused(line, f"mc-{number}", "in_future", b"{}", at=now + timedelta(milliseconds=number))
        assert (state().ready, state().note) == (False, "3 of 5 devices heard are ahead of this machine's clock")
        line.execute("UPDATE quarantine_count SET last_at = last_at - interval '6 minutes'")
        assert state().ready
