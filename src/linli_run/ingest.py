"""`linli ingest`: the hot path, in a process that never loads Django (数据接入)."""

import argparse
import os
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No choices of its own: what differs comes from the environment."""


def run(args: argparse.Namespace) -> int:
    """Become the ingest process, so that signals meant for it meet it."""
    os.execv(sys.executable, [sys.executable, "-P", "-m", "linli_ingest"])  # noqa: S606 - our own module
