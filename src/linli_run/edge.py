"""`linli edge`: the gateway agent beside the devices, and how it stands (网关代理); needs no database and no Django."""

import argparse
import json
import logging
import os
import signal
import sqlite3
import sys
import threading
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

from linli_edge.agent import Agent, SenderEnded
from linli_run.home import Home
from linli_run.trouble import Trouble

LISTEN: Final = "127.0.0.1:8710"
ROOM: Final = 1_000_000
PATIENCE_S: Final = 10.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Run it, or ask how it stands."""
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="DEED")
    deeds.add_parser("run", help="take messages from devices, keep them, send them until told stored")
    status = deeds.add_parser("status", help="ask the running agent how it stands; 1 if it needs somebody")
    status.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    return status(as_json=args.json) if args.deed == "status" else work()


def work() -> int:
    """Work until SIGTERM or Ctrl-C (运行)."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    home = Home()
    home.prepare()
    journal = home.folder / "edge.journal"
    agent = _agent(journal)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    kept = agent.status()["kept"]
    print(f"linli edge: devices hand in at http://{_listen()}/d/<device>/t, {kept} messages kept in {journal}",
          flush=True)  # fmt: skip
    try:
        agent.work(stop)
    except SenderEnded as ended:
        raise Trouble(f"{ended}.", "Start it again: nothing it kept is lost. The lines above say why.") from ended
    print("linli edge: stopped; what is not told stored is kept", flush=True)
    return 0


def status(*, as_json: bool) -> int:
    """Print how the running agent stands; return 1 if it refuses messages or could not hold a week (状态).

    Raises: Trouble if none answers.
    """
    told = _ask()
    print(json.dumps(told, ensure_ascii=False) if as_json else "\n".join(lines(told)))
    sys.stdout.flush()
    return int(bool(told["journal"]) or told["room_left"] == 0 or not told["holds_a_week"])


def lines(told: dict[str, Any]) -> list[str]:
    """Return the state in words."""
    age = "" if told["oldest_s"] is None else f", the oldest for {span(told['oldest_s'])}"
    holds = "not known yet" if told["holds_days"] is None else f"{told['holds_days']} days of messages"
    pace = "not known yet" if told["per_day"] is None else f"{told['per_day']} messages a day"
    receipt = "none since the start"
    if told["receipt_at"] is not None:
        receipt = f"{datetime.fromtimestamp(told['receipt_at']).astimezone():%F %T %z}"
    found = [
        f"kept          {told['kept']} messages of {told['devices']} devices{age}",
        f"room          {told['room_left']} messages more; {told['journal_bytes'] // 2**20} MB taken,"
        f" {max(0, told['disk_left_bytes']) // 2**20} MB of disk left",
        f"pace          {pace}",
        f"holds         {holds}",
        f"last receipt  {receipt}",
        f"line          {'up' if told['connected'] else told['line']}",
        f"refused       {told['refused']} messages since the start",
    ]
    if told["journal"] or told["room_left"] == 0:
        found.append(f"✗ new messages are refused: {told['journal'] or 'no room is left'}")
        found.append("  → Free disk, or raise LINLI_EDGE_ROOM; let the line come back. Devices must hand in again.")
    elif not told["holds_a_week"]:
        found.append("✗ less than seven days of messages can be kept")
        found.append("  → Give the journal a larger disk, or raise LINLI_EDGE_ROOM.")
    return found


def span(seconds: float) -> str:
    """Return a time span in one unit (时长)."""
    for unit, length_s in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * length_s:
            return f"{seconds / length_s:.0f} {unit}"
    return f"{seconds:.0f} seconds"


def _ask() -> dict[str, Any]:
    try:
        opener = build_opener(ProxyHandler({}))
        with opener.open(f"http://{_listen()}/status", timeout=PATIENCE_S) as answer:
            return dict(json.load(answer))
    except (URLError, OSError, ValueError) as error:
        raise Trouble(f"No gateway agent answers at {_listen()}.",
                      "Start `linli edge run`; what was kept stays in its journal.") from error  # fmt: skip


def _agent(journal: Path) -> Agent:
    address = urlsplit(f"//{_listen()}")
    try:
        return Agent((address.hostname or "", address.port or 0), _server(), journal, _room())
    except sqlite3.Error as error:
        busy = getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY")
        raise Trouble(
            f"The journal {journal} is used by another agent." if busy else f"The journal {journal}: {error}.",
            "Stop that one, or set LINLI_HOME to another folder." if busy
            else "Give its folder back to this user, with room; nothing in it was changed.",
        ) from error  # fmt: skip
    except OSError as error:
        raise Trouble(f"Nobody can listen at {_listen()}: {error.strerror}.",
                      "Stop what uses it, perhaps another agent, or set LINLI_EDGE_LISTEN.") from error  # fmt: skip


def _listen() -> str:
    given = os.environ.get("LINLI_EDGE_LISTEN") or LISTEN
    try:
        parts = urlsplit(f"//{given}")
        if parts.hostname and parts.port and parts.netloc == given and not parts.username:
            return given
    except ValueError:
        pass
    raise Trouble("LINLI_EDGE_LISTEN is not an address.", f"Write host and port, such as {LISTEN}.")


def _room() -> int:
    given = os.environ.get("LINLI_EDGE_ROOM") or str(ROOM)
    if not given.isdecimal() or int(given) < 1:
        raise Trouble("LINLI_EDGE_ROOM is not a number of messages.", f"Write one, such as {ROOM}.")
    return int(given)


def _server() -> str:
    """The message server; what is wrong with it is told without it, for it holds the password (消息服务器地址)."""
    given = os.environ.get("MQTT_URL", "")
    try:
        parts = urlsplit(given)
        if parts.scheme in {"mqtt", "mqtts"} and parts.hostname and parts.port != 0:
            return given
    except ValueError:
        pass
    raise Trouble(
        "MQTT_URL is not set." if not given else "MQTT_URL is not an address of a message server.",
        "Set it to what `linli up` printed: mqtt://user:password@host:port; write /, # and @ of a password as %2F …",
    ) from None
