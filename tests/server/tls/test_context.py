"""A port's certificate that changes while it serves, over real sockets."""

import asyncio
import shutil
import ssl
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from server.tls.context import following
from server.tls.pair import TlsFiles
from tests.server.platforms.authority import Authority, authority


async def test_follows_its_files(tmp_path: Path) -> None:
    """New connections get the certificate that the files hold now; while the two do not fit, the last good one."""
    signer = authority(tmp_path)
    files = TlsFiles(tmp_path / "tls.pem", tmp_path / "tls.key", None)

    def take(pair: tuple[Path, Path]) -> None:
        shutil.copy(pair[0], files.certificate)
        shutil.copy(pair[1], files.key)

    take(signer.issue("first"))
    context, watched = following(files, lambda: datetime.now(UTC))
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    async with server:
        assert "first" == await shown(signer, port)
        certificate, key = signer.issue("second")
        shutil.copy(certificate, files.certificate)
        watched.look()
        assert "first" == await shown(signer, port)
        shutil.copy(key, files.key)
        watched.look()
        assert "second" == await shown(signer, port)


async def shown(signer: Authority, port: int) -> str:
    """The name in the certificate that a new connection is shown."""
    trust = ssl.create_default_context(cafile=str(signer.folder / "ca.pem"))
    _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trust)
    der = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.close()
    [name] = x509.load_der_x509_certificate(der).subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(name.value)
