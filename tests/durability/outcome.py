"""What came of a load (结果): everything that must not depend on who was killed meanwhile, as sorted lines."""

from pathlib import Path
from typing import Any

import psycopg

SERIES = "JOIN sensing_datastream d ON d.id = x.datastream{} JOIN sensing_thing t ON t.id = d.thing_id"
MOMENT = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')"
ALERT = f"""(SELECT concat_ws(' ', a.thing_code, a.metric, {MOMENT.format("a.raised_at")}) FROM alerts_alert a
             WHERE a.id = (r.facts ->> 'alert')::bigint)"""
WHOSE = f"CASE r.source WHEN 'sensor' THEN {ALERT} ELSE r.source_ref END"
CASE = f"""(SELECT min(concat_ws(' ', r.source, {WHOSE}, r.lon, r.lat, g.code))
            FROM cases_casereport r JOIN cases_category g ON g.id = r.category_id WHERE r.case_id = c.id)"""
WHO = """CASE WHEN n.recipient LIKE 'user:%%' THEN
    (SELECT username FROM accounts_user WHERE id = substr(n.recipient, 6)::bigint)
    ELSE (SELECT concat('contact of ', r.source_ref) FROM notices_contact k
          JOIN cases_casereport r ON r.id = substr(k.subject, 8)::bigint WHERE k.id = substr(n.recipient, 9)::bigint)
    END"""
TOLD = """FROM notices_notice n
    LEFT JOIN cases_casestep s ON split_part(n.once, ':', 1) = 'step' AND split_part(n.once, ':', 2) = s.id::text
    LEFT JOIN cases_case c ON c.id = s.case_id
    WHERE s.move IS DISTINCT FROM 'level_raised' OR n.template = 'duty.escalated'"""  # it rises in one step or in two
STEP = "CASE WHEN n.template <> 'duty.escalated' THEN concat_ws(' ', s.move, s.state) END"
LETTERS = """(SELECT string_agg(concat_ws(' ', 'by', d.channel, d.state), ', ' ORDER BY d.channel)
              FROM notices_delivery d WHERE d.notice_id = n.id)"""

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
    "notices": f"SELECT concat_ws(' ', n.template, 'to', {WHO}, {LETTERS}, '|', {STEP}, '|', {CASE}) {TOLD}",
    "raised in silence": """
        SELECT s.move FROM cases_casestep s WHERE s.move = 'level_raised'
        AND NOT EXISTS (SELECT FROM notices_notice n WHERE n.once = 'step:' || s.id)
    """,
    "latest": f"SELECT concat_ws(' ', t.code, d.metric, {MOMENT.format('x.ts')}, x.value) FROM latest x {SERIES}"
              .format(""),
    "quarantine": "SELECT concat_ws(' ', device, reason, detail) FROM quarantine",
}  # fmt: skip
DEAD = "SELECT count(*) FROM procrastinate_jobs WHERE status NOT IN ('todo', 'doing', 'succeeded')"
DUE = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'outbox.deliver' AND status IN ('todo', 'doing')"
UNSENT = "SELECT count(*) FROM notices_delivery WHERE state IN ('queued', 'sending')"
OPENING_TOLD = """SELECT count(*) FROM cases_case c JOIN cases_casestep s ON s.case_id = c.id AND s.move = 'opened'
    JOIN notices_told t ON t.subject = 'case:' || c.id AND t.upto >= s.id WHERE c.number = %s"""
CONTACT_OF = """SELECT count(*) FROM notices_contact k
    JOIN cases_casereport r ON k.subject = 'report:' || r.id WHERE r.source_ref = %s"""
ID_OF = "SELECT id FROM cases_case WHERE number = %s"
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


def odd_texts(url: str, folder: Path) -> list[str]:
    """Return the text messages that lie in the gateway's folder and are not noted as sent, and the other way round."""
    sent = lines(url, "SELECT id || '.json' FROM notices_delivery WHERE channel = 'sms' AND state = 'sent'")
    found = {file.name for file in (*folder.glob("[!.]*"), *folder.glob(".drafts/*"))}
    return sorted(found ^ set(sent))


def count(url: str, question: str, *given: Any) -> int:
    with psycopg.connect(url, autocommit=True) as line:
        row = line.execute(question.encode(), given).fetchone()
        return int(row[0]) if row else 0
