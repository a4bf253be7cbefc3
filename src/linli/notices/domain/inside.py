"""Which network addresses a webhook may never reach (内网地址判定): whatever is not plainly the public internet."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

from linli.kernel.errors import Invalid

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
PORTS: Final = frozenset({80, 443})
LONGEST_URL: Final = 500
_NOT_PLAIN: Final = tuple(ip_network(net) for net in (
    "::ffff:0:0/96",  # an IPv4 address in IPv6 clothes
    "::/96",  # the same, deprecated
    "64:ff9b::/96", "64:ff9b:1::/48",  # NAT64: leads to the IPv4 address at its end
    "2002::/16",  # 6to4
    "2001::/32",  # Teredo
    "::ffff:0:0:0/96",  # IPv4-translated
    "fec0::/10",  # private in older times
))
_NEVER: Final = tuple(ip_network(net) for net in (
    "169.254.0.0/16", "fe80::/10",  # link-local: clouds answer with their secrets there
    "fd00:ec2::254/128", "100.100.100.200/32", "192.0.0.192/32",  # further addresses of such services
))


def is_public(text: str, allowed: Iterable[Network] = ()) -> bool:
    """Return whether a numeric address may be reached (可否访问).

    Private, loopback, link-local, shared (CGNAT), multicast, reserved and unspecified addresses are not, nor any IPv6
    address that leads to an IPv4 one. `allowed` are networks the operator has opened on purpose; what gives out a
    machine's secrets stays shut even there.
    """
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if "%" in text or _within(address, _NEVER):
        return False
    if _within(address, allowed):
        return True
    return (address.is_global and not address.is_multicast and not address.is_reserved
            and not _within(address, _NOT_PLAIN))


def is_numeric(host: str) -> bool:
    """Return whether a host is a numeric address, which needs no asking (数字地址)."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def networks(text: str) -> tuple[Network, ...]:
    """Return the networks named in a setting, separated by commas; raise ValueError if one is none."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def split(url: str, ports: frozenset[int] = PORTS) -> tuple[str, str, int, str]:
    """Return scheme, host, port and path with query of a webhook's address (拆分网址).

    Raises: Invalid unless it is an absolute http or https address without a name or password in it, on an open port.
    """
    try:
        parts = urlsplit(url)
        port = parts.port if parts.port is not None else 443 if parts.scheme == "https" else 80
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        raise _wrong() from None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or len(url) > LONGEST_URL:
        raise _wrong()
    if any(sign <= " " or sign == "\x7f" or sign == "\\" for sign in url) or not url.isascii():
        raise _wrong()
    if port not in ports:
        raise Invalid("notices.webhook_port", "Linli reaches ports {ports} only.", field="webhook",
                      ports=", ".join(map(str, sorted(ports))))
    return parts.scheme, host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _within(address: Address, nets: Iterable[Network]) -> bool:
    return any(address.version == net.version and address in net for net in nets)


def _wrong() -> Invalid:
    return Invalid("notices.webhook_url", "Please give a whole address that begins with https://", field="webhook")
