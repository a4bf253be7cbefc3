"""`linli doctor`: look at everything an installation needs and name remedies (体检)."""

import argparse
import json
import sys
from collections.abc import Callable
from typing import Final

from linli_run import database_checks, machine_checks, notice_checks
from linli_run.environment import Installation
from linli_run.finding import Finding, Grade
from linli_run.services import installation_here
from linli_run.trouble import Trouble

Check = Callable[[Installation], Finding]
CHECKS: Final[tuple[Check, ...]] = (
    machine_checks.python,
    machine_checks.home,
    machine_checks.disk,
    machine_checks.programs,
    machine_checks.user,
    machine_checks.ports,
    machine_checks.settings,
    database_checks.postgres,
    database_checks.roles,
    database_checks.chinese_search,
    database_checks.migrations,
    database_checks.calendar,
    database_checks.clock,
    database_checks.messages,
    machine_checks.nats,
    notice_checks.email,
    notice_checks.text_messages,
    notice_checks.webhooks,
    database_checks.parts,
)
MARKS: Final = {Grade.GOOD: "✓", Grade.ASIDE: "–", Grade.BAD: "✗"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How to tell the findings."""
    parser.add_argument("--json", action="store_true", help="print one JSON array instead of lines")


def run(args: argparse.Namespace) -> int:
    """Print every finding; return 1 if one is bad."""
    findings = examine()
    if args.json:
        print(json.dumps([f.as_dict() for f in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            print(f"{MARKS[finding.grade]} {finding.about:<16} {finding.said}")
            if finding.remedy:
                print(f"  → {finding.remedy}")
    sys.stdout.flush()
    return int(any(f.grade is Grade.BAD for f in findings))


def examine() -> list[Finding]:
    """Return what every check found; a check that breaks is itself a finding (逐项检查)."""
    try:
        installation = installation_here()
    except Trouble as trouble:
        return [Finding("home", Grade.BAD, trouble.what, trouble.remedy)]
    return [_found(check, installation) for check in CHECKS]


def _found(check: Check, installation: Installation) -> Finding:
    try:
        return check(installation)
    except Trouble as trouble:
        return Finding(check.__name__, Grade.BAD, trouble.what, trouble.remedy)
    except Exception as error:  # a doctor must not die of the first illness
        return Finding(check.__name__, Grade.BAD, f"{type(error).__name__}: {error}", "Read the logs in the home.")
