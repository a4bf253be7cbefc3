from django.db import models


class Told(models.Model):
    """How far the telling about one thing has come (已告知至): the last step of it that was turned into notices."""

    subject = models.CharField(max_length=60, primary_key=True)
    upto = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.subject} up to {self.upto}"
