"""`linli rules`: read and change by which marks devices are judged (规则与基线)."""

import argparse
import json
from pathlib import Path
from typing import Any

from linli_run.trouble import Trouble


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what to do with the rules."""
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="DEED")
    show = deeds.add_parser("show", help="print all rules, or one, as JSON")
    show.add_argument("name", nargs="?", default="", help="the rule's name; without it all")
    change = deeds.add_parser("set", help="give a rule the marks written in a JSON file")
    change.add_argument("name", help="the rule's name")
    change.add_argument("file", type=Path, help="marks as `linli rules show` prints them")
    line = deeds.add_parser("base-line", help="say what one metric of a device measures when all is well")
    line.add_argument("device", help="the device's code")
    line.add_argument("metric", help="which of its metrics")
    line.add_argument("value", type=float, help="in the metric's own unit")
    profile = deeds.add_parser("profile", help="say how often devices of a kit speak")
    profile.add_argument("kit", help="the kit's name")
    profile.add_argument("--heartbeat", type=float, required=True, metavar="SECONDS", help="at least so often")
    profile.add_argument("--missed", type=int, default=3, metavar="N", help="how many may be missed (default 3)")
    profile.add_argument("--case-after", type=float, default=3600, metavar="SECONDS", help="default 3600")


def run(args: argparse.Namespace) -> int:
    """Do it, as Linli itself on this machine."""
    import django

    django.setup()
    from linli.audit import actions as audit
    from linli.kernel.actor import Actor
    from linli.kernel.errors import DomainError
    from linli.sensing import actions as sensing
    from linli.sensing import queries

    console = Actor.system("console")
    try:
        with audit.acting(console):
            if args.deed == "show":
                print(json.dumps(queries.rules(args.name), ensure_ascii=False, indent=1))
            elif args.deed == "set":
                print(f"{args.name}, version {sensing.change_rule(args.name, _read(args.file), actor=console)}")
            elif args.deed == "base-line":
                sensing.set_base_line(args.device, args.metric, args.value, actor=console)
            else:
                sensing.change_profile(args.kit, heartbeat_s=args.heartbeat, missed_heartbeats=args.missed,
                                       fault_case_after_s=args.case_after, actor=console)
    except DomainError as refused:
        raise Trouble(f"Not changed: {refused}", "See docs/how-to/sensor-kits.md.") from refused
    return 0


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Trouble(f"{path} cannot be read: {error}", "Write one JSON object into it.") from error
