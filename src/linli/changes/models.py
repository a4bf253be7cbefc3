from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from linli.changes.domain.source import Source


class ChangeSet(models.Model):
    """One change of the registry (变更集): all that one transaction wrote for one reason.

    `at` is given by the database when the set is closed, later than that of every set before
    it; the triggers of the versioned tables write `touched`. A closed set never changes.
    """

    at = models.DateTimeField(null=True, unique=True)
    actor = models.CharField(max_length=100)
    reason = models.CharField(max_length=300)
    source = models.CharField(max_length=10)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")
    touched = ArrayField(models.CharField(max_length=63), default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(name="changes_set_source", condition=Q(source__in=[s.value for s in Source])),
            models.CheckConstraint(name="changes_set_says_why", condition=~Q(reason="")),
            models.CheckConstraint(name="changes_set_undo_names_its_set",
                                   condition=Q(source="undo", undoes__isnull=False)
                                   | ~Q(source="undo") & Q(undoes=None)),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.actor}: {self.reason}"
