from typing import Final

from django.db import connection

from linli.sensing.domain.faults import ClockLimit

_LOOK: Final = """
    WITH off AS MATERIALIZED (
      SELECT datastream FROM latest
      WHERE arrived_at - ts NOT BETWEEN -%(leave_off_s)s * interval '1 second' AND %(leave_off_s)s * interval '1 second'
      UNION ALL
      SELECT a.datastream FROM late_arrival a JOIN latest l USING (datastream) WHERE a.arrived_at > l.arrived_at),
    asked AS MATERIALIZED (
      SELECT d.thing_id FROM off JOIN sensing_datastream d ON d.id = off.datastream
      UNION SELECT thing_id FROM sensing_clockdoubt),
    word AS MATERIALIZED (
      SELECT DISTINCT ON (d.thing_id) d.thing_id, said.arrived_at, said.in_order,
             extract(epoch FROM said.arrived_at - said.ts)::float8 AS behind_s
      FROM asked JOIN sensing_datastream d ON d.thing_id = asked.thing_id
      CROSS JOIN LATERAL (
        SELECT arrived_at, ts, true AS in_order FROM latest WHERE datastream = d.id
        UNION ALL SELECT arrived_at, ts, false FROM late_arrival WHERE datastream = d.id) said
      ORDER BY d.thing_id, said.arrived_at DESC, said.ts DESC),
    right_again AS (
      DELETE FROM sensing_clockdoubt c USING word w
      WHERE w.thing_id = c.thing_id AND abs(w.behind_s) < %(leave_off_s)s),
    still_off AS (
      SELECT w.*, c.since_behind_s - w.behind_s > %(off_s)s
                  OR (w.in_order AND w.behind_s - c.since_behind_s > %(off_s)s) AS begins_anew
      FROM word w JOIN sensing_clockdoubt c ON c.thing_id = w.thing_id WHERE abs(w.behind_s) >= %(leave_off_s)s),
    followed AS (
      UPDATE sensing_clockdoubt c SET
        at = w.arrived_at, behind_s = w.behind_s,
        since_at = CASE WHEN w.begins_anew AND NOT c.is_wrong THEN w.arrived_at ELSE c.since_at END,
        since_behind_s = CASE WHEN w.begins_anew AND NOT c.is_wrong THEN w.behind_s ELSE c.since_behind_s END,
        is_wrong = c.is_wrong
                   OR (NOT w.begins_anew AND w.arrived_at - c.since_at >= %(for_s)s * interval '1 second')
      FROM still_off w WHERE w.thing_id = c.thing_id AND w.arrived_at > c.at)
    INSERT INTO sensing_clockdoubt (thing_id, since_at, since_behind_s, at, behind_s, is_wrong)
    SELECT thing_id, arrived_at, behind_s, arrived_at, behind_s, false FROM word
    WHERE abs(behind_s) > %(off_s)s ON CONFLICT DO NOTHING
"""


def look_at_clocks(limit: ClockLimit) -> None:
    """Note whose readings bear times far from their arrival (对时), all devices at once, by each one's last word.

    Where readings come late but in order, and how late changes, a gateway is catching up or its line is
    slow: the doubt begins anew. So it does while old readings come nearer. What remains is a clock: always
    as far off, or telling the same hours once more.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, {"off_s": limit.off_s, "leave_off_s": limit.leave_off_s, "for_s": limit.for_s})
