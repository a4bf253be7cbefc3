"""`linli audit`: count the audit trail again, or go on after a restored backup (审计链)."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from linli_run.trouble import Trouble

SAID = {
    "changed": "the entry, or its seal, is not what was sealed",
    "missing": "the sealed entry is gone",
    "gap": "links before this one are gone",
    "forged": "the signature is not by a key that counts",
    "unsigned": "the chain ends without a signature",
    "replaced": "the link is another than the one kept outside",
    "cut": "this link was kept outside and is gone from the database",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Verify or resume."""
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="DEED")
    verify = deeds.add_parser("verify", help="count the whole chain again and name what is not as it was sealed")
    verify.add_argument("--checkpoints", type=Path, metavar="FOLDER", help="a copy of the checkpoints kept elsewhere")
    verify.add_argument("--public-keys", type=Path, metavar="FILE", help="a copy of the public keys kept elsewhere")
    verify.add_argument("--json", action="store_true", help="print one JSON object")
    resume = deeds.add_parser("resume", help="seal on after a backup was restored; the lost end stays on record")
    resume.add_argument("reason", help="why links are gone, in one sentence")


def run(args: argparse.Namespace) -> int:
    """Return 1 if something is not as it was sealed."""
    import django

    django.setup()
    return _verify(args) if args.deed == "verify" else _resume(args.reason)


def _verify(args: argparse.Namespace) -> int:
    from linli.audit import queries as audit

    try:
        found = audit.found(args.public_keys, args.checkpoints)
    except (OSError, ValueError) as error:
        raise Trouble(f"What is kept outside the database cannot be read: {error}", "Give a copy of it.") from error
    facts = {
        "links": found.last.number, "digest": found.last.digest.hex(), "checkpoints": found.checkpoints,
        "faults": [{"number": fault.number, "kind": fault.kind, "said": SAID[fault.kind]} for fault in found.faults],
        "outside_the_chain": found.outside, "not_sealed_yet": found.tail.waiting,
        "oldest_not_sealed_s": round(found.tail.oldest_s, 1), "seconds": round(found.seconds, 2),
    }  # fmt: skip
    print(json.dumps(facts, indent=1) if args.json else _told(facts))
    sys.stdout.flush()
    return int(not found.is_whole)


def _told(facts: dict[str, Any]) -> str:
    lines = [f"link {fault['number']}: {fault['said']}" for fault in facts["faults"]]
    lines += [f"entry {entry}: stands outside the chain" for entry in facts["outside_the_chain"]]
    lines += [f"{facts['links']} links, {facts['checkpoints']} checkpoints, in {facts['seconds']} s; "
              f"{facts['not_sealed_yet']} not sealed yet, the oldest for {facts['oldest_not_sealed_s']} s"]
    if not facts["checkpoints"]:
        lines.append("No checkpoint is kept outside the database: a cut end would not be seen.")
    is_whole = not (facts["faults"] or facts["outside_the_chain"])
    return "\n".join([*lines, "whole" if is_whole else "NOT WHOLE"])


def _resume(reason: str) -> int:
    from linli.audit import actions as audit
    from linli.kernel.actor import Actor

    if not reason.strip():
        raise Trouble("There is no reason.", "Say in one sentence why links are gone.")
    gone = audit.resume(reason.strip(), actor=Actor.system("console"))
    print("Nothing is gone: the chain holds every checkpoint." if not gone else
          f"Checkpoints put aside: {', '.join(map(str, gone))}. The trail says so, and is sealed on.")
    return 0
