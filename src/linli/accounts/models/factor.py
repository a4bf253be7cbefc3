from django.db import models


class SecondFactor(models.Model):
    """What works out somebody's codes (动态口令): its secret under seal, when it was proven, the last step taken."""

    user = models.OneToOneField("accounts.User", on_delete=models.CASCADE, related_name="second_factor")
    sealed = models.BinaryField()
    proven_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"second factor of {self.user_id}"


class RecoveryCode(models.Model):
    """One way in for the day the phone is lost (恢复码), as a keyed hash; it goes when it is used."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"recovery code of {self.user_id}"
