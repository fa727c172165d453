"""From where a person signs in: a network rather than an address, which changes with every connection."""

import ipaddress

V4_PREFIX, V6_PREFIX = 24, 48


def network_of(address: str | None) -> str:
    """'103.28.12.7' → '103.28.12.0/24'; empty when there is no address."""
    if not address:
        return ""
    found = ipaddress.ip_address(address)
    prefix = V4_PREFIX if found.version == 4 else V6_PREFIX  # noqa: PLR2004 (IP version 4)
    return str(ipaddress.ip_network(f"{address}/{prefix}", strict=False))
