import os
import pwd
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from tests.make.run import clean_environment, short_folder, wait_for

from linli_run import plain_user
from linli_run.plain_user import as_plain_user
from linli_run.postgres import Postgres
from linli_run.trouble import Trouble

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user needs no other one")


@pytest.fixture
def as_root(monkeypatch):
    monkeypatch.setattr(plain_user.os, "geteuid", lambda: 0)


def offer(monkeypatch, *, namespaces: bool, capabilities: bool) -> None:
    monkeypatch.setattr(plain_user, "namespaces_work", lambda uid, gid: namespaces)
    monkeypatch.setattr(plain_user, "capabilities_work", lambda uid, gid: capabilities)


def test_an_ordinary_user_runs_the_program_as_it_is(monkeypatch, tmp_path):
    monkeypatch.setattr(plain_user.os, "geteuid", lambda: 1001)
    assert as_plain_user(["postgres"], tmp_path) == ["postgres"]


def test_the_user_root_takes_is_one_this_machine_knows_by_name():
    uid, gid = plain_user.plain_ids()
    assert uid != 0
    assert pwd.getpwuid(uid).pw_gid == gid


def test_a_machine_that_knows_only_root_is_a_trouble(monkeypatch):
    monkeypatch.setattr(plain_user.pwd, "getpwall", lambda: [pwd.getpwuid(0)])
    with pytest.raises(Trouble, match="no user but root"):
        plain_user.plain_ids()


def test_where_root_may_do_neither_the_way_out_is_named(monkeypatch, tmp_path, as_root):
    offer(monkeypatch, namespaces=False, capabilities=False)
    with pytest.raises(Trouble) as caught:
        as_plain_user(["postgres"], tmp_path)
    assert "ordinary user" in caught.value.remedy
    assert "DATABASE_URL" in caught.value.remedy


@needs_root
@pytest.mark.durability
def test_root_without_namespaces_runs_it_too_and_may_change_between_the_ways(monkeypatch):
    with short_folder() as folder:
        server = Postgres(folder / "深 数据" / "pg", fsync=False)
        for namespaces, owner in ((False, plain_user.plain_ids()[0]), (True, 0), (False, plain_user.plain_ids()[0])):
            offer(monkeypatch, namespaces=namespaces, capabilities=True)
            server.start()
            try:
                assert owners(server.data_dir) == {owner}
                with psycopg.connect(server.admin_url, autocommit=True) as line:
                    line.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
                    line.execute("INSERT INTO kept VALUES (1)")
                    runs = line.execute("SELECT count(*) FROM kept").fetchone()[0]
                assert (folder.stat().st_mode & 0o777, runs > 0) == (0o700, True)
                os.kill(server.running_pid(), 9)
                server.start()
            finally:
                server.stop()
        assert not server.socket_dir.exists()


@needs_root
@pytest.mark.durability
def test_without_namespaces_the_server_ends_with_its_parent_all_the_same():
    with short_folder() as folder:
        server = Postgres(folder / "pg", fsync=False)
        code = (
            "import sys; from pathlib import Path; from linli_run import plain_user, postgres\n"
            "plain_user.namespaces_work = lambda uid, gid: False\n"
            "postgres.Postgres(Path(sys.argv[1]), fsync=False).start()"
        )
        subprocess.run([sys.executable, "-c", code, server.data_dir], env=clean_environment(folder), check=True)
        wait_for(lambda: server.running_pid() is None, 20)
        assert "received fast shutdown request" in server.log.read_text()


def owners(folder: Path) -> set[int]:
    """User numbers that own anything in `folder`, apart from what the supervisor itself writes there."""
    written_by_us = {"postgresql.conf", "pg_hba.conf"}
    return {p.stat().st_uid for p in folder.rglob("*") if p.name not in written_by_us}
