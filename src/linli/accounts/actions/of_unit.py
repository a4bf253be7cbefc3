from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from linli.accounts.models import Post
from linli.audit import actions as audit
from linli.kernel import clock
from linli.kernel.actor import Actor


@transaction.atomic
def end_posts(unit_id: int, *, follow_to: int | None, actor: Actor) -> list[list[int | None]]:
    """End the posts of a unit that goes out of use (终止单位岗位); with `follow_to` their holders go on there.

    Returns each ended post with the one that follows it, None where nothing follows. The accounts stay; the caller
    has made sure that `actor` may change the unit.
    """
    now = clock.now()
    old = list(Post.objects.select_for_update().filter(unit=unit_id).in_force(now).order_by("pk"))
    fresh = [_following(post, follow_to, now) for post in old] if follow_to is not None else []
    Post.objects.bulk_create(fresh)
    Post.objects.filter(pk__in=[post.pk for post in old]).update(valid_to=now)
    pairs: list[list[int | None]] = [[post.pk, fresh[at].pk if fresh else None] for at, post in enumerate(old)]
    audit.record("accounts.end_posts", actor=actor, target=f"unit:{unit_id}", follow_to=follow_to, posts=pairs)
    return pairs


@transaction.atomic
def give_back_posts(pairs: Sequence[Sequence[int | None]], *, unit: int, actor: Actor) -> int:
    """Give back the posts that ended with their unit (恢复单位岗位), and end those that followed; return how many."""
    now = clock.now()
    old = [pair[0] for pair in pairs if pair[0] is not None]
    Post.objects.filter(pk__in=[pair[1] for pair in pairs if pair[1] is not None]).in_force(now).update(valid_to=now)
    count = Post.objects.filter(pk__in=old, unit=unit).exclude(valid_to=None).update(valid_to=None)
    audit.record("accounts.give_back_posts", actor=actor, target=f"unit:{unit}", posts=old)
    return count


def _following(post: Post, unit_id: int, now: datetime) -> Post:
    return Post(user_id=post.user_id, role=post.role, name=post.name, area_code=post.area_code, unit_id=unit_id,
                purpose=post.purpose, valid_from=now, valid_to=post.valid_to)
