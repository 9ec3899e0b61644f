"""Which server, who is shown a password, and whom letters are from."""

from __future__ import annotations

import datetime as dt
import ssl
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.utils import timezone

from phonepay.merchant.mail_account import MailAccount, read
from phonepay.notifications import outbox, smtp
from phonepay.notifications.letters import Letter
from phonepay.notifications.smtp import MailRefused, connected
from tests.notifications.cast import owed
from tests.notifications.mail_server import MailServer

LETTER = Letter(shop="Corner Books", subject="A letter", heading="Hello", paragraphs=("A word.",))


def test_the_password_goes_only_to_a_server_that_is_encrypted(server: MailServer) -> None:
    elsewhere = MailAccount("127.0.0.1", server.port, "me", "secret", starttls=True, tls=False, sender="a@b.example")
    with pytest.raises(MailRefused) as refused, connected(elsewhere):
        pass
    assert refused.value.failure == "no_encryption" and server.heard["AUTH"] == 0


def test_a_relay_without_encryption_is_spoken_to_where_nothing_is_secret(server: MailServer) -> None:
    relay = MailAccount("127.0.0.1", server.port, "", "", starttls=True, tls=False, sender="a@b.example")
    with connected(relay):
        assert server.heard["EHLO"] > 0


@pytest.mark.parametrize("password", ["right", "wrong"])
def test_user_and_password_are_shown_to_the_server(password: str, server: MailServer) -> None:
    server.users["me"] = "right"
    account = read(f"smtp://me:{password}@127.0.0.1:{server.port}", "a@b.example", "")
    assert account is not None
    if password == "right":
        with connected(account):
            return
    with pytest.raises(MailRefused) as refused, connected(account):
        pass
    assert (refused.value.failure, refused.value.answer) == ("password", "535 5.7.8 wrong user or password")


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Of nobody whom anybody trusts."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    folder = tmp_path_factory.mktemp("certificate")
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, *private))
    return paths


@pytest.mark.parametrize("implicit", [True, False], ids=["smtps", "starttls"])
def test_a_certificate_that_nobody_vouches_for_is_not_taken(implicit: bool, certificate: tuple[Path, Path]) -> None:
    with MailServer(tls=certificate, implicit=implicit) as server:
        server.users["me"] = "secret"
        account = MailAccount(
            "127.0.0.1", server.port, "me", "secret", starttls=not implicit, tls=implicit, sender="a@b.example"
        )
        with pytest.raises(MailRefused) as refused, connected(account):
            pass
    assert refused.value.failure == "certificate" and server.heard["AUTH"] == 0


@pytest.mark.django_db
@pytest.mark.parametrize("implicit", [True, False], ids=["smtps", "starttls"])
def test_an_encrypted_letter_arrives(
    implicit: bool, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate[0]))
    trusting.check_hostname = False
    monkeypatch.setattr(smtp.EmailBackend, "ssl_context", trusting)
    with MailServer(tls=certificate, implicit=implicit) as server:
        server.users["me"] = "secret"
        account = MailAccount(
            "127.0.0.1", server.port, "me", "secret", starttls=not implicit, tls=implicit, sender="a@b.example"
        )
        monkeypatch.setattr(outbox, "current", lambda: account)
        monkeypatch.setattr(outbox, "write", lambda row, now: LETTER)
        owed()
        outbox.run_due(timezone.now())
    assert len(server.letters) == 1 and server.heard["AUTH"] == 1


@pytest.mark.parametrize(
    ("sender", "url", "public", "expected"),
    [
        ("pay@shop.example", "smtps://me:x@mail.example", "", "pay@shop.example"),
        ("Harbor Garage <pay@shop.example>", "smtps://me:x@mail.example", "", "pay@shop.example"),
        ("", "smtps://pay%40shop.example:x@mail.example", "", "pay@shop.example"),
        ("", "smtps://me:x@mail.example", "https://pay.shop.example", "phonepay@pay.shop.example"),
        ("", "smtps://me:x@mail.example", "", None),
    ],
)
def test_whom_letters_are_from(sender: str, url: str, public: str, expected: str | None) -> None:
    account = read(url, sender, public)
    assert (account and account.sender) == expected


def test_an_address_says_its_port_user_and_password() -> None:
    account = read("smtp://me%40b:p%3Aw@mail.example:2525", "a@b.example", "")
    assert account is not None
    assert (account.host, account.port, account.user, account.password) == ("mail.example", 2525, "me@b", "p:w")
    assert "p:w" not in repr(account) and account.starttls
