from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from linli.kernel.role import Role


class User(AbstractBaseUser):
    """Somebody who signs in (用户). What they may do comes from their posts alone: there is no superuser.

    With `one_time_until` the password is a one-time one: until then it opens the choice of another, nothing else.
    """

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    is_active = models.BooleanField(default=True)
    one_time_until = models.DateTimeField(null=True)

    objects: BaseUserManager["User"] = BaseUserManager()
    USERNAME_FIELD = "username"

    def __str__(self) -> str:
        return self.username


class PostQuerySet(models.QuerySet["Post"]):
    def in_force(self, at: datetime) -> "PostQuerySet":
        """Keep the posts held at the moment `at`."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=at), valid_from__lte=at)

    def within(self, areas: Iterable[str]) -> "PostQuerySet":
        """Keep the posts over these areas, and those for units that are there."""
        placed = self.alias(place=Coalesce("unit__area_code", "area_code"))
        near = Q(pk__in=[])
        for area in areas:
            near |= Q(place__startswith=area)
        return placed.filter(near)

    def of_operators(self) -> "PostQuerySet":
        """Keep the posts of those who operate the whole deployment."""
        return self.filter(role=Role.OPERATOR.value, area_code="")


class Post(models.Model):
    """A post somebody holds (岗位): a role over an area, for a unit where the role is the unit's."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="posts")
    role = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    area_code = models.CharField(max_length=15, default="", blank=True)
    unit = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    purpose = models.CharField(max_length=60, default="", blank=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="accounts_post_known_role", condition=Q(role__in=[r.value for r in Role])),
            models.CheckConstraint(
                name="accounts_post_unit_iff_units_role",
                condition=Q(role=Role.UNIT.value, unit__isnull=False) | ~Q(role=Role.UNIT.value) & Q(unit=None),
            ),
            models.CheckConstraint(
                name="accounts_post_ends_after_start", condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.area_code}"
