"""The guide to one's own PostgreSQL works on a server that has never seen Linli."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.make.docs import ROOT, blocks

from linli_run.postgres import Postgres

GUIDE = ROOT / "docs/how-to/own-postgresql.md"


@pytest.fixture(scope="module")
def bare() -> Iterator[Postgres]:
    """A server of this test's own, for roles belong to a whole server."""
    root = Path(tempfile.mkdtemp(prefix="linli-own-pg-"))
    postgres = Postgres(root / "pg", root / "s", fsync=False)
    postgres.start()
    try:
        yield postgres
    finally:
        postgres.stop()
        shutil.rmtree(root, ignore_errors=True)


def sql_of(page: Path) -> list[str]:
    return [text for language, text in blocks(page) if language == "sql"]


def test_both_languages_show_the_same_sql():
    assert sql_of(GUIDE) == sql_of(GUIDE.with_suffix(".zh-CN.md"))


def test_a_server_made_as_the_guide_says_can_be_migrated_and_is_guarded(bare):
    *before, extensions, rights = sql_of(GUIDE)
    with psycopg.connect(bare.admin_url, autocommit=True) as outside:
        for statement in before:
            outside.execute(statement)
    with psycopg.connect(bare.url("postgres", "linli"), autocommit=True) as inside:
        inside.execute(extensions)
        inside.execute(rights)
    env = {**os.environ, "DATABASE_URL": bare.url("linli_app"), "DATABASE_INGEST_URL": bare.url("linli_ingest"),
           "DATABASE_OWNER_URL": bare.url("linli_owner"), "NATS_URL": "", "MQTT_URL": "",
           "PYTHONPATH": str(ROOT / "src")}
    told = subprocess.run([sys.executable, "-m", "linli_run", "migrate"], env=env, capture_output=True, text=True,
                          check=False)
    assert told.returncode == 0, told.stderr[-2000:]
    with psycopg.connect(bare.url("linli_app")) as app:
        assert app.execute("SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'linli'").fetchone() == (
            "b", "C.UTF-8")
        assert app.execute("SELECT count(*) FROM cases_case").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("CREATE TABLE mine ()")
    with psycopg.connect(bare.url("linli_ingest")) as ingest, pytest.raises(psycopg.errors.InsufficientPrivilege):
        ingest.execute("SELECT count(*) FROM cases_case")
