package dev.origingate.live;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** `origingate serve` with its database in a folder. It can end and begin again, at the same address. */
public final class GateServer implements AutoCloseable {
    private final Path folder;
    private final Map<String, String> environment;
    private final List<String> words;
    private Command command;
    private String target = "127.0.0.1:0";

    private GateServer(Path folder, Map<String, String> environment, List<String> words) {
        this.folder = folder;
        this.environment = environment;
        this.words = words;
    }

    /** Starts one on a free port, with the sites of the examples unless the words say others. */
    public static GateServer start(Path folder, Map<String, String> environment, String... words) {
        GateServer server = new GateServer(folder, environment, List.of(words));
        server.begin();
        return server;
    }

    /** Its address, "host:port". */
    public String target() {
        return target;
    }

    /** The database as its commands name it. */
    public static String database(Path folder) {
        return "sqlite:///" + folder.resolve("og.db");
    }

    /** The file of the public key that signs its log. */
    public Path logKey() {
        return folder.resolve("og.db.log-key.pub.pem");
    }

    /** What it said, from the first start on. */
    public String log() {
        return command.log();
    }

    /** Begins again after {@link #kill} or {@link #stop}. */
    public void begin() {
        Path ready = folder.resolve("ready.json");
        List<String> all = new ArrayList<>(Command.origingateWords(
                "serve", "--listen", target, "--database", database(folder), "--ready-file", ready.toString()));
        if (!words.contains("--sites")) {
            all.addAll(List.of("--sites", Command.REPOSITORY.resolve("examples/sites.yaml").toString()));
        }
        all.addAll(words);
        try {
            Files.deleteIfExists(ready);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        command = Command.begin(all, environment, folder.resolve("gate.log"));
        target = command.await(() -> grpcOf(ready));
    }

    /** Ends it as a power cut would. */
    public void kill() {
        command.kill();
    }

    /** Ends it in order. */
    public void stop() {
        command.stop();
    }

    @Override
    public void close() {
        stop();
    }

    private static String grpcOf(Path ready) {
        try {
            return Files.exists(ready) ? new Gson().fromJson(Files.readString(ready), Ready.class).grpc() : null;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private record Ready(String grpc) {}
}
