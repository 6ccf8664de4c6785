package dev.origingate.client;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One real server for all tests that ask for an {@link OriginGate}, or for the {@link LogKey} of its log; it is stopped by a
 * signal after the last of them.
 */
final class LiveServer implements ParameterResolver {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration CALL_DEADLINE = Duration.ofSeconds(20);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == OriginGate.class || type == LogKey.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Running running = context.getRoot()
                .getStore(Namespace.create(LiveServer.class))
                .computeIfAbsent(Running.class, type -> Running.start(), Running.class);
        return parameter.getParameter().getType() == OriginGate.class
                ? running.gate()
                : new LogKey(running.folder().resolve("og.db.log-key.pub.pem"));
    }

    /** The file of the public key that signs the server's log. */
    record LogKey(Path file) {}

    private record ReadyFile(String grpc) {}

    private record Running(Path folder, Process process, OriginGate gate) implements AutoCloseable {
        static Running start() {
            try {
                Path folder = Files.createTempDirectory("origingate-java-");
                try {
                    Process process = launch(folder);
                    String target = target(process, folder);
                    return new Running(folder, process, OriginGate.connectPlaintext(target).withDeadline(CALL_DEADLINE));
                } catch (IOException failed) {
                    remove(folder);
                    throw failed;
                }
            } catch (IOException failed) {
                throw new UncheckedIOException(
                        "the server did not start (make install, or set ORIGINGATE to its executable)", failed);
            }
        }

        @Override
        public void close() throws IOException {
            gate.close();
            process.destroy();
            int exitCode = exitCode(process, PATIENCE);
            String log = log(folder);
            remove(folder);
            if (exitCode != 0) {
                throw new AssertionError("a signal should end the server with exit code 0, not " + exitCode + log);
            }
        }
    }

    private static Process launch(Path folder) throws IOException {
        Process process = new ProcessBuilder(executable(), "serve",
                        "--listen", "127.0.0.1:0",
                        "--embedded-sandbox",
                        "--database", "sqlite:///" + folder.resolve("og.db"),
                        "--sites", Examples.FOLDER.resolve("sites.yaml").toString(),
                        "--ready-file", folder.resolve("ready.json").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        // Should these tests be killed, no server is left behind.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return process;
    }

    private static String executable() {
        String given = System.getenv("ORIGINGATE");
        return given != null ? given : Examples.REPOSITORY.resolve(".venv/bin/origingate").toString();
    }

    private static String target(Process process, Path folder) throws IOException {
        Path ready = folder.resolve("ready.json");
        long late = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.exists(ready)) {
            if (!process.isAlive() || System.nanoTime() > late) {
                process.destroyForcibly();
                throw new IOException(
                        "the server ended, or was not ready within " + PATIENCE.toSeconds() + " s" + log(folder));
            }
            exitCode(process, Duration.ofMillis(50));
        }
        return new Gson().fromJson(Files.readString(ready), ReadyFile.class).grpc();
    }

    /** Waits for the end of the process; -1 where it goes on all the same. */
    private static int exitCode(Process process, Duration patience) {
        try {
            return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS) ? process.exitValue() : -1;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the server", interrupted);
        }
    }

    private static String log(Path folder) throws IOException {
        return "; its log:\n" + Files.readString(folder.resolve("log"));
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
