from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q


class CaseStep(models.Model):
    """One thing that happened to a case (流转记录): appended, never changed (a trigger refuses both).

    `move` is a move of the workflow or a remark (`domain.remarks`). `post` is the role in which the
    actor stood: pages show posts, not persons. `once` keeps a remark from being made twice.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="steps")
    move = models.CharField(max_length=30)
    before = models.CharField(max_length=12)
    state = models.CharField(max_length=12)
    at = models.DateTimeField()
    actor = models.CharField(max_length=100)
    post = models.CharField(max_length=20, blank=True, default="")
    unit = models.ForeignKey("organisations.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    given = models.JSONField(default=dict)
    once = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["case", "id"], name="cases_step_case"),
            BrinIndex(fields=["at"], name="cases_step_at"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "once"], condition=~Q(once=""), name="cases_step_remark_once")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.move} {self.state}"


class StepPhoto(models.Model):
    """A photo that proves a step (佐证照片); a photo serves once."""

    step = models.ForeignKey("cases.CaseStep", on_delete=models.PROTECT, related_name="photos")
    photo = models.OneToOneField("files.Photo", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"photo {self.photo_id}"
