package dev.origingate.live;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A process that a test started, with what it says in a log. */
public final class Command {
    public static final Path REPOSITORY = Path.of(System.getProperty("repository.root", "../../..")).toAbsolutePath().normalize();

    /** How long a busy machine may take. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int LINES_SHOWN = 20;

    private final Process process;
    private final Path log;

    private Command(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Begins a command; its log goes on where the last one of this file ended. */
    public static Command begin(List<String> words, Map<String, String> environment, Path log) {
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            // Should these tests be killed, nothing is left behind.
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new Command(process, log);
        } catch (IOException failed) {
            throw new UncheckedIOException("it did not start (make install, or set ORIGINGATE to its executable)", failed);
        }
    }

    /** Runs an origingate command to its end, which has to be a good one; what it printed. */
    public static String origingate(String... words) throws IOException {
        Path out = Files.createTempFile("origingate-", ".out");
        Process process = new ProcessBuilder(origingateWords(words)).redirectOutput(out.toFile()).start();
        if (exitCode(process) != 0) {
            throw new AssertionError(String.join(" ", words) + ": "
                    + new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
        }
        String said = Files.readString(out).strip();
        Files.delete(out);
        return said;
    }

    static List<String> origingateWords(String... words) {
        String given = System.getenv("ORIGINGATE");
        String executable = given != null ? given : REPOSITORY.resolve(".venv/bin/origingate").toString();
        return Stream.concat(Stream.of(executable), Stream.of(words)).toList();
    }

    /** Waits until something is there, and the process with it. */
    public <T> T await(Supplier<T> something) {
        long late = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            T found = something.get();
            if (found != null) {
                return found;
            }
            if (!process.isAlive() || System.nanoTime() > late) {
                process.destroyForcibly();
                throw new AssertionError("it ended, or was not ready within " + PATIENCE.toSeconds() + " s; its log:\n" + endOfLog());
            }
            pause();
        }
    }

    /** What it said. */
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private String endOfLog() {
        List<String> lines = log().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
    }

    /** Asks it to end, and waits until it has; the exit code has to be 0. */
    public void stop() {
        process.destroy();
        int code = exitCode(process);
        if (code != 0) {
            throw new AssertionError("a signal should end it with exit code 0, not " + code + "; its log:\n" + endOfLog());
        }
    }

    /** Ends it as a power cut would. */
    public void kill() {
        process.destroyForcibly();
        exitCode(process);
    }

    private static int exitCode(Process process) {
        try {
            return process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS) ? process.exitValue() : -1;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a process was waited for", interrupted);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a process was waited for", interrupted);
        }
    }
}
