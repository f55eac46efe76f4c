"""Addresses that somebody gave us lead to the public internet, or nowhere."""

import gzip
import time
import tracemalloc
from ipaddress import ip_address
from pathlib import Path
from threading import Event

import pytest
from tests.gateways.far_sides import Asked, Says, certificate, far_side

from regulars.domain.errors import AddressRefused, FarSideFailed
from regulars.gateways.addresses import Address
from regulars.gateways.resolving import Resolve
from regulars.gateways.safe_http import MOST_BYTES, MOST_REDIRECTS, MOST_URL, SafeHttp

LOOPBACK = ("127.0.0.0/8",)
METADATA = "169.254.169.254"


def known(**names: str) -> Resolve:
    """A resolver that knows these names; underscores stand for dots."""
    book = {name.replace("_", "."): ip_address(address) for name, address in names.items()}
    return lambda host, _: [book[host]]


def hello(_: Asked) -> Says:
    return Says(b"hello")


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/", "https://localhost/", "https://127.1/",
        "https://2130706433/", "https://0x7f.0.0.1/", "https://0177.0.0.1/", "https://0/",
        "https://[::1]/", "https://[::ffff:127.0.0.1]/", f"https://{METADATA}/latest/meta-data",
        "https://[fd00:ec2::254]/", "https://10.0.0.1:8443/", "https://[fe80::1]/",
    ],
)  # fmt: skip
def test_addresses_inside_are_refused_however_they_are_written(url: str) -> None:
    for call in (SafeHttp().get, SafeHttp().post, SafeHttp().check):
        with pytest.raises(AddressRefused, match=r"not public|cannot be read"):
            call(url)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://shop.example/", "must begin with https"),
        ("ftp://shop.example/", "must begin with https"),
        ("file:///etc/passwd", "must begin with https"),
        ("gopher://shop.example:70/_x", "must begin with https"),
        ("//shop.example/", "must begin with https"),
        ("https:///path", "must begin with https"),
        ("https://me:secret@shop.example/", "without a user"),
        ("https://shop.example:22/", "must use port 443 or 8443"),
        ("https://shop.example:99999/", "cannot be read"),
        ("https://shop.example/\r\nX: 1", "cannot be read"),
        ("https://sh op.example/", "cannot be read"),
        ("https://shop.example/" + "a" * MOST_URL, "longer than"),
    ],
)
def test_what_is_no_public_web_address_is_refused_before_anything_is_asked(
    url: str, why: str
) -> None:
    def resolve(host: str, _: float) -> list[Address]:
        raise AssertionError(host)

    with pytest.raises(AddressRefused, match=why) as refusal:
        SafeHttp(resolve=resolve).get(url)
    assert "secret" not in str(refusal.value)


def test_a_name_of_which_one_address_is_inside_is_refused_whole() -> None:
    http = SafeHttp(resolve=lambda *_: [ip_address("93.184.216.34"), ip_address("10.0.0.1")])
    with pytest.raises(AddressRefused):
        http.check("https://shop.example/")


def test_a_refusal_tells_the_host_and_never_the_rest() -> None:
    with pytest.raises(AddressRefused) as refusal:
        SafeHttp(resolve=known(shop_example="10.0.0.1")).get("https://shop.example/hook-9?token=t8")
    assert "https://shop.example" in str(refusal.value)
    assert "hook-9" not in str(refusal.value)
    assert "t8" not in str(refusal.value)


def test_what_the_operator_exempted_may_be_inside_and_plain() -> None:
    with far_side(hello) as server:
        url = f"http://login.corp:{server.server_port}/"
        resolve = known(login_corp="127.0.0.1")
        for allowed in (LOOPBACK, ("login.corp",), ("127.0.0.1",)):
            assert SafeHttp(allowed_hosts=allowed, resolve=resolve).get(url).body == b"hello"
        for allowed in (("corp",), ("10.0.0.0/8",), ("other.corp",)):
            with pytest.raises(AddressRefused):
                SafeHttp(allowed_hosts=allowed, resolve=resolve).get(url)


def test_an_exempt_network_exempts_no_plain_address_outside_of_it() -> None:
    http = SafeHttp(allowed_hosts=LOOPBACK, resolve=known(shop_example="93.184.216.34"))
    with pytest.raises(AddressRefused, match="https"):
        http.get("http://shop.example/")


