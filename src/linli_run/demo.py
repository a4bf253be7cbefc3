"""`linli city`, and what the demo is made of (合成城市与演示)."""

import argparse
from pathlib import Path
from typing import Final

from linli_run.trouble import Trouble

PASSWORD: Final = "linli-demo"  # noqa: S105  # printed when the demo starts, made by --demo only
ACCOUNTS: Final = ("resident", "grid", "acceptor", "dispatcher", "unit", "checker", "community", "street", "district",
                   "education", "mediator", "auditor", "operator")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what to do with a city."""
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="DEED")
    build = deeds.add_parser("build", help="build a synthetic city and load it, or write it to files")
    build.add_argument("--people", type=int, default=5000, help="how many live there (default 5000)")
    build.add_argument("--seed", type=int, default=20260901, help="the same seed gives the same city")
    build.add_argument("--out", type=Path, metavar="DIR", help="write files here instead of loading the city")
    cover = deeds.add_parser("open-manhole", help="have the running simulator open one manhole cover")
    cover.add_argument("device", help="code of the device under the cover, such as mc-0001")
    cover.add_argument("--for", dest="for_s", type=float, default=300.0, metavar="SECONDS", help="default 300")


def run(args: argparse.Namespace) -> int:
    """Build a city, or open a cover (合成城市命令)."""
    if args.deed == "open-manhole":
        return _open_manhole(args.device, args.for_s)
    return _build(args.people, args.seed, args.out)


def load(people: int, seed: int) -> None:
    """Load the demo: city, accounts and a first day's cases (载入演示); harmless when repeated.

    Raises: Trouble if this database holds another city.
    """
    from linli_run import demo_city  # needs a ready Django

    demo_city.load_demo(people, seed)


def simulate(people: int, seed: int) -> None:
    """Play the sensors of the demo city until told to stop (模拟设备)."""
    from linli_run import demo_simulator

    demo_simulator.play(people, seed)


def _build(people: int, seed: int, out: Path | None) -> int:
    from linli_city import city, export

    try:
        built = city.build(people, seed)
    except ValueError as error:
        raise Trouble(f"Not built: {error}.", "Choose a larger --people.") from error
    if out:
        for path in export.write(built, out):
            print(path)
        return 0
    import django

    django.setup()
    from linli_run import demo_city

    print("loaded" if demo_city.load_city(built) else "already there", f"{len(built.areas)} areas,"
          f" {len(built.components)} components, {len(built.things)} devices")
    return 0


def _open_manhole(device: str, for_s: float) -> int:
    from linli_run import demo_orders

    demo_orders.give(demo_orders.Order(device, for_s))
    print(f"{device} will be open for {for_s:.0f} s")
    return 0
