"""The live part on a real database."""

import asyncio
import json

import psycopg
import pytest
from tests.make.live import Browser, announce, living, make_token, until

from linli_live import hub as hub_module
from linli_live import stream as stream_module


async def open_stream(app, *, after="", peer="127.0.0.1", **token) -> tuple[Browser, asyncio.Task[None]]:
    browser = Browser()
    headers = [(b"last-event-id", after.encode())] if after else []
    task = asyncio.create_task(browser.get(app, "/live", f"token={make_token(**token)}", headers=headers, peer=peer))
    await until(lambda: browser.body)
    return browser, task


def test_each_hears_what_its_token_allows_and_nothing_else(fresh_db):
    async def story():
        async with living(fresh_db) as app:
            street, _ = await open_stream(app, areas=["990101001"])
            unit, _ = await open_stream(app, areas=[], units=[7])
            board, _ = await open_stream(app, areas=[""], topics=["cases"])
            announce(fresh_db, "alerts", area="990101001003", id=1)
            announce(fresh_db, "alerts", area="990101002001", units=[7], id=2)
            announce(fresh_db, "cases", area="990101002001", id=3)
            await until(lambda: board.events())
            assert street.events() == [("alerts", {"id": 1})]
            assert unit.events() == [("alerts", {"id": 2})]
            assert board.events() == [("cases", {"id": 3})]

    asyncio.run(story())


def test_a_stream_may_be_read_by_a_page_of_another_port_and_is_never_kept(fresh_db):
    async def story():
        async with living(fresh_db) as app:
            browser, _ = await open_stream(app)
            assert browser.status == 200
            assert browser.headers[b"content-type"] == b"text/event-stream"
            assert browser.headers[b"access-control-allow-origin"] == b"*"
            assert b"access-control-allow-credentials" not in browser.headers
            assert browser.headers[b"cache-control"] == b"no-store"

    asyncio.run(story())


@pytest.mark.parametrize("query", ["", "token=", "token=a.b", f"token={make_token(lifetime_s=-1)}"])
def test_without_a_valid_token_there_is_no_stream(fresh_db, query):
    async def story():
        async with living(fresh_db) as app:
            browser = Browser()
            await browser.get(app, "/live", query)
            assert browser.status == 403
            assert json.loads(browser.body)["code"].startswith("token.")
            assert not app.hub.listeners

    asyncio.run(story())


def test_the_part_tells_whether_it_listens_and_knows_no_other_page(fresh_db):
    async def story():
        async with living(fresh_db) as app:
            health, other, post = Browser(), Browser(), Browser()
            await health.get(app, "/healthz")
            await other.get(app, "/other")
            await post.get(app, "/live", method="POST")
            assert (health.status, json.loads(health.body)) == (200, {"listening": True, "streams": 0})
            assert (other.status, post.status) == (404, 405)

    asyncio.run(story())


def test_what_is_not_an_event_harms_nobody(fresh_db):
    async def story():
        async with living(fresh_db) as app:
            browser, _ = await open_stream(app)
            with psycopg.connect(fresh_db, autocommit=True) as line:
                for text in ("", "{", "[]", '{"topic": 1}', '{"area": ""}', "x" * 7000):
                    line.execute("SELECT pg_notify('linli_live', %s)", [text])
            announce(fresh_db, id=1)
            await until(lambda: browser.events())
            assert browser.events() == [("alerts", {"id": 1})]

    asyncio.run(story())


def test_after_a_loss_of_the_database_streams_end_and_new_ones_hear_again(server, fresh_db):
    async def story():
        async with living(fresh_db) as app:
            before, over = await open_stream(app)
            with psycopg.connect(server.admin_url, autocommit=True) as admin:
                admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
            await asyncio.wait_for(over, 10)
            after, _ = await open_stream(app)
            announce(fresh_db, id=2)
            await until(lambda: after.events())
            assert before.events() == []
            assert app.line.is_up

    asyncio.run(story())


def test_shutting_down_in_the_moment_of_a_loss_does_not_hang(server, fresh_db):
    async def story():
        for _ in range(5):
            async with living(fresh_db):
                with psycopg.connect(server.admin_url, autocommit=True) as admin:
                    admin.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'linli_fresh'"
                    )

    asyncio.run(story())


def test_who_leaves_is_forgotten(fresh_db):
    async def story():
        async with living(fresh_db) as app:
            browser, over = await open_stream(app)
            assert len(app.hub.listeners) == 1
            browser.leave()
            await asyncio.wait_for(over, 5)
            assert not app.hub.listeners

    asyncio.run(story())


def test_who_does_not_read_is_cut_off_although_nothing_can_be_sent(fresh_db, monkeypatch):
    monkeypatch.setattr(hub_module, "WAITING_AT_MOST", 5)

    async def story():
        async with living(fresh_db) as app:
            browser, over = await open_stream(app)
            browser.stop_reading()
            for n in range(8):
                announce(fresh_db, id=n)
            await asyncio.wait_for(over, 5)
            assert not app.hub.listeners

    asyncio.run(story())


def test_a_quiet_stream_gives_signs_of_life_and_a_long_one_ends(fresh_db, monkeypatch):
    monkeypatch.setattr(stream_module, "BEAT_EVERY_S", 0.05)
    monkeypatch.setattr(stream_module, "LONGEST_S", 0.5)

    async def story():
        async with living(fresh_db) as app:
            browser, over = await open_stream(app)
            await asyncio.wait_for(over, 5)
            assert browser.body.count(b"event: beat\ndata: {}\n\n") >= 3
            assert not app.hub.listeners

    asyncio.run(story())


