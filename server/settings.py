"""What an operator can set: by command line, by environment (`ORIGINGATE_...`), else the defaults below."""

from datetime import timedelta
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from server.shipped import shipped_rules

# What a lease has to leave, beyond the attempt itself, before the first byte may go.
SEND_MARGIN: Final = timedelta(seconds=1)
MIB: Final = 1024 * 1024


class Settings(BaseSettings):
    """The server's settings. Frozen: a server never changes under its own feet."""

    model_config = SettingsConfigDict(env_prefix="ORIGINGATE_", frozen=True, extra="forbid")

    listen: str = Field("127.0.0.1:50051", description="host:port to serve gRPC on; port 0 takes a free one")
    tls_cert: Path | None = Field(
        None, description="PEM file of the server's certificate and those between it and its root"
    )
    tls_key: Path | None = Field(None, description="PEM file of the certificate's private key, unencrypted")
    tls_client_ca: Path | None = Field(
        None, description="PEM file of the authorities whose certificates callers need; none asks for none"
    )
    plaintext_on_any_address: bool = Field(
        False, description="serve without TLS beyond this machine: what is sent can be read on the way"
    )
    identify: bool = Field(False, description="take only callers that show an API key of the database")
    identities: Path | None = Field(
        None,
        description="YAML file of token issuers and client certificates that are believed; identifies too",
    )
    no_identity_on_any_address: bool = Field(
        False, description="take everybody who reaches the server for the developer, with every role"
    )
    metrics: str | None = Field(
        None, description="host:port to serve metrics for Prometheus on; nobody is asked who it is there"
    )
    traces: str | None = Field(
        None, description="address of a collector that is sent traces, e.g. http://127.0.0.1:4318/v1/traces"
    )
    traces_share: float = Field(
        1.0, ge=0, le=1, description="share of the traces that begin here which are sent; not a time"
    )
    database: str = Field(
        "sqlite:///origingate.db", description="where cases and decisions are kept (SQLAlchemy URL)"
    )
    workers: int = Field(
        1, ge=1, le=64, description="processes that serve the port together; above 1 needs PostgreSQL"
    )
    worker_ports: int | None = Field(
        None,
        ge=1,
        le=65535,
        description="first of the ports on which each process serves alone too, one after the other",
    )
    replicas: int = Field(
        1,
        ge=1,
        le=1000,
        description="servers like this one on the same database; with their workers they share rates and platforms",
    )
    rulebook: Path = Field(
        default_factory=lambda: shipped_rules() / "usmca",
        description="folder of rule files; with `rulebook_key` a signed rulebook's file",
    )
    rulebook_key: Path | None = Field(
        None,
        description="public key (PEM) or keys (JWK Set) of who signs rulebooks; none other is served then",
    )
    rulebook_approval: bool = Field(
        False, description="activate no changed rulebook but by the word of two people"
    )
    rulebook_tenant: str | None = Field(
        None, description="tenant whose people look after rulebooks; without identities the developer does"
    )
    rulebook_stale_after: float = Field(
        300.0,
        gt=0,
        le=604800,
        description="seconds for which changed rule files may be bad, or another rulebook active than is served here",
    )
    rulebook_look_every: float = Field(
        1.0, gt=0, le=60, description="seconds between two looks at the rule files and at what is active"
    )
    rulebook_doubts: int = Field(
        1000,
        ge=0,
        le=100000,
        description="made-up cases on which a changed rulebook is compared with the second opinion; 0 asks for none",
    )
    log_key: Path | None = Field(
        None,
        description="private key (PEM) that signs the log's heads; beside an SQLite file one is made, PostgreSQL needs it",
    )
    log_key_before: Path | None = Field(
        None, description="private key that `log_key` takes over from: it vouches for the new one, once"
    )
    head_file: Path | None = Field(
        None,
        description="file that gets the newest signed head, and with which the database is compared at the start",
    )
    head_append: bool = Field(False, description="keep all heads in `head_file`, one after the other")
    head_url: str | None = Field(None, description="address that is sent signed heads by HTTP POST")
    head_every: float = Field(
        60.0, gt=0, le=86400, description="seconds after which a new signed head is handed on"
    )
    trusted_head: Path | None = Field(
        None, description="signed heads kept outside, a file or a folder: no database that differs is served"
    )
    master_key: Path | None = Field(
        None,
        description="file of the keys that personal values are sealed under; beside an SQLite file one is made,"
        " PostgreSQL needs it",
    )
    retention_years: int = Field(
        5, ge=1, le=100, description="years after a case's last event in which its records are kept"
    )
    erase_after_retention: bool = Field(
        False, description="whether the server erases by itself what is past its retention"
    )
    sites: Path | None = Field(
        None, description="YAML file of the sites in our records; without one none is known"
    )
    site_proof_days: int = Field(
        90,
        ge=1,
        le=3660,
        description="days for which a conformance run, or a platform's answer, shows that a registered site is connected",
    )
    real_time: float = Field(
        2.0, gt=0, le=600, description="seconds within which a certificate counts as given in real time"
    )
    webhooks: Path | None = Field(
        None, description="YAML file of the endpoints that are told what happens to cases"
    )
    platforms: Path | None = Field(
        None, description="folder of manifests: each file that ends with .yaml connects a platform"
    )
    accounts: Path | None = Field(
        None, description="YAML file of the accounts at platforms: where their secrets are kept"
    )
    platform_notices: str | None = Field(
        None, description="host:port to take platforms' notices on, over HTTP; they are polled all the same"
    )
    sandbox_url: str | None = Field(None, description="base URL of a sandbox platform to ask, on loopback")
    embedded_sandbox: bool = Field(False, description="start a sandbox platform beside the server and ask it")
    ready_file: Path | None = Field(
        None, description="file written when the server serves: its addresses as JSON"
    )
    attempt_timeout: float = Field(
        10.0, gt=0, le=120, description="seconds that one attempt at a platform may take"
    )
    lease: float = Field(
        30.0, gt=0, le=600, description="seconds for which an attempt belongs to the process that planned it"
    )
    settle: float = Field(
        5.0,
        ge=0,
        le=3600,
        description="seconds after which a platform's look-up of our reference can be believed",
    )
    reserve: float = Field(
        0.25, ge=0, le=10, description="seconds of the caller's deadline kept to answer in"
    )
    wait_limit: float = Field(
        15.0, gt=0, le=300, description="seconds that a call waits for a platform at most"
    )
    status_age: float = Field(
        60.0, ge=0, le=86400, description="seconds for which a certificate's status counts as known"
    )
    record_screenings: bool = Field(True, description="whether decisions without a case are recorded too")
    reconcile_every: float = Field(
        1.0, gt=0, le=600, description="seconds between two looks for unfinished attempts"
    )
    ledger_warning_days: int = Field(
        30,
        ge=0,
        le=366,
        description="days before the last one of a blanket period from which it is warned of",
    )
    ledger_status_age: float = Field(
        3600.0,
        ge=1,
        le=604800,
        description="seconds after which a blanket certificate's status is asked for again",
    )
    heartbeat: float = Field(
        15.0, gt=0, le=300, description="seconds after which a watch that has nothing to tell says so"
    )
    largest_request: int = Field(4 * MIB, ge=65536, le=64 * MIB, description="bytes that a request may have")
    largest_response: int = Field(
        4 * MIB, ge=65536, le=64 * MIB, description="bytes that an answer may have; clients take 4 MiB"
    )
    calls_at_once: int = Field(
        1000, ge=1, le=100000, description="calls of order systems that one process serves at once"
    )
    streams_at_once: int = Field(
        1000, ge=1, le=100000, description="watches and other streams that one process serves at once"
    )
    database_queue: int = Field(
        500,
        ge=1,
        le=100000,
        description="pieces of work that may wait for the database in one process before calls are refused",
    )
    tenant_calls_at_once: int = Field(
        500, ge=0, le=100000, description="calls that a tenant may have under way at once, in one process"
    )
    tenant_streams_at_once: int = Field(
        100,
        ge=0,
        le=100000,
        description="watches and other streams that a tenant may have open at once, in one process",
    )
    tenant_rate: float | None = Field(
        None, gt=0, le=1000000, description="calls a second that a tenant may make, all servers together"
    )
    tenant_burst: float | None = Field(
        None,
        ge=1,
        le=1000000,
        description="calls that a tenant may make at once after a pause; without it a second's worth",
    )
    tenant_calls_a_day: int | None = Field(
        None,
        ge=0,
        le=2_000_000_000,
        description="calls that a tenant may make in a day of UTC, all servers together",
    )
    longest_call: float = Field(
        60.0, ge=1, le=3600, description="seconds that a call may take, whatever its deadline; streams apart"
    )
    connection_age: float = Field(
        1800.0,
        ge=1,
        le=604800,
        description="seconds after which a connection is told to go; calls on it finish, watches go on elsewhere",
    )
    grace: float = Field(
        10.0, ge=0, le=300, description="seconds that calls in flight get to end when the server stops"
    )
    log_format: str = Field(
        "console", pattern="^(console|json)$", description="console for people, json for machines"
    )
    log_calls: bool = Field(False, description="whether each call is a line of the log when it ends")

    @field_validator("head_url")
    @classmethod
    def _encrypted_or_here(cls, url: str | None) -> str | None:
        from server.platforms.manifest import is_loopback

        if url is None:
            return url
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
            raise ValueError("write it like https://witness.example/heads; http only on this machine")
        return url

    @field_validator("traces")
    @classmethod
    def _is_collector(cls, url: str | None) -> str | None:
        parts = urlsplit(url or "")
        if url is not None and not (parts.scheme in ("http", "https") and parts.hostname):
            raise ValueError("write it like http://127.0.0.1:4318/v1/traces")
        return url

    @property
    def identified(self) -> bool:
        """Whether callers have to prove who they are."""
        return self.identify or self.identities is not None

    @property
    def sharers(self) -> int:
        """Processes that share rates of tenants and what platforms take."""
        return self.workers * self.replicas

    @property
    def worker_addresses(self) -> tuple[str, ...]:
        """Where each process serves alone too, in their order; none without `worker_ports`."""
        if self.worker_ports is None:
            return ()
        host = self.listen.rpartition(":")[0]
        return tuple(f"{host}:{self.worker_ports + number}" for number in range(self.workers))

    @field_validator("listen", "metrics", "platform_notices")
    @classmethod
    def _is_address(cls, address: str | None) -> str | None:
        host, _, port = (address or "").rpartition(":")
        if address is not None and not (host and port.isdecimal() and int(port) <= 65535):
            raise ValueError("write it as host:port, e.g. 127.0.0.1:50051")
        return address

    @model_validator(mode="after")
    def _as_open_as_is_meant(self) -> Self:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError(
                "TLS needs a certificate and its key; give both tls_cert and tls_key, or neither"
            )
        if self.tls_client_ca is not None and self.tls_cert is None:
            raise ValueError(
                "only over TLS can callers be asked for certificates; give tls_cert and tls_key too"
            )
        if self.identified and self.no_identity_on_any_address:
            raise ValueError("callers are identified, or they are not; leave out no_identity_on_any_address")
        # Commands that only want to know where the rules are do not wait for all that speaks HTTP.
        from server.platforms.manifest import is_loopback

        if is_loopback(self.listen.rpartition(":")[0].removeprefix("[").removesuffix("]")):
            return self
        if not self.identified and not self.no_identity_on_any_address:
            raise ValueError(
                f"{self.listen} can be reached from other machines, and nobody would be asked who it is; use"
                " 127.0.0.1, or have callers identified (--identify or --identities), or say"
                " --no-identity-on-any-address"
            )
        if self.tls_cert is None and not self.plaintext_on_any_address:
            raise ValueError(
                f"{self.listen} can be reached from other machines, and what is sent could be read on the way;"
                " give --tls-cert and --tls-key, or say --plaintext-on-any-address"
            )
        return self

    @model_validator(mode="after")
    def _notices_where_they_can_be_taken(self) -> Self:
        if self.platform_notices is None:
            return self
        from server.platforms.manifest import is_loopback

        host, _, port = self.platform_notices.rpartition(":")
        here = is_loopback(host.removeprefix("[").removesuffix("]"))
        if not here and self.tls_cert is None and not self.plaintext_on_any_address:
            raise ValueError(
                f"{self.platform_notices} can be reached from other machines, and notices could be read on the way;"
                " give --tls-cert and --tls-key, or say --plaintext-on-any-address where something in front speaks TLS"
            )
        if self.workers > 1 and int(port) == 0:
            raise ValueError("workers share one address for notices; give platform_notices a port")
        return self

    @model_validator(mode="after")
    def _two_people_who_are_known(self) -> Self:
        if self.rulebook_approval and (not self.identified or self.rulebook_tenant is None):
            raise ValueError(
                "two people can be told apart only where callers are identified, and somebody has to look after"
                " rulebooks; give --identify or --identities, and --rulebook-tenant"
            )
        return self

    @model_validator(mode="after")
    def _one_worker_where_only_one_can_be(self) -> Self:
        if self.workers > 1 and self.database.startswith("sqlite"):
            raise ValueError(
                f"{self.workers} workers cannot share an SQLite file; use PostgreSQL (--database"
                " postgresql+psycopg://user@host/database), or one worker"
            )
        if self.workers > 1 and self.embedded_sandbox:
            raise ValueError(
                f"each of {self.workers} workers would start a sandbox of its own; start one with"
                " `origingate sandbox` and give its address with --sandbox-url, or use one worker"
            )
        return self

    @model_validator(mode="after")
    def _a_port_for_each(self) -> Self:
        if self.worker_ports is None:
            return self
        last = self.worker_ports + self.workers - 1
        if last > 65535:
            raise ValueError(
                f"worker_ports: {self.workers} ports from {self.worker_ports} on end at {last}, and none is above"
                f" 65535; begin at {65536 - self.workers} or below"
            )
        if self.worker_ports <= int(self.listen.rpartition(":")[2]) <= last:
            raise ValueError(
                f"worker_ports: {self.listen} is one of the ports from {self.worker_ports} to {last}; begin elsewhere"
            )
        return self

    @model_validator(mode="after")
    def _a_key_where_several_share_a_log(self) -> Self:
        if self.log_key is None and self.database.startswith("postgresql"):
            raise ValueError(
                "servers on PostgreSQL sign the log with one key, and none is given; make one with"
                " `origingate log key new log.pem`, and give it to each of them with --log-key log.pem"
            )
        return self

    @model_validator(mode="after")
    def _sealed_under_a_key_that_all_have(self) -> Self:
        if self.master_key is None and self.database.startswith("postgresql"):
            raise ValueError(
                "servers on PostgreSQL seal personal values under one master key, and none is given; make one with"
                " `origingate db key new master.key`, and give it to each of them with --master-key master.key"
            )
        return self

    @model_validator(mode="after")
    def _long_enough_to_send(self) -> Self:
        least = self.attempt_timeout + SEND_MARGIN.total_seconds()
        if self.lease < least:
            raise ValueError(
                f"a lease of {self.lease:g} s would end before an attempt of {self.attempt_timeout:g} s, so nothing"
                f" could ever be sent; give a lease of {least:g} s or more, or a shorter attempt_timeout"
            )
        return self
