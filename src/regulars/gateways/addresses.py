"""Which addresses belong to the public internet, and which hosts an operator has exempted."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

UNICAST_6 = IPv6Network("2000::/3")
NAT64 = IPv6Network("64:ff9b::/96")

# What the standard library counts as global, or did in some version, and is not for us to call:
# special purposes (RFC 6890), tunnels that hide another address, and the address inside Azure
# from which a machine learns about itself.
NEVER_4 = tuple(
    map(IPv4Network, ("192.0.0.0/24", "192.88.99.0/24", "100.64.0.0/10", "168.63.129.16/32"))
)
NEVER_6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))


def is_public(address: Address) -> bool:
    """Whether the address is a global unicast one, and so is any that it carries inside."""
    if isinstance(address, IPv4Address):
        return (
            address.is_global
            and not address.is_multicast
            and not address.is_reserved
            and not any(address in network for network in NEVER_4)
        )
    carried = inner(address)
    if carried is not None:
        return is_public(carried)
    return (
        address in UNICAST_6
        and address.is_global
        and not any(address in network for network in NEVER_6)
    )


def inner(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address to which this one leads: mapped into IPv6, or through NAT64."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return None


@dataclass(frozen=True, slots=True)
class Exemptions:
    """Hosts that may be called although they are not public: names in lower case, and networks."""

    names: frozenset[str]
    networks: tuple[Network, ...]

    @classmethod
    def of(cls, hosts: Sequence[str]) -> "Exemptions":
        """From names, addresses and CIDRs; a text that is no network counts as a name."""
        names: set[str] = set()
        networks: list[Network] = []
        for host in hosts:
            network = network_of(host)
            if network is None:
                names.add(host.lower().rstrip("."))
            else:
                networks.append(network)
        return cls(frozenset(names), tuple(networks))

    def name(self, host: str) -> bool:
        """Whether this name is exempt, whatever it resolves to."""
        return host.lower().rstrip(".") in self.names

    def address(self, address: Address) -> bool:
        """Whether the address lies in an exempt network, or leads into one."""
        carried = inner(address) if isinstance(address, IPv6Address) else None
        return any(
            one in network
            for one in (address, carried)
            if one is not None
            for network in self.networks
        )


def network_of(text: str) -> Network | None:
    """The network or single address that the text writes; None when it writes none."""
    try:
        return ipaddress.ip_network(text.strip("[]"), strict=False)
    except ValueError:
        return None