def test_the_live_part_beats_with_the_lag_of_an_announcement(fresh_db):
    async def story():
        async with living(fresh_db):
            with psycopg.connect(fresh_db, autocommit=True) as line:
                ask = (
                    "SELECT lag_s, limit_s FROM metrics_heartbeat WHERE part = 'live' AND at > now() - interval '1 min'"
                )
                await until(lambda: line.execute(ask).fetchone())
                lag_s, limit_s = line.execute(ask).fetchone()
                assert 0 <= lag_s < limit_s

    asyncio.run(story())


def test_who_comes_back_hears_what_was_missed_and_only_what_the_token_allows(fresh_db):
    async def story():
        async with living(fresh_db) as app:
            board, over = await open_stream(app, areas=["990101"])
            announce(fresh_db, id=1)
            await until(lambda: board.events())
            board.leave()
            await asyncio.wait_for(over, 5)
            announce(fresh_db, id=2)
            announce(fresh_db, area="990102", id=3)
            announce(fresh_db, id=4)
            witness, _ = await open_stream(app)
            announce(fresh_db, id=5)
            await until(lambda: witness.events())
            again, _ = await open_stream(app, areas=["990101"], after=board.last_id())
            await until(lambda: len(again.events()) == 3)
            assert [data["id"] for _, data in again.events()] == [2, 4, 5]

    asyncio.run(story())


@pytest.mark.parametrize("after", ["0-1", "nonsense", "-", "{epoch}-99", "{epoch}-x", "\u0661", "{epoch}--1"])
def test_who_was_away_too_long_is_told_to_read_afresh(fresh_db, after):
    async def story():
        async with living(fresh_db) as app:
            back, _ = await open_stream(app, after=after.format(epoch=app.hub._epoch))
            await until(lambda: back.events())
            assert back.events() == [("reload", {})]

    asyncio.run(story())


def test_one_person_and_one_address_have_their_share_of_streams_and_others_theirs(fresh_db, monkeypatch):
    monkeypatch.setattr(hub_module, "OF_ONE_PERSON", 2)
    monkeypatch.setattr(hub_module, "OF_ONE_ADDRESS", 3)

    async def status(app, **given) -> int:
        browser, _ = await open_stream(app, **given)
        return browser.status

    async def story():
        async with living(fresh_db) as app:
            first, over = await open_stream(app, who="a")
            assert [await status(app, who="a"), await status(app, who="a")] == [200, 503]
            assert [await status(app, who="b"), await status(app, who="c")] == [200, 503]
            assert await status(app, who="c", peer="10.0.0.9") == 200
            first.leave()
            await asyncio.wait_for(over, 5)
            assert await status(app, who="a") == 200

    asyncio.run(story())


def test_two_hundred_boards_hear_each_event_they_may_see_while_three_do_not_read(fresh_db, monkeypatch):
    monkeypatch.setattr(hub_module, "WAITING_AT_MOST", 20)

    async def story():
        async with living(fresh_db) as app:
            boards = [(await open_stream(app, areas=[f"99010{n % 2}"], who=str(n)))[0] for n in range(200)]
            stuck = [await open_stream(app, who="stuck") for _ in range(3)]
            for browser, _ in stuck:
                browser.stop_reading()
            for n in range(30):
                announce(fresh_db, area=f"99010{n % 2}", id=n)
            await until(lambda: all(len(board.events()) == 15 for board in boards))
            for number, board in enumerate(boards):
                assert [data["id"] for _, data in board.events()] == list(range(number % 2, 30, 2))
            await asyncio.wait_for(asyncio.gather(*(over for _, over in stuck)), 5)
            assert len(app.hub.listeners) == 200

    asyncio.run(story())


def test_words_that_turn_the_line_or_look_like_code_or_frames_stay_one_value_of_one_event(fresh_db):
    hostile = "\u202egnp.</script><script>alert(1)</script>\n\nevent: reload\ndata: {}\r\u2028"

    async def story():
        async with living(fresh_db) as app:
            board, _ = await open_stream(app)
            announce(fresh_db, title=hostile)
            announce(fresh_db, id=2)
            await until(lambda: len(board.events()) >= 2)
            assert board.events() == [("alerts", {"title": hostile}), ("alerts", {"id": 2})]

    asyncio.run(story())


def test_when_a_person_s_streams_are_ended_those_of_others_go_on(fresh_db):
    async def story():
        async with living(fresh_db) as app:
            board, over = await open_stream(app, who="a")
            bell, silent = await open_stream(app, who="a/bell", topics=["notices"])
            other, _ = await open_stream(app, who="ab")
            nobody, _ = await open_stream(app)
            for said in ({"topic": "ended", "who": "a"}, {"topic": "ended", "who": ""}):
                with psycopg.connect(fresh_db, autocommit=True) as line:
                    line.execute("SELECT pg_notify('linli_live', %s)", [json.dumps(said)])
            await asyncio.wait_for(asyncio.gather(over, silent), 5)
            announce(fresh_db, id=1)
            await until(lambda: other.events() and nobody.events())
            assert (board.events(), bell.events()) == ([], [])
            assert len(app.hub.listeners) == 2

    asyncio.run(story())
