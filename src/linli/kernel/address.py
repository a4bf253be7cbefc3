"""From where a request comes (来源地址), when proxies that are trusted stand between."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network


def networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Return the networks that a setting names (可信代理), such as `10.0.0.7` or `10.0.0.0/8`.

    Raises: ValueError on what is neither.
    """
    return tuple(ip_network(text, strict=False) for text in texts)


def client_address(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """Return the address of the client (客户端地址): the nearest one that is not a trusted proxy.

    The list a proxy hands on is read from its right end, where each trusted proxy wrote down whom it saw; what stands
    further left may be invented by the client. Without a trusted peer the list counts for nothing.

    Args:
        peer: who holds the connection.
        forwarded: the header `X-Forwarded-For`, "" without one.
    """
    nearest = peer
    for written in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
        if not is_trusted(nearest, trusted):
            break
        if not _is_address(written):
            break
        nearest = written
    return nearest


def is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    """Return whether an address is one of the trusted proxies (是否可信代理)."""
    return _is_address(address) and any(ip_address(address) in network for network in trusted)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
