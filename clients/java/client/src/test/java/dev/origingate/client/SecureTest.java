package dev.origingate.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.origingate.live.Authority;
import dev.origingate.live.SecureServer;
import io.grpc.Status.Code;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real server over TLS that takes only callers with a certificate and an API key. */
@Timeout(300)
final class SecureTest {
    @TempDir
    static Path folder;

    private static SecureServer server;
    private static String key;

    @BeforeAll
    static void start() throws IOException {
        server = SecureServer.start(folder);
        key = server.key("30d");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    @DisplayName("Who trusts its authority, and shows a certificate and a key, is answered.")
    void known() throws IOException {
        try (OriginGate gate = connected(server.authority().trust(), server.authority().issue("shop"))) {
            assertTrue(gate.withApiKey(key).processOrder(Examples.eligible().build()).hasECertId());
        }
    }

    @Test
    @DisplayName("Two addresses over TLS are each held against their own certificate.")
    void addresses() throws IOException {
        String both = "addresses:///" + server.target() + "," + server.target();
        try (OriginGate gate = OriginGate.builder(both).credentials(trusting(server.authority().trust())
                .keyManager(shown().certificate().toFile(), shown().key().toFile()).build()).connect()) {
            assertEquals(Code.NOT_FOUND, codeOf(gate.withApiKey(key)));
        }
    }

    @Test
    @DisplayName("Without a key, or with an unknown one, a caller is UNAUTHENTICATED.")
    void unknown() throws IOException {
        try (OriginGate gate = connected(server.authority().trust(), shown())) {
            assertEquals(Code.UNAUTHENTICATED, codeOf(gate));
            assertEquals(Code.UNAUTHENTICATED, codeOf(gate.withApiKey("og_0000000000000000_unknown")));
        }
    }

    @Test
    @DisplayName("Who shows no certificate does not get through.")
    void noCertificate() throws IOException {
        try (OriginGate gate = OriginGate.builder(server.target())
                .credentials(trusting(server.authority().trust()).build()).attempts(1).connect()) {
            assertEquals(Code.UNAVAILABLE, codeOf(gate.withApiKey(key)));
        }
    }

    @Test
    @DisplayName("A server of another authority than one trusts is not spoken to.")
    void wrongAuthority(@TempDir Path elsewhere) throws IOException {
        try (OriginGate gate = connected(new Authority(elsewhere).trust(), shown())) {
            assertEquals(Code.UNAVAILABLE, codeOf(gate.withApiKey(key)));
        }
    }

    private static Authority.Pair shown() throws IOException {
        return server.authority().issue("shop");
    }

    private static OriginGate connected(Path trust, Authority.Pair own) throws IOException {
        return OriginGate.builder(server.target())
                .credentials(trusting(trust).keyManager(own.certificate().toFile(), own.key().toFile()).build())
                .attempts(1)
                .connect();
    }

    private static TlsChannelCredentials.Builder trusting(Path authority) throws IOException {
        return TlsChannelCredentials.newBuilder().trustManager(authority.toFile());
    }

    private static Code codeOf(OriginGate gate) {
        return assertThrows(OriginGateException.class, () -> gate.getCase("cases/00000000000000000000000000000000")).code();
    }
}
