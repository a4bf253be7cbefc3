"""What a resident sends, step by step (居民上报)."""

from typing import Any

from django.http import HttpResponse
from django.test import Client
from tests.make.areas import middle_of
from tests.make.desk import photo_file

HERE = {"lon": f"{middle_of(0).lon:.6f}", "lat": f"{middle_of(0).lat:.6f}"}


def tell_what(client: Client, **changed: Any) -> HttpResponse:
    """Send the first step."""
    return client.post("/report/what", {"text": "井盖没了，井口敞着", "category": "manhole_missing", **changed})


def report_all(client: Client, **changed: Any) -> HttpResponse:
    """Send all three steps."""
    assert tell_what(client, photos=photo_file(), **changed).headers["Location"] == "/report/where"
    assert client.post("/report/where", HERE).headers["Location"] == "/report/look"
    return client.post("/report")
