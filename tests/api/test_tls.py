"""The server ends TLS itself where it is given a certificate, and takes nothing older than 1.3."""

import ssl
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.api.conftest import PROGRAM
from tests.serving import serving

from regulars.runtime import system_clock


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = system_clock()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, secret = tmp_path / "chain.pem", tmp_path / "key.pem"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    secret.chmod(0o600)
    return chain, secret


@pytest.fixture
def secured(
    server_url: str, template: str, certificate: tuple[Path, Path]
) -> Iterator[tuple[str, str, Path]]:
    """Address, key and certificate of a server behind its own TLS."""
    chain, secret = certificate
    with serving(
        server_url, template, PROGRAM, trusted=chain,
        REGULARS_TLS_CERT_FILE=str(chain), REGULARS_TLS_KEY_FILE=str(secret),
        REGULARS_PUBLIC_URL="https://127.0.0.1",
    ) as (address, key):  # fmt: skip
        yield address, key, chain


def test_the_api_is_served_by_tls_and_not_in_the_clear(secured: tuple[str, str, Path]) -> None:
    address, key, chain = secured
    context = ssl.create_default_context(cafile=str(chain))
    assert address.startswith("https://")

    with httpx.Client(verify=context) as client:
        answer = client.get(f"{address}/v1/members", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 200
    assert answer.headers["strict-transport-security"] == "max-age=31536000"

    with pytest.raises(httpx.TransportError):
        httpx.get(address.replace("https://", "http://") + "/healthz")
    old = ssl.create_default_context(cafile=str(chain))
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    with httpx.Client(verify=old) as client, pytest.raises(httpx.TransportError):
        client.get(f"{address}/healthz")
