package dev.origingate.shop;

import dev.origingate.live.Command;
import dev.origingate.live.GateServer;
import dev.origingate.live.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import picocli.CommandLine;

/**
 * One platform, one Origin Gate that asks it, and one shop that Origin Gate tells by webhooks: for all tests that ask for it.
 * What a test breaks it mends.
 */
final class World implements AutoCloseable {
    /** 32 bytes that are nobody's secret. */
    static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";

    /** Patience in seconds, short enough for tests that wait for its end. */
    private static final Map<String, String> QUICK = Map.of(
            "ORIGINGATE_ATTEMPT_TIMEOUT", "3",
            "ORIGINGATE_LEASE", "6",
            "ORIGINGATE_SETTLE", "0.2",
            "ORIGINGATE_RECONCILE_EVERY", "0.2",
            "ORIGINGATE_STATUS_AGE", "0",
            "ORIGINGATE_RULEBOOK_DOUBTS", "0",
            "ORIGINGATE_RULEBOOK_LOOK_EVERY", "0.2",
            "ORIGINGATE_LOG_CALLS", "true",
            "SHOP_WEBHOOK_SECRET", SECRET);

    private static final String RULE_TESTS =
            """
            question: scope
            on: 2026-07-01
            given:
              site: {kind: B2B_INDEPENDENT}
              order: {destination: US, lines: [{line_id: "1", claims_preference: true}]}
            tests:
              - test: the rule applies
                expect: IN_SCOPE
              - test: nothing of it goes to the US
                with: {order.destination: CA}
                expect: OUT_OF_SCOPE
            """;

    final Path folder;
    final Sandbox sandbox;
    final GateServer gate;
    final Caller shop;

    /** Origin Gate tells a shop there too, should there be one, of what is certified. */
    final int patientPort;

    private final Path rules;
    private final Shop running;

    private World(Path folder) throws IOException {
        this.folder = folder;
        int port = freePort();
        patientPort = freePort();
        rules = rules(folder.resolve("rules"));
        Path webhooks = Files.writeString(folder.resolve("webhooks.yaml"),
                """
                webhooks:
                  - endpoint: shop
                    tenant: dev
                    url: http://127.0.0.1:%d/hooks/origin-gate
                    secret_env: SHOP_WEBHOOK_SECRET
                    longest_pause: 1
                  - endpoint: patient
                    tenant: dev
                    url: http://127.0.0.1:%d/hooks/origin-gate
                    secret_env: SHOP_WEBHOOK_SECRET
                    longest_pause: 1
                    states: [CERTIFIED]
                """.formatted(port, patientPort));
        Files.writeString(folder.resolve("secret"), SECRET);
        sandbox = Sandbox.start(folder);
        gate = GateServer.start(folder, QUICK, "--sandbox-url", sandbox.url(), "--webhooks", webhooks.toString(),
                "--rulebook", rules.toString(), "--log-format", "json");
        running = Shop.open(settings("shop", "--listen", "127.0.0.1:" + port, "--deadline", "5"));
        shop = new Caller(port);
    }

    /** Gives a test the one world. */
    static final class Shared implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == World.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot().getStore(Namespace.GLOBAL).computeIfAbsent(World.class, type -> open(), World.class);
        }

        private static World open() {
            try {
                return new World(Files.createTempDirectory("origingate-shop-"));
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    /** The words of a shop that asks this Origin Gate, with a database of its own, on a free port, with what more is said. */
    List<String> words(GateServer asked, String database, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "--gate", asked.target(), "--plaintext", "--poll", "0.5", "--listen", "127.0.0.1:0",
                "--database", folder.resolve(database).toString(), "--log-key", asked.logKey().toString(),
                "--webhook-secret-file", folder.resolve("secret").toString()));
        words.addAll(List.of(more));
        return words;
    }

    Settings settings(String database, String... more) {
        Settings settings = new Settings();
        String[] words = words(gate, database, more).toArray(String[]::new);
        new CommandLine(settings).setOverwrittenOptionsAllowed(true).parseArgs(words);
        return settings;
    }

    /** Another rulebook: the same rules under another title. */
    void retitle(String title) throws IOException {
        Path file = rules.resolve("rulebook.yaml");
        Path draft = Files.writeString(
                rules.resolve("rulebook.draft"),
                Files.readString(file).replaceFirst("(?m)^title: .*$", "title: " + title));
        Files.move(draft, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        running.close();
        gate.close();
        sandbox.close();
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path path : found.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static Path rules(Path folder) throws IOException {
        Files.createDirectory(folder);
        try (Stream<Path> shipped = Files.list(Command.REPOSITORY.resolve("rules/usmca"))) {
            for (Path file : shipped.filter(path -> path.toString().matches(".*\\.(yaml|csv)"))
                    .filter(path -> !path.toString().endsWith("_test.yaml")).toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        Files.writeString(folder.resolve("scope_test.yaml"), RULE_TESTS);
        return folder;
    }
}
