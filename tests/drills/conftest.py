"""The road of the ingest tests, with units and components where the devices of a drill stand."""

from tests.ingest.conftest import laid_road, road

__all__ = ["laid_road", "road"]
