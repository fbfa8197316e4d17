"""Certificates are verified, and a host that is let off is let off by name only."""

from __future__ import annotations

import datetime as dt
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.chaos import site as c
from tests.running import Finished, crawl


def _self_signed(folder: Path) -> ssl.SSLContext:
    """The certificate of a stranger, for ``s.test``, good for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "s.test")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("s.test")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[c.ChaosSite]:
    routes = {"/story": c.story("Board votes to rebuild the eastern pier")}
    with c.ChaosSite(routes, tls=_self_signed(tmp_path_factory.mktemp("tls"))) as server:
        yield server


def _crawl(site: c.ChaosSite, output: Path, **settings: str) -> Finished:
    return crawl(
        "news",
        "-a",
        f"url=https://s.test:{site.port}/story",
        output=output,
        TWISTED_DNS_RESOLVER="tests.chaos.resolver.ChaosResolver",
        NEWSBOT_NET_ALLOW_PRIVATE="127.0.0.1",
        RETRY_TIMES="0",
        **settings,
    )


def test_certificate_of_a_stranger_is_refused(site: c.ChaosSite, tmp_path: Path) -> None:
    done = _crawl(site, tmp_path)
    assert done.code == 4
    assert [page["reasons"] for page in done.lines("pages")] == [["tls", "robots_unreachable"]]
    assert site.log == []


def test_host_is_let_off_by_name_and_loudly(site: c.ChaosSite, tmp_path: Path) -> None:
    done = _crawl(site, tmp_path, NEWSBOT_NET_INSECURE_HOSTS="s.test")
    assert (done.code, len(done.lines("stories"))) == (0, 1)
    assert "certificates of s.test are NOT verified" in done.stderr
