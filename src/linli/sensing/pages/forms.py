from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from linli.sensing.models import KitMetric


class AdoptForm(forms.Form):
    """What is asked to take a device into service (纳管): parsed and bounded; the action judges it."""

    device = forms.CharField(max_length=100, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=200)
    kit = forms.ChoiceField(label=_("Kit"))
    component = forms.CharField(label=_("Code of its component"), max_length=16, required=False,
                                help_text=_("16 digits. Without a component give the place."))
    lon = forms.FloatField(label=_("Longitude"), required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(label=_("Latitude"), required=False, min_value=-90, max_value=90)
    gateway = forms.CharField(label=_("Gateway"), max_length=60, required=False,
                              help_text=_("Its code, if the device speaks through one. When it fails, there is one"
                                          " fault and not one for each device."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kit"].choices = kits()


def kits() -> list[tuple[str, str]]:
    """Return the kits known, each with the metrics that it measures (套件)."""
    chinese = (get_language() or "").startswith("zh")
    metrics: dict[str, list[str]] = {}
    for kit, zh, en in KitMetric.objects.order_by("kit", "id").values_list("kit", "name_zh", "name_en"):
        metrics.setdefault(kit, []).append(zh if chinese else en)
    return [(kit, f"{kit}: {', '.join(names)}") for kit, names in metrics.items()]
