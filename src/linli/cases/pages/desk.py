"""The inbox of a desk (收件): queues with their counts, the rows of one queue, and a look at one of them."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from linli.cases import policy, queries
from linli.cases.domain.limits import Standing
from linli.cases.domain.queues import QUEUES
from linli.cases.domain.workflow import MOVES, WITH_UNIT, State
from linli.cases.models import Case
from linli.cases.pages import words
from linli.cases.pages.access import at_desk, seen
from linli.cases.pages.told import quoted
from linli.cases.queries.desk import search, sources_of, used_shares
from linli.kernel.actor import Actor
from linli.kernel.role import Role
from linli.organisations.policy import OVERSEERS

ROWS: Final = 50
LONGEST_SEARCH: Final = 60
KEYS: Final = ("a", "s", "d")


@dataclass(frozen=True, slots=True)
class Queued:
    """One queue of the column: its name, its word, how many wait, whether it is one's own work."""

    name: str
    word: str | Promise
    count: int
    mine: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One case as a list shows it: who reported it, whether it is late, whether its unit was really sent."""

    case: Case
    sources: str
    late: bool
    sent: bool
    used: float | None


@never_cache
@at_desk
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Show the queues of this person and the rows of one, or what a search finds."""
    actor, wanted = request.actor, _searched(request)
    counts = queries.counts(actor)
    queue = request.GET.get("queue", "") if request.GET.get("queue", "") in counts else next(iter(counts))
    rows = search(actor, wanted) if wanted else queries.inbox(actor, queue)
    page = _page(request)
    shown = list(rows[page * ROWS:(page + 1) * ROWS + 1])
    cases = shown[:ROWS]
    return render(request, "cases/inbox.html", {
        "queues": [Queued(name, words.QUEUES[name], count, QUEUES[name].role is not None)
                   for name, count in counts.items()],
        "queue": "" if wanted else queue, "queue_word": words.QUEUES[queue], "searched": wanted,
        "count": None if wanted else counts[queue], "rows": _rows(cases), "page": page,
        "next_page": page + 1 if len(shown) > ROWS else None,
        "may_patrol": any(post.role == Role.GRID for post in actor.posts),
        "done": words.DONE.get(request.GET.get("done", "")), "same_count": _asked(actor),
        "oversees": any(post.role in OVERSEERS for post in actor.posts),
        **(_peek(actor, cases[0]) if cases else {}),
    })


@never_cache
@at_desk
@require_safe
def peek(request: HttpRequest, number: str) -> HttpResponse:
    """Answer the look at one case that stands beside the rows (预览)."""
    return render(request, "cases/peek.html", _peek(request.actor, seen(request.actor, number)))


def _rows(cases: list[Case]) -> list[Row]:
    found, used = sources_of(cases), used_shares(cases)
    return [_row(case, words.sources(found[case.pk]), used[case.pk]) for case in cases]


def _row(case: Case, sources: str, used: float | None) -> Row:
    return Row(case, sources, case.standing is Standing.LATE, State(case.state) in WITH_UNIT, used)


def _peek(actor: Actor, case: Case) -> dict[str, Any]:
    reports = queries.reports_of(case.pk)
    allowed = policy.moves_allowed(actor, case)
    return {
        "looked_at": _row(case, words.sources(Counter(report.source for report in reports)), None),
        "waits": words.WAITS[case.state],
        "photo": next((photo for report in reports for photo in report.photos), None),
        "quoted": quoted(reports),
        "route": words.ROUTES[case.route_rule] if case.unit else "",
        "deeds": [(MOVES[name], words.DEEDS[name], key) for name, key in zip(allowed, KEYS, strict=False)],
    }


def _asked(actor: Actor) -> int | None:
    """Return how many questions "same matter?" wait for this actor, None for whoever is asked none."""
    return queries.likenesses_for(actor).count() if any(post.role == Role.ACCEPTOR for post in actor.posts) else None


def _searched(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]


def _page(request: HttpRequest) -> int:
    word = request.GET.get("page", "")
    return int(word) if word.isascii() and word.isdigit() and len(word) < 6 else 0
