"""One connection to a provider: what is asked over it leaves at most once, and only while it stands."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

import grpc
import grpc.aio

from server.keepalive import keepalive
from server.platforms.accounts import Account
from server.platforms.addresses import ManifestError
from server.platforms.provider.manifest import ProviderManifest

LARGEST: Final = 4 * 1024 * 1024
_READY: Final = grpc.ChannelConnectivity.READY
_FAILED: Final = grpc.ChannelConnectivity.TRANSIENT_FAILURE
_OVER: Final = grpc.ChannelConnectivity.SHUTDOWN


class Connection:
    """A channel that is asked only once it is ready: before that, nothing can have left."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self.channel = channel

    @classmethod
    def open(cls, manifest: ProviderManifest, account: Account) -> Self:
        """Nothing is sent yet; `close` it in the end. Raises ManifestError where the account's files cannot be used."""
        options = _options(manifest)
        if manifest.by_socket:
            return cls(grpc.aio.insecure_channel(manifest.address, options))
        return cls(grpc.aio.secure_channel(manifest.address, _mutual(manifest, account), options))

    async def ready(self, seconds: float) -> str | None:
        """Connects where there is no connection; then None, or why there is none."""
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                return await self._connected()
        except TimeoutError:
            return f"could not connect within {seconds:g} s"

    async def _connected(self) -> str | None:
        while (state := self.channel.get_state(try_to_connect=True)) is not _READY:
            if state in (_FAILED, _OVER):
                return "could not connect: nobody listens at its address, or one of the two does not trust the other"
            await self.channel.wait_for_state_change(state)
        return None

    async def close(self) -> None:
        """Closes it; what is under way is cancelled."""
        await self.channel.close(None)


def _options(manifest: ProviderManifest) -> Sequence[tuple[str, str | int]]:
    connect = int(manifest.connect_timeout.total_seconds() * 1000)
    return (
        # Nothing is sent twice: neither by the library's own choice nor by that of a name server.
        ("grpc.enable_retries", 0),
        ("grpc.service_config_disable_resolution", 1),
        ("grpc.enable_http_proxy", 0),
        ("grpc.max_receive_message_length", LARGEST),
        ("grpc.max_send_message_length", LARGEST),
        ("grpc.max_metadata_size", 16 * 1024),
        # A provider that was started again is found within a second.
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.max_reconnect_backoff_ms", 1000),
        ("grpc.min_reconnect_backoff_ms", max(100, connect)),
        # A provider whose machine or network went without a word is connected anew.
        *keepalive(),
        # Each platform has a connection of its own.
        ("grpc.use_local_subchannel_pool", 1),
    )


def _mutual(manifest: ProviderManifest, account: Account) -> grpc.ChannelCredentials:
    if account.trust is None:
        raise ManifestError(
            f"{manifest.name}: its account has no `trust`; name the certificate of the authority"
            " that signed the provider's"
        )
    return grpc.ssl_channel_credentials(
        root_certificates=_read(account, account.trust),
        private_key=_read(account, Path(account.secrets["private_key"].reveal())),
        certificate_chain=_read(account, Path(account.secrets["certificate"].reveal())),
    )


def _read(account: Account, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ManifestError(
            f"{account.platform}: {path} cannot be read ({error.strerror}); make it readable for the server"
        ) from error
