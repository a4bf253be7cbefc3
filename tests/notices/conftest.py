import pytest
from tests.make.notices import set_up


@pytest.fixture(autouse=True)
def channels(monkeypatch):
    """Every channel is set up; nothing of it is reached but what a test itself starts."""
    set_up(monkeypatch)
