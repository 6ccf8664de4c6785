package dev.origingate.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A server as in production: over TLS, for callers with a certificate of its authority and an API key of its tenant. */
public final class SecureServer implements AutoCloseable {
    private static final String SITES =
            """
            sites:
              - {site: aceros-shop, tenant: acme, kind: B2B_INDEPENDENT, integration: CONNECTED, platforms: [sandbox]}
            """;

    private final Path folder;
    private final Authority authority;
    private final GateServer server;

    private SecureServer(Path folder, Authority authority, GateServer server) {
        this.folder = folder;
        this.authority = authority;
        this.server = server;
    }

    public static SecureServer start(Path folder) throws IOException {
        Authority authority = new Authority(folder);
        Authority.Pair own = authority.issue("server");
        Path sites = Files.writeString(folder.resolve("sites.yaml"), SITES);
        Command.origingate("db", "upgrade", "--database", GateServer.database(folder));
        Command.origingate("tenant", "create", "acme", "--database", GateServer.database(folder));
        GateServer server = GateServer.start(folder, Map.of(),
                "--embedded-sandbox", "--identify", "--sites", sites.toString(),
                "--tls-cert", own.certificate().toString(), "--tls-key", own.key().toString(),
                "--tls-client-ca", authority.trust().toString());
        return new SecureServer(folder, authority, server);
    }

    public String target() {
        return server.target();
    }

    /** Who signs the certificates of both sides. */
    public Authority authority() {
        return authority;
    }

    /** A new API key for order systems, good for so long, e.g. "30d". */
    public String key(String life) throws IOException {
        return Command.origingate("tenant", "key", "new", "acme", "--name", "orders", "--role", "ORDER_SYSTEM",
                "--expires", life, "--database", GateServer.database(folder));
    }

    /** Takes a key out of use; the server refuses it within seconds. */
    public void revoke(String key) throws IOException {
        Command.origingate("tenant", "key", "revoke", key.split("_")[1], "--database", GateServer.database(folder));
    }

    @Override
    public void close() {
        server.close();
    }
}
