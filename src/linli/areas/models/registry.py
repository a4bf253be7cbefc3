from django.db import models


class Registry(models.Model):
    """What is kept of one layer as a whole (图层版本): an edition that changes with every write to the layer."""

    layer = models.CharField(max_length=20, primary_key=True)
    edition = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.layer} {self.edition}"
