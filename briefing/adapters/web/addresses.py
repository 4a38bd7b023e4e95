"""Which network addresses may be dialled.

Our own table, because ``ipaddress.is_global`` lets through forms that reach this machine or its
neighbours: on CPython 3.11.7 it passes ``64:ff9b::7f00:1``, ``2002:7f00:1::``, ``::127.0.0.1``,
``192.0.0.8`` and all of multicast. Sources: the IANA special-purpose address registries for IPv4
and IPv6 (RFC 6890 and its updates), RFC 4291 (global unicast is ``2000::/3``), RFC 6052 (NAT64).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

DENIED = {
    "0.0.0.0/8": "this network",
    "10.0.0.0/8": "private",
    "100.64.0.0/10": "carrier-grade NAT",
    "127.0.0.0/8": "loopback",
    "169.254.0.0/16": "link-local, cloud metadata",
    "172.16.0.0/12": "private",
    "192.0.0.0/24": "protocol assignments",
    "192.0.2.0/24": "documentation",
    "192.31.196.0/24": "AS112",
    "192.52.193.0/24": "multicast relays",
    "192.88.99.0/24": "6to4 relays",
    "192.168.0.0/16": "private",
    "192.175.48.0/24": "AS112",
    "198.18.0.0/15": "benchmarking",
    "198.51.100.0/24": "documentation",
    "203.0.113.0/24": "documentation",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved, broadcast",
    # All of IPv6 outside 2000::/3. The first line holds ::1, ::127.0.0.1 and NAT64 (64:ff9b::/96,
    # 64:ff9b:1::/48); the last one unique local, link-local, site-local and multicast.
    "::/3": "not global unicast",
    "4000::/2": "not global unicast",
    "8000::/1": "not global unicast",
    "2001::/23": "protocol assignments, Teredo",
    "2001:db8::/32": "documentation",
    "2002::/16": "6to4, hides an IPv4 address",
    "2620:4f:8000::/48": "AS112",
    "3fff::/20": "documentation",
}
"""Networks that are never dialled unless allowed by name -> what they are."""

_NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_.-])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


class RefusedAddress(Exception):
    """An address that we will not dial, and why."""


def networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Parse networks in CIDR form.

    Raises:
        ValueError: one of them is no network.
    """
    return tuple(ip_network(text) for text in texts)


def literal(host: str) -> Address | None:
    """The address that ``host`` spells in its one canonical form, or None for a name.

    Raises:
        RefusedAddress: a name no resolver should be asked for: ``2130706433``, ``0x7f.1`` and
            ``0177.0.0.1`` are read as 127.0.0.1 by ``getaddrinfo`` (as browsers do, WHATWG URL
            "ends in a number"), and characters outside letters, digits, ``_``, ``.`` and ``-``.
    """
    try:
        return ip_address(host)
    except ValueError:
        pass
    lowered = host.lower()
    if not _NAME.fullmatch(lowered):
        raise RefusedAddress(f"{host!r} is no host name")
    if _NUMBER.fullmatch(lowered.rstrip(".").rpartition(".")[2]):
        raise RefusedAddress(f"{host!r} is an address in disguise")
    return None


def check(address: str, allowed: Sequence[Network] = ()) -> str:
    """Return the address to dial, without IPv6 clothing around an IPv4 address.

    Raises:
        RefusedAddress: it lies in a denied network that is not in ``allowed``.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        raise RefusedAddress(f"{address!r} is no address") from None
    if isinstance(parsed, IPv6Address):
        if parsed.scope_id is not None:
            raise RefusedAddress(f"{address} is bound to one interface")
        parsed = parsed.ipv4_mapped or parsed
    if any(parsed in network for network in allowed if network.version == parsed.version):
        return str(parsed)
    for network, kind in _denied():
        if network.version == parsed.version and parsed in network:
            raise RefusedAddress(f"{address} is in {network} ({kind})")
    return str(parsed)


@cache
def _denied() -> tuple[tuple[Network, str], ...]:
    return tuple((ip_network(text), kind) for text, kind in DENIED.items())