def test_a_name_that_changes_after_the_look_changes_nothing() -> None:
    asked: list[str] = []

    def rebinding(host: str, _: float) -> list[Address]:
        asked.append(host)
        return [ip_address("127.0.0.1" if len(asked) == 1 else METADATA)]

    with far_side(hello) as server:
        http = SafeHttp(allowed_hosts=LOOPBACK, resolve=rebinding)
        url = f"http://shop.example:{server.server_port}/"
        assert http.get(url).body == b"hello"
        assert asked == ["shop.example"]
        with pytest.raises(AddressRefused):
            http.get(url)


def test_an_address_that_passed_a_check_is_checked_again_when_it_is_called() -> None:
    answers = iter(["93.184.216.34", "127.0.0.1"])
    http = SafeHttp(resolve=lambda *_: [ip_address(next(answers))])
    http.check("https://shop.example/")
    with pytest.raises(AddressRefused):
        http.get("https://shop.example/")


def test_tls_and_the_host_header_keep_the_name(tmp_path: Path) -> None:
    shown, trust = certificate(tmp_path, "shop.example")
    names: list[str] = []
    hosts: list[str] = []
    shown.sni_callback = lambda _, name, __: names.append(name)

    def answer(asked: Asked) -> Says:
        hosts.append(asked.headers["host"])
        return Says(b"safe")

    with far_side(answer, shown) as server:
        resolve = known(shop_example="127.0.0.1", other_example="127.0.0.1")
        http = SafeHttp(allowed_hosts=LOOPBACK, resolve=resolve, trust=trust)
        port = server.server_port
        assert http.get(f"https://shop.example:{port}/").body == b"safe"
        with pytest.raises(FarSideFailed, match="could not be talked to"):
            http.get(f"https://other.example:{port}/")
        with pytest.raises(FarSideFailed):
            SafeHttp(allowed_hosts=LOOPBACK, resolve=resolve).get(f"https://shop.example:{port}/")
    assert names[0] == "shop.example"
    assert hosts == [f"shop.example:{port}"]


@pytest.mark.parametrize(
    "location",
    [f"http://{METADATA}/latest/", "https://10.0.0.1/", "file:///etc/passwd", "gopher://x/",
     "https://me:pw@127.0.0.1/", "https://" + "a" * MOST_URL],
)  # fmt: skip
def test_a_redirect_leads_nowhere_that_a_call_would_not(location: str) -> None:
    away = Says(status=302, headers={"Location": location})
    with far_side(lambda _: away) as server, pytest.raises(AddressRefused):
        SafeHttp(allowed_hosts=LOOPBACK).get(f"http://127.0.0.1:{server.server_port}/")


def test_a_few_redirects_are_followed_and_a_ring_is_not() -> None:
    def answer(asked: Asked) -> Says:
        step = int(asked.query["left"])
        return (
            Says(status=307, headers={"Location": f"/?left={step - 1}"}) if step else hello(asked)
        )

    with far_side(answer) as server:
        http = SafeHttp(allowed_hosts=LOOPBACK)
        url = f"http://127.0.0.1:{server.server_port}/?left="
        assert http.get(f"{url}{MOST_REDIRECTS}").body == b"hello"
        with pytest.raises(FarSideFailed, match="redirects"):
            http.get(f"{url}{MOST_REDIRECTS + 1}")
        assert http.post(f"{url}1", form={"a": "b"}).status == 307


def test_what_proves_who_we_are_stays_with_the_origin_it_was_for() -> None:
    seen: list[Asked] = []

    def stranger(asked: Asked) -> Says:
        seen.append(asked)
        return Says()

    with far_side(stranger) as other:
        away = f"http://127.0.0.1:{other.server_port}/"
        with far_side(lambda _: Says(status=302, headers={"Location": away})) as server:
            SafeHttp(allowed_hosts=LOOPBACK).get(
                f"http://127.0.0.1:{server.server_port}/", headers={"Authorization": "Bearer t"}
            )
    assert "authorization" not in seen[0].headers


def test_a_body_is_limited() -> None:
    with far_side(lambda asked: Says(b"x" * int(asked.query["n"]))) as server:
        http = SafeHttp(allowed_hosts=LOOPBACK)
        url = f"http://127.0.0.1:{server.server_port}/?n="
        assert len(http.get(f"{url}{MOST_BYTES}").body) == MOST_BYTES
        with pytest.raises(FarSideFailed, match="more than"):
            http.get(f"{url}{MOST_BYTES + 1}")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (gzip.compress(b"\0" * 50 * MOST_BYTES), "more than"),
        (gzip.compress(b"hello")[:-9], "less than"),
        (b"no gzip at all", "broken"),
    ],
    ids=["bomb", "cut off", "no gzip"],
)
def test_what_is_packed_is_counted_as_it_unfolds(body: bytes, why: str) -> None:
    packed = Says(body, headers={"Content-Encoding": "gzip"})
    with far_side(lambda _: packed) as server, pytest.raises(FarSideFailed, match=why):
        SafeHttp(allowed_hosts=LOOPBACK).get(f"http://127.0.0.1:{server.server_port}/")


