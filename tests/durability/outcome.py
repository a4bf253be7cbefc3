"""What came of a load (结果): everything that must not depend on who was killed meanwhile, as sorted lines."""

from typing import Any

import psycopg

SERIES = "JOIN sensing_datastream d ON d.id = x.datastream{} JOIN sensing_thing t ON t.id = d.thing_id"
MOMENT = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')"
ALERT = f"""(SELECT concat_ws(' ', a.thing_code, a.metric, {MOMENT.format("a.raised_at")}) FROM alerts_alert a
             WHERE a.id = (r.facts ->> 'alert')::bigint)"""
WHOSE = f"CASE r.source WHEN 'sensor' THEN {ALERT} ELSE r.source_ref END"
CASE = f"""(SELECT min(concat_ws(' ', r.source, {WHOSE}, r.lon, r.lat, g.code))
            FROM cases_casereport r JOIN cases_category g ON g.id = r.category_id WHERE r.case_id = c.id)"""

OBSERVATIONS = f"""
    SELECT concat_ws(' ', t.code, d.metric, {MOMENT.format("x.ts")}, x.value, x.flags) FROM observation x {SERIES}
    WHERE x.ts BETWEEN to_timestamp(%s) AND to_timestamp(%s)
""".format("")
EXCEEDANCES = f"""
    SELECT concat_ws(' ', t.code, d.metric, u.name, x.rule_version, {MOMENT.format("x.ts")}, x.level_from, x.level_to,
                     x.value)
    FROM exceedance x {SERIES} JOIN sensing_rule u ON u.id = x.rule_id
    WHERE x.ts BETWEEN to_timestamp(%s) AND to_timestamp(%s)
""".format("")
WHOLE = {
    "alerts": f"""
        SELECT concat_ws(' ', t.code, d.metric, u.name, {MOMENT.format("x.raised_at")}, x.level, x.peak_level,
                         x.peak_value, {MOMENT.format("x.cleared_at")}, x.case_refused,
                         (SELECT count(*) FROM alerts_trace WHERE alert_id = x.id))
        FROM alerts_alert x {SERIES} JOIN sensing_rule u ON u.id = x.rule_id
        WHERE u.definition ->> 'kind' = 'threshold'
    """.format("_id"),
    "problems": "SELECT concat_ws(' ', exceedance, problem) FROM alerts_trace WHERE problem <> ''",
    "reports": f"""
        SELECT concat_ws(' ', r.source, g.code, {WHOSE}, r.lon, r.lat, r.merged)
        FROM cases_casereport r JOIN cases_category g ON g.id = r.category_id
    """,
    "cases": f"SELECT concat_ws(' ', c.state, c.level, c.report_count, '|', {CASE}) FROM cases_case c",
    "steps": f"""
        SELECT concat_ws(' ', s.move, s.state, '|', {CASE}) FROM cases_casestep s JOIN cases_case c ON c.id = s.case_id
        WHERE s.move <> 'level_raised'
    """,
    "latest": f"SELECT concat_ws(' ', t.code, d.metric, {MOMENT.format('x.ts')}, x.value) FROM latest x {SERIES}"
              .format(""),
    "quarantine": "SELECT concat_ws(' ', device, reason, detail) FROM quarantine",
}  # fmt: skip
DEAD = "SELECT count(*) FROM procrastinate_jobs WHERE status NOT IN ('todo', 'doing', 'succeeded')"
DUE = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'outbox.deliver' AND status IN ('todo', 'doing')"
UNACCOUNTED = """SELECT (SELECT sum(passed) FROM metrics_passage)
    - (SELECT sum(stored + repeated + quarantined + statuses + empty) FROM metrics_flow)"""
UNTAKEN = "SELECT count(*) FROM exceedance e WHERE NOT EXISTS (SELECT FROM alerts_trace t WHERE t.exceedance = e.id)"


def lines(url: str, question: str, *given: Any) -> list[str]:
    """Return the sorted lines of one export."""
    with psycopg.connect(url, autocommit=True) as line:
        return sorted(row[0] for row in line.execute(question.encode(), given).fetchall())


def whole(url: str) -> dict[str, list[str]]:
    """Return every export that is compared at the end of a stretch."""
    return {name: lines(url, question) for name, question in WHOLE.items()}


def count(url: str, question: str) -> int:
    with psycopg.connect(url, autocommit=True) as line:
        row = line.execute(question.encode()).fetchone()
        return int(row[0]) if row else 0
