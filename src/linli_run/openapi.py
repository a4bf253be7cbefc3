"""`linli openapi`: the description of the API as JSON (接口描述)."""

import argparse
import json
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No choices."""


def run(args: argparse.Namespace) -> int:
    """Print the OpenAPI description; needs neither database nor services."""
    import django

    django.setup()
    from linli.config.api import api

    json.dump(api.get_openapi_schema(path_prefix="/api/v1/"), sys.stdout, ensure_ascii=False, indent=1, default=str)
    print()
    return 0
