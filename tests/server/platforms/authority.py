"""An authority for tests: certificates for this machine, for whoever asks, and what to trust them by."""

import datetime
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HERE = (x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName("localhost"))


@dataclass(frozen=True, slots=True)
class Authority:
    """Writes `ca.pem`, and pairs of `NAME.pem` and `NAME.key`, into a folder."""

    folder: Path
    name: x509.Name
    key: ec.EllipticCurvePrivateKey

    def issue(
        self,
        name: str,
        password: bytes | None = None,
        names: tuple[x509.GeneralName, ...] = HERE,
        life: datetime.timedelta = datetime.timedelta(days=1),
    ) -> tuple[Path, Path]:
        """A certificate for this machine, or for other names, and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(_named(name), self.name, key.public_key(), life).add_extension(
            x509.SubjectAlternativeName(names), False
        )
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), False
        )
        certificate, kept = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        certificate.write_bytes(
            builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        )
        hidden = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
        kept.write_bytes(
            key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, hidden)
        )
        return certificate, kept


def authority(folder: Path) -> Authority:
    """A new authority, whose own certificate is `ca.pem` in the folder."""
    name, key = _named("ca"), ec.generate_private_key(ec.SECP256R1())
    builder = _builder(name, name, key.public_key())
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    pem = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    (folder / "ca.pem").write_bytes(pem)
    return Authority(folder, name, key)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    life: datetime.timedelta = datetime.timedelta(days=1),
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    return (
        builder.serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + life)
    )
