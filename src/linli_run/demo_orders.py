"""Orders to the running simulator (模拟指令): one small file each, taken once, in the order given."""

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from linli_run.home import Home


@dataclass(frozen=True, slots=True)
class Order:
    """Open the cover over this device for so long (开盖指令)."""

    device: str
    for_s: float


def give(order: Order, home: Home | None = None) -> Path:
    """Leave an order for the simulator; it appears whole or not at all."""
    folder = _folder(home)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{time.time_ns():020d}-{os.getpid()}.json"
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(asdict(order)), encoding="utf-8")
    return draft.rename(path)


def take(home: Home | None = None) -> list[Order]:
    """Return the orders that came since the last time, oldest first, and remove them; what is no order is dropped."""
    orders = []
    for path in sorted(_folder(home).glob("*.json")):
        try:
            orders.append(Order(**json.loads(path.read_text("utf-8"))))
        except (ValueError, TypeError):
            pass
        finally:
            path.unlink(missing_ok=True)
    return orders


def _folder(home: Home | None) -> Path:
    return (home or Home()).folder / "simulator" / "orders"
