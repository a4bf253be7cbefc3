"""What `linli up --demo` adds (演示): the task that loads the city, and the simulator of its sensors."""

import argparse
from typing import Final

PEOPLE: Final = 5000
SEED: Final = 20260901


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No choices: the demo is the same everywhere."""


def load(args: argparse.Namespace) -> int:
    """Load the demo city once; harmless when repeated (载入演示城市)."""
    import django

    django.setup()
    from linli_run import demo

    demo.load(people=PEOPLE, seed=SEED)
    return 0


def simulate(args: argparse.Namespace) -> int:
    """Play the sensors of the demo city over MQTT until told to stop (模拟设备)."""
    import django

    django.setup()
    from linli_run import demo

    demo.simulate(people=PEOPLE, seed=SEED)
    return 0
