from django.db import models
from django.db.models import Q

from linli.cases.domain.intake import Source


class CaseReport(models.Model):
    """One report as it came in (来报); the first opened the case, later ones joined it. Row-secured by its case.

    `source_ref` is unique within the source: sending twice is harmless. No contact details: those
    belong to `people`. `facts` lead back to the source, such as the alert and its reading. `likeness`
    keeps why it joined: the score and its parts (`domain.merging.Score`).
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="reports")
    source = models.CharField(max_length=10)
    source_ref = models.CharField(max_length=100)
    category = models.ForeignKey("cases.Category", on_delete=models.PROTECT, related_name="+")
    component = models.ForeignKey("assets.Component", null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True, default="")
    lon = models.FloatField()
    lat = models.FloatField()
    level = models.CharField(max_length=10)
    reporter = models.CharField(max_length=100)
    seen_at = models.DateTimeField()
    received_at = models.DateTimeField()
    merged = models.BooleanField()
    likeness = models.JSONField(null=True)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="cases_report_case")]
        constraints = [
            models.UniqueConstraint(fields=["source", "source_ref"], name="cases_report_once"),
            models.UniqueConstraint(fields=["case"], condition=Q(merged=False), name="cases_report_one_opens"),
            models.CheckConstraint(
                name="cases_report_source", condition=Q(source__in=[source.value for source in Source])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.source_ref}"


class FollowLink(models.Model):
    """One link by which a reporter follows a report (查看进展链接); only the token's SHA-256 is kept."""

    report = models.ForeignKey("cases.CaseReport", on_delete=models.PROTECT, related_name="follow_links")
    token_sha256 = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"link of report {self.report_id}"


class ReportPhoto(models.Model):
    """A photo handed in with a report (来报照片); a photo serves once."""

    report = models.ForeignKey("cases.CaseReport", on_delete=models.PROTECT, related_name="photos")
    photo = models.OneToOneField("files.Photo", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"photo {self.photo_id}"
