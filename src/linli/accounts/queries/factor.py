from linli.accounts.models import Post, SecondFactor
from linli.accounts.queries.rules import rules
from linli.kernel import clock


def has_factor(user_id: int) -> bool:
    """Return whether somebody signs in with a second factor (是否启用动态口令)."""
    return SecondFactor.objects.filter(user=user_id, proven_at__isnull=False).exists()


def must_have_factor(user_id: int) -> bool:
    """Return whether one of somebody's posts asks for a second factor (是否必须启用)."""
    roles = rules().second_factor_roles
    return bool(roles) and Post.objects.filter(user=user_id, role__in=roles).in_force(clock.now()).exists()
