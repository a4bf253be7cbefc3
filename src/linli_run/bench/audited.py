"""The measured half of `linli bench audit`, a process of its own: prints one JSON object."""

import json
import sys
import time
from typing import Any, Final

import django

DEEDS: Final = 400
_ENTER: Final = """
    INSERT INTO audit_entry (at, actor, deed, target, facts)
    SELECT now() - (n || ' ms')::interval, 'user:' || n %% 500, (ARRAY['cases.accept', 'cases.file', 'cases.dispatch',
           'cases.report_done', 'cases.check', 'cases.close'])[n %% 6 + 1], 'case:' || n / 6,
           jsonb_build_object('before', 'accepted', 'after', 'filed', 'report', n, 'reason', '现场核实，盖板缺失')
    FROM generate_series(1, %s) n"""


def main(entries: int, runs: int) -> dict[str, Any]:
    """Return seconds and rates of sealing and counting, and microseconds of a deed without and with its entry."""
    django.setup()
    from django.conf import settings
    from django.db import connection

    from linli.audit import actions, queries
    from linli.kernel.actor import Actor

    actor = Actor.system("bench")
    with actions.acting(actor), connection.cursor() as cursor:
        cursor.execute(_ENTER, [entries])
    sealed_per_s = []
    began = time.perf_counter()
    while count := actions.seal():
        now = time.perf_counter()
        sealed_per_s.append(count / (now - began))
        began = now
    verify_s, failures = [], []
    for run in range(runs):
        found = queries.found()
        verify_s.append(found.seconds)
        if not found.is_whole or found.last.number < entries:
            failures.append(f"run {run + 1}: the trail is not whole")

    def deed(with_entry: bool) -> float:
        began = time.perf_counter()
        for number in range(DEEDS):
            with actions.acting(actor), connection.cursor() as cursor:
                cursor.execute("UPDATE metrics_heartbeat SET note = %s WHERE part = 'bench'", [str(number)])
                if with_entry:
                    actions.record("bench.deed", actor=actor, target=f"bench:{number}", before="a", after="b")
        return (time.perf_counter() - began) / DEEDS * 1e6

    with actions.acting(actor), connection.cursor() as cursor:
        cursor.execute("INSERT INTO metrics_heartbeat (part, at, lag_s, limit_s, note)"
                       " VALUES ('bench', now(), 0, 1, '')")
    pairs = [(deed(False), deed(True)) for _ in range(runs)]
    return {"method": settings.LINLI_AUDIT_DIGEST, "sealed_per_s": sealed_per_s, "verify_s": verify_s,
            "failures": failures, "bare_us": [bare for bare, _ in pairs], "recorded_us": [full for _, full in pairs]}


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))
