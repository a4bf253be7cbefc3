"""`linli units`: which units cannot be reached; taking one out of use and undoing it (单位管理)."""

import argparse
from datetime import date
from typing import Any

from linli_run.trouble import Trouble


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, with which unit."""
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="DEED")
    listed = deeds.add_parser("list", help="list the units with their open cases and accounts")
    listed.add_argument("--unreached", action="store_true", help="only those that cannot be reached")
    gone = deeds.add_parser("retire", help="take a unit out of use, with all that hangs on it")
    gone.add_argument("unit", type=int, metavar="ID", help="the unit that goes")
    gone.add_argument("--on", type=date.fromisoformat, metavar="DAY", help="the day, such as 2027-03-01; today if none")
    gone.add_argument("--successor", type=int, metavar="ID", help="who takes over; the fallback unit if none")
    gone.add_argument("--accounts-follow", action="store_true", help="its accounts go on at the successor")
    gone.add_argument("--yes", action="store_true", help="do it; without, only say what hangs on it")
    back = deeds.add_parser("restore", help="undo that a unit goes, or went, out of use")
    back.add_argument("unit", type=int, metavar="ID", help="the unit that stays or comes back")


def run(args: argparse.Namespace) -> int:
    """Do it, or say why not."""
    import django

    django.setup()
    from linli.kernel.errors import DomainError

    try:
        {"list": _list, "retire": _retire, "restore": _restore}[args.deed](args)
    except DomainError as refusal:
        raise Trouble(refusal.message.format(**refusal.params), "Nothing was changed.") from None
    return 0


def _operator() -> Any:
    from linli.kernel.actor import Actor

    return Actor.system("operator")


def _list(args: argparse.Namespace) -> None:
    from linli.cases.queries.units import units_overseen

    for line in units_overseen(_operator(), unreached=args.unreached):
        says = "cannot be reached" if line.is_unreached else ""
        if line.retiring:
            says = f"{'out of use since' if line.retiring.done_at else 'goes on'} {line.retiring.retires_on}"
        print(f"{line.card.id:>6}  {line.open_cases:>5} open  {line.reach.open:>3} accounts  {line.card.name}  {says}")


def _retire(args: argparse.Namespace) -> None:
    from linli.cases import actions as cases
    from linli.cases.queries.units import attached

    found = attached(_operator(), args.unit)
    told = ", ".join(f"{count} {duty}" for duty, count in found.components.items())
    print(f"{found.line.card.name}: {found.line.open_cases} open cases; components: {told}; {len(found.areas)} areas on"
          f" duty; {found.line.reach.open} accounts.")
    if not args.yes:
        print("Nothing was changed. Say --yes to hand all this over.")
        return
    done = cases.retire_unit(args.unit, on=args.on, successor=args.successor, accounts_follow=args.accounts_follow,
                             actor=_operator())
    print("Out of use; everything was handed over." if done else f"Planned for {args.on}.")


def _restore(args: argparse.Namespace) -> None:
    from linli.cases import actions as cases

    print(f"In use; {cases.restore_unit(args.unit, actor=_operator())} cases came back.")
