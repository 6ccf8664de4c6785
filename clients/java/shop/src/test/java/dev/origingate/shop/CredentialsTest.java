package dev.origingate.shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.origingate.live.Authority;
import dev.origingate.live.SecureServer;
import dev.origingate.shop.Caller.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A shop whose credentials do not hold, at a server that wants them. */
@Timeout(300)
final class CredentialsTest {
    @TempDir
    Path folder;

    @Test
    @DisplayName("An order that could not be asked says what is to be mended, is kept, and is confirmed once it is mended.")
    void mended() throws Exception {
        try (SecureServer server = SecureServer.start(folder)) {
            Path keyFile = folder.resolve("api.key");
            String key = server.key("30d");
            Files.writeString(keyFile, key);
            Authority.Pair own = server.authority().issue("shop");
            List<String> certificate =
                    List.of("--certificate", own.certificate().toString(), "--certificate-key", own.key().toString());
            String trust = server.authority().trust().toString();
            String strangers = new Authority(Files.createDirectory(folder.resolve("strangers"))).trust().toString();

            assertFailed("AUTHORITY-1", "no secure way", opened(server, strangers, keyFile, certificate));
            assertFailed("CERTIFICATE-1", "no secure way", opened(server, trust, keyFile, List.of()));

            Files.writeString(keyFile, server.key("1s"));
            Thread.sleep(1500);
            assertFailed("EXPIRED-1", "API key", opened(server, trust, keyFile, certificate));
            String revoked = server.key("30d");
            server.revoke(revoked);
            Files.writeString(keyFile, revoked);
            assertFailed("REVOKED-1", "API key", opened(server, trust, keyFile, certificate));
            Files.writeString(keyFile, "og_0000000000000000_unknown");
            try (Shop shop = opened(server, trust, keyFile, certificate)) {
                Caller caller = new Caller(shop.port());
                assertEquals("FAILED", caller.place(Caller.eligible("UNKNOWN-1")).state());
                Files.writeString(keyFile, key);
                // It may be asked again just now, with the key that was not known.
                Caller.await(() -> caller.place(Caller.eligible("UNKNOWN-1")).state().equals("CONFIRMED"));
            }

            try (Shop shop = opened(server, trust, keyFile, certificate)) {
                Caller caller = new Caller(shop.port());
                Caller.await(() -> caller.get("AUTHORITY-1").state().equals("CONFIRMED"));
                Caller.await(() -> caller.get("CERTIFICATE-1").state().equals("CONFIRMED"));
                Caller.await(() -> caller.get("EXPIRED-1").state().equals("CONFIRMED"));
                Caller.await(() -> caller.get("REVOKED-1").state().equals("CONFIRMED"));
            }
        }
    }

    private static void assertFailed(String number, String because, Shop shop) {
        try (shop) {
            Reply reply = new Caller(shop.port()).place(Caller.eligible(number));
            assertEquals("FAILED", reply.state(), reply.body()::toString);
            assertTrue(reply.body().path("because").asText().contains(because), reply.body()::toString);
        }
    }

    private Shop opened(SecureServer server, String trust, Path keyFile, List<String> certificate) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                "--gate", server.target(), "--authorities", trust, "--api-key-file", keyFile.toString(),
                "--listen", "127.0.0.1:0", "--poll", "0.5", "--database", folder.resolve("shop").toString()));
        words.addAll(certificate);
        return Shop.open(CommandLine.populateCommand(new Settings(), words.toArray(String[]::new)));
    }
}
