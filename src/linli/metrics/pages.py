import os
from dataclasses import asdict
from shutil import disk_usage
from time import perf_counter
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from linli.metrics import queries

DATABASE_LIMIT_S: Final = 1.0
LEAST_FREE_BYTES: Final = 200 * 2**20


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the web part answers (存活)."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Name each part, how far it is behind and its limit (就绪); 503 if one is not ready or was never heard of."""
    parts = _parts()
    ready = all(part["ready"] for part in parts)
    return JsonResponse({"ready": ready, "parts": parts}, status=200 if ready else 503)


@require_safe
def exposition(request: HttpRequest) -> HttpResponse:
    """Return the same figures as Prometheus text (指标)."""
    lines = ["# TYPE linli_part_ready gauge", "# TYPE linli_part_lag_seconds gauge"]
    for part in _parts():
        lines.append(f'linli_part_ready{{part="{part["part"]}"}} {int(bool(part["ready"]))}')
        lag = "NaN" if part["lag_s"] is None else part["lag_s"]
        lines.append(f'linli_part_lag_seconds{{part="{part["part"]}"}} {lag}')
    lines += _flow_lines()
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4")


def _flow_lines() -> list[str]:
    """Messages in and out; what has no outcome is a loss that somebody must see."""
    try:
        found = queries.balance()
    except DatabaseError:
        return []
    return [
        "# TYPE linli_messages_passed_total counter", f"linli_messages_passed_total {found.passed}",
        "# TYPE linli_messages_unaccounted gauge", f"linli_messages_unaccounted {found.unaccounted}",
        "# TYPE linli_messages_total counter",
        *(f'linli_messages_total{{family="{_label(family)}",outcome="{outcome}"}} {count}'
          for family, counts in sorted(found.families.items()) for outcome, count in counts.items()),
    ]  # fmt: skip


def _label(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _parts() -> list[dict[str, object]]:
    started = perf_counter()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        heard, messages = queries.parts(), _messages()
    except DatabaseError:
        return [_part("postgres", False, None, DATABASE_LIMIT_S, "does not answer"), _disk()]
    took = perf_counter() - started
    rows = [_part("postgres", took <= DATABASE_LIMIT_S, round(took, 4), DATABASE_LIMIT_S, "")]
    rows += [_disk(), messages, *(asdict(part) for part in heard)]
    missing = set(settings.LINLI_PARTS) - {part.part for part in heard}
    return rows + [_part(name, False, None, 0.0, "never heard of") for name in sorted(missing)]


def _disk() -> dict[str, object]:
    """Whether the home can be written and has room: without it nothing new is told stored (磁盘)."""
    try:
        free = disk_usage(settings.LINLI_HOME).free
    except OSError as error:
        return _part("disk", False, None, 0.0, str(error.strerror))
    writable = os.access(settings.LINLI_HOME, os.W_OK)
    note = f"{free // 2**20} MB free" if writable else "cannot be written"
    return _part("disk", writable and free >= LEAST_FREE_BYTES, 0.0, 1.0, note)


def _messages() -> dict[str, object]:
    """Say what was dropped unread; it does not keep the parts from their work (消息收支)."""
    lost = queries.balance().unaccounted
    return _part("messages", True, 0.0, 1.0, f"{lost} left the stream before they were read" if lost else "")


def _part(name: str, ready: bool, lag_s: float | None, limit_s: float, note: str) -> dict[str, object]:
    return {"part": name, "ready": ready, "lag_s": lag_s, "limit_s": limit_s, "silent_s": 0.0, "note": note}
