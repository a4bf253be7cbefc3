"""What the doctor finds in a real database."""

import psycopg
import pytest

from linli_run import database_checks as checks
from linli_run.environment import Installation
from linli_run.finding import Grade
from linli_run.home import Home


@pytest.fixture
def installation(server, fresh_db, tmp_path) -> Installation:
    home = Home(tmp_path / "home")
    home.prepare()
    roles = {"DATABASE_URL": "linli_app", "DATABASE_OWNER_URL": "linli_owner", "DATABASE_INGEST_URL": "linli_ingest"}
    return Installation(home, given={name: server.url(role, "linli_fresh") for name, role in roles.items()})


def with_given(installation: Installation, **given: str) -> Installation:
    return Installation(installation.home, given={**installation.given, **given})


def test_a_sound_database_is_found_sound(installation):
    assert checks.roles(installation).grade is Grade.GOOD
    assert checks.chinese_search(installation).grade is Grade.GOOD
    assert checks.migrations(installation).grade is Grade.GOOD


def test_a_server_that_may_forget_is_bad(installation):
    assert "fsync" in checks.postgres(installation).said


def test_an_address_with_another_role_is_bad(installation, server):
    wrong = with_given(installation, DATABASE_URL=server.url("postgres", "linli_fresh"))
    assert "signs in as postgres" in checks.roles(wrong).said


def test_a_role_that_passes_by_row_security_is_bad(installation, server):
    with psycopg.connect(server.admin_url, autocommit=True) as admin:
        admin.execute("ALTER ROLE linli_app BYPASSRLS")
        try:
            assert "passes by row security" in checks.roles(installation).said
        finally:
            admin.execute("ALTER ROLE linli_app NOBYPASSRLS")


def test_a_locale_that_breaks_chinese_search_is_bad(installation, server):
    with psycopg.connect(server.admin_url, autocommit=True) as admin:
        admin.execute("CREATE DATABASE deaf TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'")
    try:
        with psycopg.connect(server.url("postgres", "deaf"), autocommit=True) as inside:
            inside.execute("CREATE EXTENSION pg_trgm; CREATE EXTENSION btree_gist")
        deaf = with_given(installation, DATABASE_URL=server.url("linli_app", "deaf"))
        assert "locale" in checks.chinese_search(deaf).said
    finally:
        with psycopg.connect(server.admin_url, autocommit=True) as admin:
            admin.execute("DROP DATABASE deaf WITH (FORCE)")


def test_a_database_behind_this_version_is_bad(installation, server):
    with psycopg.connect(server.url("linli_owner", "linli_fresh"), autocommit=True) as owner:
        owner.execute("DELETE FROM django_migrations WHERE app = 'metrics'")
    assert checks.migrations(installation).grade is Grade.BAD


def test_a_clock_that_was_moved_is_told_and_one_that_most_devices_are_ahead_of_is_bad(installation, server):
    assert checks.clock(installation).grade is Grade.GOOD
    with psycopg.connect(server.url("linli_owner", "linli_fresh"), autocommit=True) as owner:
        owner.execute("INSERT INTO metrics_heartbeat VALUES ('clock', now(), 0, 1, 'moved by -3600 s at noon')")
        assert (checks.clock(installation).grade, checks.clock(installation).said) == (
            Grade.ASIDE, "moved by -3600 s at noon")
        owner.execute("UPDATE metrics_heartbeat SET lag_s = 300 WHERE part = 'clock'")
        assert "/desk/quarantine" in checks.clock(installation).remedy


def test_a_year_without_holidays_is_missed_and_next_years_only_warned_of(installation):
    said = checks.calendar(installation)
    assert said.grade in (Grade.GOOD, Grade.ASIDE)
    assert (said.grade is Grade.ASIDE) == ("not loaded" in said.said)
    with psycopg.connect(installation.environment()["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("DELETE FROM calendar_calendaryear WHERE year >= 2025")
    assert checks.calendar(installation).grade is Grade.BAD
    assert "linli import holidays" in checks.calendar(installation).remedy
