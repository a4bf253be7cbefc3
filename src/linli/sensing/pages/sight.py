"""Who may open the pages of devices (设备页面入口)."""

from collections.abc import Callable, Collection
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.kernel.role import Role
from linli.sensing import policy
from linli.sensing.models import Thing

View = Callable[..., HttpResponse]


def thing(actor: Actor, code: str) -> Thing:
    """Return a device that this actor may see; raise NotFound if there is none."""
    found = policy.visible_things(actor).filter(code=code).select_related("component").first()
    if found is None:
        raise NotFound("sensing.no_such_thing", "There is no such device.")
    return found


def only_for(roles: Collection[Role]) -> Callable[[View], View]:
    """Let only posts with one of `roles` open a page; a stranger is sent to sign in, for others there is none."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not any(post.role in roles for post in request.actor.posts):
                raise NotFound("sensing.no_page", "There is no such page.")
            return view(request, *args, **kwargs)

        return signed_in(guarded)

    return guard


def signed_in(view: View) -> View:
    """Send a stranger to sign in, and keep no page."""
    return never_cache(login_required(view))
