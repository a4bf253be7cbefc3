"""`linli replay`: send a real series as a device would, over MQTT, until every reading is told stored (重放序列)."""

import argparse
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from linli_edge.sender import Sender
from linli_run import replay_series
from linli_run.replay_series import Layout, Series
from linli_run.trouble import Trouble

SHOW_EVERY_S: Final = 0.5
SAY_EVERY_S: Final = 10.0
HOW_TO_ADOPT: Final = "Adopt it on its page, or add --adopt KIT with --at LON,LAT or --component CODE."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which series, as which device, how fast."""
    parser.add_argument("file", type=Path, help="CSV file with a header")
    parser.add_argument("--device", required=True, help="code of the device to speak as")
    parser.add_argument("--metric", required=True, help="the device's metric that the series is")
    parser.add_argument("--speed", type=float, default=0.0, help="times real time; 0, the default: as it stores")
    parser.add_argument("--time-column", help="by default the one that is called so")
    parser.add_argument("--value-column", help="by default the metric's, or the only other one")
    parser.add_argument("--time-format", help="such as '%%d/%%m/%%y %%H'; by default found out")
    parser.add_argument("--tz", default="UTC", help="time zone of times without offset (default UTC)")
    parser.add_argument("--adopt", metavar="KIT", help="adopt the device with this kit if it is not in service")
    parser.add_argument("--name", help="with --adopt: what to call it")
    parser.add_argument("--at", metavar="LON,LAT", help="with --adopt: where it is")
    parser.add_argument("--component", help="with --adopt: code of the component it is mounted on")


def run(args: argparse.Namespace) -> int:
    """Read, check the device, send, wait for the receipts, and say what came of it."""
    if args.speed < 0:
        raise Trouble("--speed is negative.", "Say 0 for as fast as may be, or a number above.")
    layout = Layout(metric=args.metric, time_column=args.time_column, value_column=args.value_column,
                    time_format=args.time_format, zone=_zone(args.tz))  # fmt: skip
    series = replay_series.read(args.file, layout)
    print(f"{args.file.name}: {_told(series)}", file=sys.stderr)
    with _sensing() as desk:
        desk.ready(args)
        before = desk.refusals(args.device)
    sent = _send(series, args.device, args.metric, args.speed)
    with _sensing() as desk:
        refused = {reason: count - before.get(reason, 0) for reason, count in desk.refusals(args.device).items()}
    return _summary(sent, {reason: count for reason, count in refused.items() if count > 0})


@dataclass(frozen=True, slots=True)
class Sent:
    """How many readings were handed to the sender, and of how many came the receipt."""

    handed_in: int
    stored: int
    took_s: float


def _send(series: Series, device: str, metric: str, speed: float) -> Sent:
    began = time.monotonic()
    total = len(series.readings)
    with Sender(os.environ["MQTT_URL"], f"replay-{os.getpid()}") as sender, _shown(sender, total) as stop:
        try:
            for at, value in _paced(series, speed, stop):
                sender.send(device, {"ts": at, metric: value})
            while not sender.wait(SHOW_EVERY_S):
                pass
        except KeyboardInterrupt:
            print("\nstopped", file=sys.stderr)
        progress = sender.progress()
    return Sent(progress.handed_in, progress.stored, time.monotonic() - began)


def _paced(series: Series, speed: float, stop: threading.Event) -> Iterator[tuple[float, float]]:
    """Yield each reading when its turn has come at this speed."""
    began, first = time.monotonic(), series.readings[0][0] if series.readings else 0.0
    for at, value in series.readings:
        if speed:
            stop.wait(max(0.0, began + (at - first) / speed - time.monotonic()))
        yield at, value


@contextmanager
def _shown(sender: Sender, total: int) -> Iterator[threading.Event]:
    """Show how far it got, on one line of a terminal, now and then elsewhere (进度)."""
    stop = threading.Event()
    live = sys.stderr.isatty()

    def show() -> None:
        while not stop.wait(SHOW_EVERY_S if live else SAY_EVERY_S):
            _say(sender, total, "\r" if live else "", "" if live else "\n")

    thread = threading.Thread(target=show, daemon=True)
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join()
        _say(sender, total, "\r" if live else "", "\n")


def _say(sender: Sender, total: int, begin: str, end: str) -> None:
    progress = sender.progress()
    line = "" if progress.connected else ", not connected"
    print(f"{begin}sent {progress.handed_in:,} of {total:,}, stored {progress.stored:,}{line}",
          end=end, file=sys.stderr, flush=True)  # fmt: skip


def _told(series: Series) -> str:
    if not series.readings:
        return "no readings"
    first, last = (datetime.fromtimestamp(at, UTC) for at in (series.readings[0][0], series.readings[-1][0]))
    span = f"{first:%F %T} to {last:%F %T} UTC"
    return f"{len(series.readings):,} readings from {span}, {series.unvalued:,} rows without value"


def _summary(sent: Sent, refused: dict[str, int]) -> int:
    print(f"{sent.stored:,} readings told stored in {sent.took_s:.1f} s")
    for reason, count in sorted(refused.items()):
        print(f"{count:,} in quarantine: {reason}")
    return 0 if sent.stored == sent.handed_in and not refused else 1


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Trouble(f"There is no time zone {name}.", "Say one such as Asia/Shanghai.") from error


@contextmanager
def _sensing() -> Iterator["_Desk"]:
    """The room of devices, as Linli itself."""
    import django

    django.setup()
    from linli.audit import actions as audit
    from linli.kernel.actor import Actor
    from linli.kernel.errors import DomainError

    actor = Actor.system("replay")
    try:
        with audit.acting(actor):
            yield _Desk(actor)
    except DomainError as error:
        raise Trouble(str(error), "Look at the sensors' pages, or at `linli replay --help`.") from error


class _Desk:
    """What replay asks of the room."""

    def __init__(self, actor: Any) -> None:
        from linli.sensing import actions, queries

        self._actor, self._actions, self._queries = actor, actions, queries

    def refusals(self, device: str) -> dict[str, int]:
        """How often the device was refused so far, by reason."""
        return self._queries.refusals(device)

    def ready(self, args: argparse.Namespace) -> None:
        """See that the device is in service and has the metric; nothing is made unless it was asked for (核对设备)."""
        card = self._queries.thing_card(args.device)
        if card is None and args.adopt:
            self._adopt(args)
            card = self._queries.thing_card(args.device)
        if card is None or card.adopted_at is None:
            raise Trouble(f"The device {args.device} is not in service.", HOW_TO_ADOPT)
        metrics = [stream.metric for stream in card.streams]
        if args.metric not in metrics:
            raise Trouble(f"{args.device} has no metric {args.metric}.", f"It has: {', '.join(metrics)}.")

    def _adopt(self, args: argparse.Namespace) -> None:
        self._actions.load_kits(actor=self._actor)
        self._actions.adopt(args.device, name=args.name or args.device, kit=args.adopt, actor=self._actor,
                            component=args.component or "", where=_place(args.at) if args.at else None)  # fmt: skip


def _place(text: str) -> Any:
    from linli.kernel.geo import Point

    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError as error:
        raise Trouble(f"{text!r} is no place.", "Say --at LON,LAT, such as --at 120.001,30.002.") from error
    return Point(lon, lat)
