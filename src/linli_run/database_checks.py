"""What the doctor asks the database (数据库检查)."""

import json
import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

import psycopg

from linli_run.command_part import our_command
from linli_run.environment import DATABASE, Installation
from linli_run.finding import Finding, aside, bad, good
from linli_run.roles import APP, EXTENSIONS, INGEST

OLDEST_POSTGRES: Final = 180000
_BALANCE: Final = """
    SELECT coalesce((SELECT sum(passed) FROM metrics_passage), 0)::int8,
           coalesce((SELECT sum(stored + repeated + quarantined + statuses + empty) FROM metrics_flow), 0)::int8
"""
_CLOCK: Final = """
    SELECT coalesce(max(lag_s), 0), coalesce(max(limit_s), 0), coalesce(max(note), '')
    FROM metrics_heartbeat WHERE part = 'clock'
"""
_YEARS: Final = """
    SELECT (SELECT coalesce(array_agg(year::int4), '{}') FROM calendar_calendaryear),
           CASE WHEN extract(month FROM here) >= 10 THEN ARRAY[extract(year FROM here)::int4,
             extract(year FROM here)::int4 + 1] ELSE ARRAY[extract(year FROM here)::int4] END
    FROM (SELECT now() AT TIME ZONE %(zone)s AS here) today
"""
Check = Callable[[dict[str, str]], Finding]


def _when_it_runs(check: Check) -> Callable[[Installation], Finding]:
    """A stopped embedded server is no illness: say so once per check and ask nothing of it."""

    @wraps(check)
    def asked(installation: Installation) -> Finding:
        server = installation.postgres()
        if server is not None and not server.is_ready():
            return aside(check.__name__.replace("_", " "), "not asked: PostgreSQL is not running")
        return check(installation.environment())

    return asked


@_when_it_runs
def postgres(env: dict[str, str]) -> Finding:
    """Whether the server is new enough and tells nothing as stored before it is."""
    version, shown, fsync = _row(
        env, "SELECT current_setting('server_version_num')::int, version(), current_setting('fsync')"
    )
    if version < OLDEST_POSTGRES:
        return bad("PostgreSQL", f"{shown} is too old.", "Use PostgreSQL 18 or newer.")
    if fsync != "on":
        return bad("PostgreSQL", "fsync is off: a power cut loses data.", "Set fsync = on.")
    return good("PostgreSQL", str(shown).partition(" on ")[0])


@_when_it_runs
def roles(env: dict[str, str]) -> Finding:
    """Whether each address signs in as its own role, and none passes by row security."""
    for name, role in DATABASE.items():
        user, is_super, bypasses = _row(
            env, "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user", name
        )
        if user != role:
            return bad("roles", f"{name} signs in as {user}.", f"Give it the role {role}.")
        if role in {APP, INGEST} and (is_super or bypasses):
            return bad("roles", f"{role} passes by row security.", f"ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS")
    return good("roles", ", ".join(DATABASE.values()))


@_when_it_runs
def chinese_search(env: dict[str, str]) -> Finding:
    """Whether the database can search Chinese text; with locale C it silently finds nothing."""
    (installed,) = _row(env, "SELECT array_agg(extname::text) FROM pg_extension")
    if missing := [name for name in EXTENSIONS if name not in installed]:
        return bad("Chinese search", f"extensions missing: {', '.join(missing)}", "CREATE EXTENSION, as a superuser.")
    (alike,) = _row(env, "SELECT similarity('井盖破损', '井盖破了') > 0")
    if not alike:
        return bad("Chinese search", "this database's locale breaks it.", "Create the database with LC_CTYPE C.UTF-8.")
    return good("Chinese search", "works")


@_when_it_runs
def migrations(env: dict[str, str]) -> Finding:
    """Whether the database is at this version."""
    asked = subprocess.run(
        our_command("migrate", "--check"), env={**os.environ, **env}, capture_output=True, text=True, check=False
    )
    if asked.returncode:
        last = (asked.stderr or asked.stdout).strip().splitlines()[-1:] or ["something is left to do"]
        return bad("migrations", last[0], "Run `linli migrate`.")
    return good("migrations", "none left to do")


@_when_it_runs
def parts(env: dict[str, str]) -> Finding:
    """Whether every part is ready, as the web part tells."""
    try:
        told = _readiness(f"{env['LINLI_WEB_URL']}/readyz")
    except OSError:
        return aside("parts", "the web part does not answer", "Start `linli up`.")
    late = [f"{p['part']} ({p['note'] or p['lag_s']})" for p in told.get("parts", []) if not p["ready"]]
    if late:
        return bad("parts", f"not ready: {', '.join(late)}", "Read the logs of these parts in the home.")
    return good("parts", ", ".join(p["part"] for p in told.get("parts", [])))


@_when_it_runs
def calendar(env: dict[str, str]) -> Finding:
    """Whether the holidays of this year are loaded, and from October on those of the next: else limits have no end."""
    years, wanted = _row(env, _YEARS, given={"zone": env.get("LINLI_TIME_ZONE") or "Asia/Shanghai"})
    if missing := [year for year in wanted if year not in years]:
        tell = bad if missing[0] == wanted[0] else aside
        return tell(
            "calendar", f"the holidays of {missing[0]} are not loaded: limits that run into it have no known end.",
            "Write them down from the State Council notice and run `linli import holidays FILE`.",
        )
    return good("calendar", f"{min(years)} to {max(years)}")


@_when_it_runs
def clock(env: dict[str, str]) -> Finding:
    """Whether this machine's clock can be right, as the worker tells: moved, or behind what most devices say."""
    lag_s, limit_s, note = _row(env, _CLOCK)
    if lag_s > limit_s:
        return bad("clock", note, "Set the clock (timedatectl); then read what was refused again, on /desk/quarantine.")
    return aside("clock", note, "Is it right now? What was due by the wrong time was done then.") if note else good(
        "clock", "was not moved, and no more than a few devices are ahead of it")


@_when_it_runs
def messages(env: dict[str, str]) -> Finding:
    """Whether every message of the stream came to something: what it dropped unread, only its sender still has."""
    passed, accounted = _row(env, _BALANCE)
    if passed != accounted:
        return bad(
            "messages", f"{passed - accounted} left the stream before they were read.",
            "Give NATS more room (max_bytes), or keep ingest running; senders with numbers send theirs again.",
        )
    return good("messages", f"{passed} in, {accounted} accounted for")


def _readiness(url: str) -> dict[str, Any]:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - our own http address
            return dict(json.load(response))
    except urllib.error.HTTPError as refused:
        return dict(json.load(refused))


def _row(env: dict[str, str], question: str, address: str = "DATABASE_URL",
         given: dict[str, str] | None = None) -> tuple[Any, ...]:
    with psycopg.connect(env[address], connect_timeout=5) as line:
        return line.execute(question.encode(), given).fetchone() or ()
