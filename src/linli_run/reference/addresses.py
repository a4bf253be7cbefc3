"""Addresses (地址): the API from its own description, the pages from their routes."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from linli.config.api import api
from linli_run.reference import markdown

METHODS = ("get", "post", "put", "patch", "delete")


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield method, path and description of every operation of the API (接口操作), in order."""
    for path, item in sorted(api.get_openapi_schema(path_prefix="/api/v1/")["paths"].items()):
        yield from ((method.upper(), path, item[method]) for method in METHODS if method in item)


def pages() -> Iterator[tuple[str, URLPattern]]:
    """Yield address and route of every page outside the API (页面), by address."""
    yield from sorted(_routes(get_resolver(), "/"), key=lambda found: found[0])


def write() -> str:
    """Return the page of addresses."""
    calls = (
        (method, markdown.code(path), _said(operation), "anybody" if not operation.get("security") else "signed in")
        for method, path, operation in operations()
    )
    views = (
        (markdown.code(address), markdown.first_sentence(route.callback.__doc__), markdown.code(route.name or ""))
        for address, route in pages()
    )
    return markdown.page(
        "Addresses",
        "## API",
        "Described in full at `/api/v1/openapi.json`, to try out at `/api/v1/docs`. `linli openapi` prints the same. A"
        " refusal is JSON with a stable `code`, a `message` in the reader's language, the `field` and `params`.",
        markdown.table(("method", "path", "what it does", "for"), calls),
        "## Pages",
        markdown.table(("path", "what it shows", "name"), views),
    )


def _said(operation: dict[str, Any]) -> str:
    return markdown.first_sentence(operation.get("description")) or str(operation.get("summary", ""))


def _routes(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            if entry.namespace != api.urls_namespace:
                yield from _routes(entry, address)
        else:
            yield address, entry
