"""Who may be at the desk (办公台准入): somebody signed in, with a post that is not a resident's."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

from linli.cases import policy
from linli.cases.models import Case
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound, NotPermitted
from linli.kernel.role import Role

View = Callable[..., HttpResponse]


def at_desk(view: View) -> View:
    """Send strangers to the sign-in page, and refuse whoever holds no post."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not any(post.role != Role.RESIDENT for post in request.actor.posts):
            raise NotPermitted("cases.desk_only",
                               "The desk is for those who hold a post. Sign in with another account.")
        return view(request, *args, **kwargs)

    return login_required(guarded)


def seen(actor: Actor, number: str) -> Case:
    """Return the case with this number, if this actor may know of it.

    Raises: NotFound otherwise: another area's case does not exist.
    """
    case = policy.visible_cases(actor).with_facts().filter(number=number).first()
    if case is None:
        raise NotFound("cases.no_such_case", "There is no such case.")
    return case