def test_what_unfolds_without_end_never_fills_the_memory() -> None:
    packed = Says(gzip.compress(b"\0" * 50 * MOST_BYTES), headers={"Content-Encoding": "gzip"})
    with far_side(lambda _: packed) as server:
        tracemalloc.start()
        with pytest.raises(FarSideFailed):
            SafeHttp(allowed_hosts=LOOPBACK).get(f"http://127.0.0.1:{server.server_port}/")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert most < 8 * MOST_BYTES


def test_gzip_is_undone_and_what_was_not_asked_for_is_refused() -> None:
    text = bytes(range(256)) * 1000
    packed = {"gzip": gzip.compress(text), "br": text, "gzip, gzip": text}

    def answer(asked: Asked) -> Says:
        assert asked.headers["accept-encoding"] == "gzip"
        encoding = asked.query["as"]
        return Says(packed[encoding], headers={"Content-Encoding": encoding})

    with far_side(answer) as server:
        http = SafeHttp(allowed_hosts=LOOPBACK)
        url = f"http://127.0.0.1:{server.server_port}/?as="
        assert http.get(f"{url}gzip").body == text
        for encoding in ("br", "gzip,%20gzip"):
            with pytest.raises(FarSideFailed, match="not asked for"):
                http.get(f"{url}{encoding}")


def test_drop_by_drop_is_no_way_around_the_time_limit() -> None:
    drops = Says(pieces=(b"x",) * 100, pause=lambda: time.sleep(0.05))
    with far_side(lambda _: drops) as server:
        http = SafeHttp(allowed_hosts=LOOPBACK, most_seconds=0.3)
        began = time.monotonic()
        with pytest.raises(FarSideFailed, match="in time"):
            http.get(f"http://127.0.0.1:{server.server_port}/")
        assert time.monotonic() - began < 3


def test_silence_is_not_waited_for() -> None:
    end = Event()
    silence = Says(pieces=(b"x",), pause=lambda: end.wait(10))
    with far_side(lambda _: silence) as server:
        began = time.monotonic()
        with pytest.raises(FarSideFailed, match="in time"):
            SafeHttp(allowed_hosts=LOOPBACK, most_seconds=0.2).get(
                f"http://127.0.0.1:{server.server_port}/"
            )
        assert time.monotonic() - began < 3
        end.set()


def test_a_resolver_that_never_answers_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def stuck(*_: object, **__: object) -> list[object]:
        time.sleep(0.6)
        return []

    monkeypatch.setattr("socket.getaddrinfo", stuck)
    with pytest.raises(FarSideFailed, match="no address"):
        SafeHttp(most_seconds=0.1).get("https://shop.example/")


@pytest.mark.parametrize("body", [b"", b"no json", b"[1]", b"null", b"[" * 100_000, b"\xff"])
def test_what_is_no_json_object_is_told_as_a_failure(body: bytes) -> None:
    with far_side(lambda _: Says(body)) as server:
        answer = SafeHttp(allowed_hosts=LOOPBACK).get(f"http://127.0.0.1:{server.server_port}/")
    with pytest.raises(FarSideFailed, match="JSON"):
        answer.json()


def test_a_server_that_is_not_there_or_talks_nonsense_is_told_as_a_failure(tmp_path: Path) -> None:
    with far_side(hello) as server:
        port = server.server_port
        with pytest.raises(FarSideFailed):  # TLS to one that knows none.
            SafeHttp(allowed_hosts=LOOPBACK).get(f"https://127.0.0.1:{port}/")
    with pytest.raises(FarSideFailed):
        SafeHttp(allowed_hosts=LOOPBACK).get(f"http://127.0.0.1:{port}/?token=t8")


def test_no_log_of_ours_tells_the_query(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    with far_side(hello) as server:
        SafeHttp(allowed_hosts=LOOPBACK).get(f"http://127.0.0.1:{server.server_port}/?secret=s3")
    assert "s3" not in caplog.text


def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with far_side(hello) as server:
        http = SafeHttp(allowed_hosts=LOOPBACK)
        assert http.get(f"http://127.0.0.1:{server.server_port}/").body == b"hello"
