"""Only addresses of the public internet count as public, however they are written."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.gateways.addresses import Exemptions, is_public

NOT_PUBLIC = [
    "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.0.1", "169.254.169.254",
    "172.16.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1",
    "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "100.100.100.200",
    "168.63.129.16", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254",
    "64:ff9b::10.0.0.1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::",
    "2002:808:808::", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%1",
    "fec0::1", "ff02::1",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.216.34", "2606:4700::1111", "64:ff9b::8.8.8.8",
          "::ffff:8.8.8.8"]  # fmt: skip


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_what_is_not_of_the_public_internet_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_of_the_public_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@given(st.ip_addresses(v=4))
def test_an_address_hidden_in_another_is_judged_as_itself(address: IPv4Address) -> None:
    hidden = [
        IPv6Address(b"\0" * 10 + b"\xff\xff" + address.packed),
        IPv6Address(int(IPv6Address("64:ff9b::")) + int(address)),
    ]
    assert {is_public(one) for one in hidden} == {is_public(address)}
    assert not is_public(IPv6Address(b"\x20\x02" + address.packed + b"\0" * 10))


@given(st.ip_addresses(v=6).filter(lambda address: address.packed[0] >> 5 != 1))
def test_no_address_outside_global_unicast_is_public(address: IPv6Address) -> None:
    if address.ipv4_mapped is None and address not in Exemptions.of(["64:ff9b::/96"]).networks[0]:
        assert not is_public(address)


def test_exemptions_hold_for_names_addresses_and_networks() -> None:
    exempt = Exemptions.of(["Login.Corp.Example.", "10.1.0.0/16", "fd00::/8", "192.168.0.7"])

    assert exempt.name("login.corp.example")
    assert not exempt.name("evil.login.corp.example")
    for address in ("10.1.2.3", "::ffff:10.1.2.3", "fd12::1", "192.168.0.7"):
        assert exempt.address(ip_address(address))
    for address in ("10.2.0.1", "192.168.0.8", "fe80::1"):
        assert not exempt.address(ip_address(address))
