"""Addresses that pushes may go to: https, public names; everything that leads inwards is refused in any writing."""

import ipaddress

import pytest

from heli_registry.subscriptions.domain import (
    FIRST_PAUSE_SECONDS,
    LONGEST_PAUSE_SECONDS,
    Target,
    UrlRefused,
    is_public,
    pause_seconds,
    target_of,
)
from heli_registry.subscriptions.sending import HttpSender, NotTaken

HOSTILE = [
    "http://tax.example.gov.cn/hook",
    "ftp://tax.example.gov.cn/hook",
    "file:///etc/passwd",
    "gopher://tax.example.gov.cn/",
    "//tax.example.gov.cn/hook",
    "https:///hook",
    "https://127.0.0.1/hook",
    "https://127.1/hook",
    "https://2130706433/hook",
    "https://0x7f000001/hook",
    "https://0x7f.0.0.1/hook",
    "https://0177.0.0.1/hook",
    "https://10.1.2.3/hook",
    "https://172.16.0.1/hook",
    "https://192.168.1.1/hook",
    "https://169.254.169.254/latest/meta-data/",
    "https://100.64.0.1/hook",
    "https://8.8.8.8/hook",
    "https://[::1]/hook",
    "https://[::ffff:127.0.0.1]/hook",
    "https://[fe80::1%25eth0]/hook",
    "https://[fd00::1]/hook",
    "https://[2001:db8::1]/hook",
    "https://localhost/hook",
    "https://localhost./hook",
    "https://LOCALHOST/hook",
    "https://a.localhost/hook",
    "https://printer.local/hook",
    "https://metadata.google.internal/",
    "https://intranet/hook",
    "https://user@tax.example.gov.cn/hook",
    "https://user:secret@tax.example.gov.cn/hook",
    "https://tax.example.gov.cn@127.0.0.1/hook",
    "https://@tax.example.gov.cn/hook",
    "https://tax.example.gov.cn\\@127.0.0.1/hook",
    "https://tax.example.gov.cn/hook#fragment",
    "https://tax.example.gov.cn:0/hook",
    "https://tax.example.gov.cn:99999/hook",
    "https://tax.example.gov.cn:port/hook",
    "https://tax.example.gov.cn/ho ok",
    "https://tax.example.gov.cn/\r\nX: y",
    "https://127。0。0。1/hook",
    "https://１２７.0.0.1/hook",
    "https://ⓛocalhost/hook",
    "https://-bad.example.cn/hook",
    "https://a..example.cn/hook",
    "https://a_b.example.cn/hook",
    "https://%31%32%37.0.0.1/hook",
    "javascript:alert(1)",
    "",
]


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_address_is_refused_with_two_sentences(url):
    with pytest.raises(UrlRefused) as refused:
        target_of(url)
    assert refused.value.zh
    assert refused.value.en


def test_a_public_https_address_is_taken():
    assert target_of("https://Tax.example.gov.cn/heli?x=1") == Target(
        "tax.example.gov.cn", 443, is_secure=True, path="/heli?x=1", is_trusted=False
    )
    assert target_of("https://tax.example.gov.cn:8443").port == 8443


def test_the_settings_may_allow_a_host_of_the_inner_network():
    allowed = {"10.1.2.3", "127.0.0.1:9000"}
    assert target_of("http://10.1.2.3/hook", allowed=allowed).is_trusted
    assert target_of("http://127.0.0.1:9000/hook", allowed=allowed).port == 9000
    for url in ("http://127.0.0.1:9001/hook", "http://10.1.2.4/hook", "http://user@10.1.2.3/hook"):
        with pytest.raises(UrlRefused):
            target_of(url, allowed=allowed)


INNER = [
    "127.0.0.1", "10.0.0.1", "172.31.255.255", "192.168.0.1", "169.254.1.1", "100.64.0.1", "224.0.0.1", "0.0.0.1",
    "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
    "fd12::1", "ff02::1", "2001:db8::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
    "::7f00:1", "64:ff9b:1::1", "not an address",
]  # fmt: skip


@pytest.mark.parametrize("address", INNER)
def test_an_inner_address_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "223.5.5.5", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_an_outer_address_is_public(address):
    assert is_public(address)


def test_nothing_that_the_standard_library_calls_private_is_public():
    networks = [
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "fc00::/7",
        "fe80::/10",
    ]
    for network in map(ipaddress.ip_network, networks):
        assert not is_public(str(network[1]))
        assert not is_public(str(network[-2]))


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::ffff:192.168.0.1"], []])
def test_a_name_that_leads_inwards_is_not_called(addresses):
    sender = HttpSender(resolve=lambda _host, _port: addresses)
    with pytest.raises(NotTaken, match=r"not public|no address"):
        sender.send(target_of("https://rebind.example.cn/hook"), {}, b"{}")


def test_a_name_is_looked_up_once_so_that_a_second_answer_changes_nothing():
    asked = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["10.0.0.1"] if asked.count(host) == 1 else ["8.8.8.8"]

    with pytest.raises(NotTaken, match="not public"):
        HttpSender(resolve=resolve).send(target_of("https://rebind.example.cn/hook"), {}, b"{}")
    assert asked == ["rebind.example.cn"]


def test_pauses_double_up_to_an_hour_and_are_spread():
    assert [pause_seconds(attempts, 1.0) for attempts in (1, 2, 3)] == [10, 20, 40]
    assert pause_seconds(1, 0.0) == FIRST_PAUSE_SECONDS / 2
    assert pause_seconds(30, 1.0) == LONGEST_PAUSE_SECONDS
