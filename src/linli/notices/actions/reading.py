from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.notices import policy
from linli.notices.models import Notice


def read(notice_id: int, *, actor: Actor) -> str:
    """Note that somebody has read a notice of theirs (已读回执), once, and return where it leads.

    Raises: NotFound if it is not theirs.
    """
    policy.require_person(actor)
    notice = Notice.objects.of(actor.ref).filter(pk=notice_id).first()
    if notice is None:
        raise NotFound("notices.no_such_notice", "There is no such notice.")
    Notice.objects.filter(pk=notice_id, read_at=None).update(read_at=clock.now())
    return notice.link


def read_all(*, actor: Actor) -> int:
    """Note that somebody has read all that was told to them (全部已读); return how many were new."""
    policy.require_person(actor)
    return Notice.objects.of(actor.ref).unread().update(read_at=clock.now())
