"""`linli migrate`: bring the database to this version, as its owner (迁移)."""

import argparse
import os

from linli_run.trouble import Trouble


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to say but whether to only look."""
    parser.add_argument("--check", action="store_true", help="only say whether something is left to do")


def run(args: argparse.Namespace) -> int:
    """Apply what is missing; harmless when repeated. Returns 1 if `--check` finds something."""
    owner = os.environ.get("DATABASE_OWNER_URL")
    if not owner:
        raise Trouble("DATABASE_OWNER_URL is not set.", "Set it to the address of role linli_owner.")
    os.environ["DATABASE_URL"] = owner
    import django  # after the address is set, for settings read it once
    from django.core.management import call_command

    django.setup()
    try:
        call_command("migrate", interactive=False, check_unapplied=args.check, verbosity=1)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0
