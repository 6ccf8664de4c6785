package dev.origingate.client;

import dev.origingate.live.GateServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One real server for all tests that ask for an {@link OriginGate}, or for the {@link GateServer} itself; it is stopped by a
 * signal after the last of them.
 */
final class LiveServer implements ParameterResolver {
    private static final Duration CALL_DEADLINE = Duration.ofSeconds(20);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == OriginGate.class || type == GateServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Running running = context.getRoot()
                .getStore(Namespace.create(LiveServer.class))
                .computeIfAbsent(Running.class, type -> Running.start(), Running.class);
        return parameter.getParameter().getType() == OriginGate.class ? running.gate() : running.server();
    }

    private record Running(Path folder, GateServer server, OriginGate gate) implements AutoCloseable {
        static Running start() {
            try {
                Path folder = Files.createTempDirectory("origingate-java-");
                GateServer server = GateServer.start(folder, Map.of(), "--embedded-sandbox");
                return new Running(
                        folder, server, OriginGate.connectPlaintext(server.target()).withDeadline(CALL_DEADLINE));
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        @Override
        public void close() throws IOException {
            gate.close();
            server.close();
            try (Stream<Path> found = Files.walk(folder)) {
                for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
