"""The embedded PostgreSQL, started, killed and started again."""

import os
import signal
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.make.run import short_folder

from linli_run.postgres import Postgres, create_roles_and_database
from linli_run.trouble import Trouble

pytestmark = pytest.mark.durability


@pytest.fixture
def place() -> Iterator[Path]:
    with short_folder() as folder:
        yield folder


def answer(server: Postgres, question: str, role: str = "postgres", db: str = "postgres") -> object:
    with psycopg.connect(server.url(role, db)) as line:
        return line.execute(question.encode()).fetchone()[0]


@pytest.fixture
def postgres(place) -> Iterator[Postgres]:
    server = Postgres(place / "深 数据 库" / "pg", fsync=False)
    server.start()
    yield server
    server.stop()


def test_chinese_text_is_searched_whatever_language_the_machine_speaks(place, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("PGDATA", "/nonexistent")
    server = Postgres(place / "pg", fsync=False)
    server.start()
    try:
        create_roles_and_database(server.admin_url, "linli")
        assert answer(server, "SELECT similarity('井盖破损', '井盖破了') > 0.3", db="linli") is True
        assert answer(server, "SHOW data_checksums") == "on"
    finally:
        server.stop()


def test_a_home_deeper_than_any_socket_path_will_do(place):
    deep = place.joinpath(*["很深的目录"] * 12)
    assert len(os.fsencode(deep)) > 150
    server = Postgres(deep / "pg", fsync=False)
    server.start()
    try:
        assert answer(server, "SHOW data_directory") == str(deep / "pg")
        assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700
    finally:
        server.stop()
    assert not server.socket_dir.exists()


def test_no_folder_above_the_data_is_opened_to_others(place, postgres):
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert stat.S_IMODE(postgres.data_dir.stat().st_mode) == 0o700
    assert {p.stat().st_uid for p in postgres.data_dir.rglob("*")} == {os.getuid()}


def test_no_role_of_ours_passes_by_row_security(postgres):
    create_roles_and_database(postgres.admin_url, "linli")
    create_roles_and_database(postgres.admin_url, "linli")
    free = "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'linli_%' AND (rolsuper OR rolbypassrls OR rolcreaterole)"
    assert answer(postgres, free) == 0
    with psycopg.connect(postgres.url("linli_owner", "linli"), autocommit=True) as owner:
        owner.execute("CREATE TABLE kept (id int); CREATE TABLE handed (id int)")
        owner.execute("ALTER TABLE handed OWNER TO linli_ingest")
    with psycopg.connect(postgres.url("linli_app", "linli"), autocommit=True) as app:
        app.execute("INSERT INTO kept VALUES (1)")
        for forbidden in ("DROP TABLE kept", "TRUNCATE kept", "CREATE TABLE mine (id int)", "SET ROLE linli_owner"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(forbidden)
    with psycopg.connect(postgres.url("linli_ingest", "linli"), autocommit=True) as ingest:
        ingest.execute("ALTER TABLE handed ADD COLUMN more int; CREATE TABLE partition (id int)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ingest.execute("SELECT * FROM kept")


def test_a_live_server_is_joined_and_not_started_twice(postgres):
    second = Postgres(postgres.data_dir, fsync=False)
    second.start()
    assert second.child is None
    assert second.running_pid() == postgres.running_pid()
    second.stop()
    assert postgres.running_pid() is None


def test_what_was_committed_survives_kill_9(place):
    server = Postgres(place / "pg")
    server.start()
    try:
        with psycopg.connect(server.admin_url, autocommit=True) as line:
            line.execute("CREATE TABLE kept (n int)")
            for n in range(200):
                line.execute("INSERT INTO kept VALUES (%s)", [n])
            os.kill(server.running_pid(), signal.SIGKILL)
        server.start()
        assert answer(server, "SELECT count(*) FROM kept") == 200
    finally:
        server.stop()


@pytest.mark.parametrize("whose", ["another's", "nobody's"])
def test_a_pid_file_left_over_does_not_keep_it_from_starting(postgres, whose):
    os.kill(postgres.running_pid(), signal.SIGKILL)
    postgres.child.wait()
    book = postgres.data_dir / "postmaster.pid"
    lines = book.read_text().splitlines()
    other = subprocess.Popen(["/bin/sleep", "60"])
    if whose == "nobody's":
        other.kill()
        other.wait()
    try:
        book.write_text("\n".join([str(other.pid), *lines[1:]]) + "\n")
        for lock in postgres.socket_dir.glob(".s.PGSQL.*.lock"):
            lock.write_text("\n".join([str(other.pid), *lock.read_text().splitlines()[1:]]) + "\n")
        postgres.start()
        assert answer(postgres, "SELECT 1") == 1
        assert whose == "nobody's" or other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_first_start_that_was_cut_short_is_made_anew(place):
    unfinished = place / "pg.unfinished"
    unfinished.mkdir()
    (unfinished / "half").write_text("")
    server = Postgres(place / "pg", fsync=False)
    server.start()
    try:
        assert answer(server, "SELECT 1") == 1
    finally:
        server.stop()


def test_a_server_that_cannot_start_is_told_in_its_last_words(place, monkeypatch):
    monkeypatch.setattr("linli_run.service.DEAD_FOR_S", 1.0)
    server = Postgres(place / "pg", fsync=False)
    server.start()
    server.stop()
    (server.data_dir / "local.conf").write_text("work_mem = 'much'\n")
    with pytest.raises(Trouble, match="work_mem"):
        server.start()


def test_an_operators_own_settings_are_kept(place):
    server = Postgres(place / "pg", fsync=False)
    server.start()
    server.stop()
    (server.data_dir / "local.conf").write_text("work_mem = 7MB\n")
    server.start()
    try:
        assert answer(server, "SHOW work_mem") == "7MB"
    finally:
        server.stop()
