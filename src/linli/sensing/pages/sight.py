"""Who may look at devices (设备可见范围)."""

from collections.abc import Callable
from functools import wraps
from typing import Final

from django.contrib.auth.views import redirect_to_login
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.kernel.role import Role
from linli.sensing.models import Thing

SEES_THINGS: Final = frozenset({
    Role.GRID, Role.ACCEPTOR, Role.DISPATCHER, Role.CHECKER, Role.COMMUNITY, Role.STREET, Role.DISTRICT, Role.AUDITOR,
    Role.OPERATOR,
})
NOTHING: Final = Q(pk__in=[])
View = Callable[..., HttpResponse]


def visible_things(actor: Actor) -> QuerySet[Thing]:
    """Return the devices in the areas of this actor's posts (可见设备)."""
    seen = NOTHING
    for post in actor.posts:
        if post.role in SEES_THINGS:
            seen |= Q(area_code__startswith=post.area)
    return Thing.objects.filter(seen)


def thing(actor: Actor, code: str) -> Thing:
    """Return a device that this actor may see; raise NotFound if there is none."""
    found = visible_things(actor).filter(code=code).select_related("component__klass").first()
    if found is None:
        raise NotFound("sensing.no_such_thing", "There is no such device.")
    return found


def at_a_desk(*roles: Role) -> Callable[[View], View]:
    """Let only posts with one of `roles` open a page; a stranger is sent to sign in, for others there is none."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not any(post.role in roles for post in request.actor.posts):
                raise NotFound("sensing.no_page", "There is no such page.")
            return view(request, *args, **kwargs)

        return never_cache(guarded)

    return guard
