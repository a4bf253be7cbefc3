"""The residents' first page (居民首页): report something, what this phone reported, what is being handled."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from linli.cases.pages import phone, words
from linli.cases.pages.progress import five_steps
from linli.cases.queries.resident import being_handled, followed

SHOWN: Final = 5
MINE_SHOWN: Final = 3


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the first page; nothing on it is personal but what this phone itself keeps."""
    mine = followed(phone.links_of(request))
    shown = mine if "all" in request.GET else mine[:MINE_SHOWN]
    return render(request, "cases/home.html", {
        "mine": [(one, words.STANDS[one.state], five_steps(one.state)) for one in shown],
        "mine_count": len(mine), "mine_hidden": len(mine) - len(shown),
        "handled": [(one, words.STANDS[one.state]) for one in being_handled(SHOWN)],
    })


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Let this phone forget its reports (从本机移除), for a phone that others use too."""
    return phone.forget(redirect("home"))
