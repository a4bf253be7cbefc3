from django.db import transaction

from linli.accounts import policy
from linli.accounts.actions.giving import NewPost
from linli.accounts.actions.streams import end_streams
from linli.accounts.models import Post
from linli.areas import queries as areas
from linli.audit import actions as audit
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import Conflict, Invalid, NotAllowedNow, NotFound
from linli.kernel.role import Role
from linli.organisations import queries as organisations


@transaction.atomic
def grant_post(user_id: int, post: NewPost, *, actor: Actor) -> Post:
    """Give an account one more post (授予岗位).

    Raises: NotFound; NotPermitted beyond the actor's areas; Invalid if there is no such area or unit; Conflict if the
        account holds that post.
    """
    user = policy.visible_accounts(actor).select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotFound("accounts.no_such_account", "There is no such account.")
    require_grantable(post, actor)
    now = clock.now()
    same = Post.objects.filter(user=user, role=post.role.value, area_code=post.area, unit=post.unit)
    if same.in_force(now).exists():
        raise Conflict("accounts.post_held", "This account holds that post already.", field="role")
    given = Post.objects.create(user=user, role=post.role.value, name=post.name, area_code=post.area,
                                unit_id=post.unit, valid_from=now)
    audit.record("accounts.grant", actor=actor, target=f"user:{user.pk}", post=given.pk, role=post.role.value,
                 area=post.area, unit=post.unit)
    return given


@transaction.atomic
def withdraw_post(user_id: int, post_id: int, *, actor: Actor) -> None:
    """End a post that an account holds (收回岗位).

    Raises: NotFound; NotPermitted beyond the actor's areas; NotAllowedNow if it is the last operator's.
    """
    operates = hold_operators(user_id)
    mine = policy.visible_accounts(actor).filter(pk=user_id)
    post = Post.objects.select_for_update(of=("self",)).in_force(clock.now()).filter(pk=post_id, user__in=mine).first()
    if post is None:
        raise NotFound("accounts.no_such_post", "There is no such post.")
    policy.require_within(actor, [place_of(post.unit_id, post.area_code)])
    post.valid_to = clock.now()
    post.save(update_fields=["valid_to"])
    if operates:
        require_operator_left()
    end_streams(user_id)
    audit.record("accounts.withdraw", actor=actor, target=f"user:{user_id}", post=post.pk, role=post.role,
                 area=post.area_code, unit=post.unit_id)


def require_grantable(post: NewPost, actor: Actor) -> None:
    """Refuse a post that cannot be, or that is not this actor's to give (授权检查)."""
    if (post.role is Role.UNIT) != (post.unit is not None):
        raise Invalid("accounts.unit_iff_unit", "A handling unit's post names its unit, and no other does.",
                      field="unit")
    if post.unit is not None and not organisations.hold_active(post.unit):
        raise Invalid("accounts.no_such_unit", "There is no such unit in use.", field="unit")
    if post.area and not areas.names([post.area]):
        raise Invalid("accounts.no_such_area", "There is no area of this code.", field="area")
    policy.require_within(actor, [place_of(post.unit, post.area)])


def place_of(unit_id: int | None, area: str) -> str:
    """Return the area that a post reaches into: its own, or that of the unit it is for."""
    card = organisations.card(unit_id) if unit_id is not None else None
    return card.area_code if card else area


def hold_operators(user_id: int) -> bool:
    """Keep the posts of operators as they are until the commit, in one order; return whether the user holds one."""
    held = Post.objects.select_for_update(of=("self",)).of_operators().in_force(clock.now()).order_by("pk")
    return user_id in {post.user_id for post in held}


def require_operator_left() -> None:
    """Refuse to leave the deployment without anybody who operates it (最后一名运维员)."""
    if not Post.objects.of_operators().in_force(clock.now()).filter(user__is_active=True).exists():
        raise NotAllowedNow("accounts.last_operator", "This is the last operator of the whole deployment. Please make"
                            " another one first.")
