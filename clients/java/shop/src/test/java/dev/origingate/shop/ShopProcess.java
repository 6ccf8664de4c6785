package dev.origingate.shop;

import dev.origingate.live.Command;
import dev.origingate.live.GateServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The shop in a process of its own, which can be killed and begun again at its address. */
final class ShopProcess {
    private final List<String> words;
    private final Path log;
    private Command command;
    final Caller caller;

    ShopProcess(World world, GateServer gate, String name, String... more) throws IOException {
        int port = World.freePort();
        words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xshare:auto", "-XX:TieredStopAtLevel=1",
                "-cp", System.getProperty("java.class.path"), Main.class.getName()));
        List<String> said = world.words(gate, name, more);
        said.set(said.indexOf("127.0.0.1:0"), "127.0.0.1:" + port);
        words.addAll(said);
        log = world.folder.resolve(name + ".log");
        caller = new Caller(port);
        begin();
    }

    void begin() {
        command = Command.begin(words, Map.of(), log);
        command.await(() -> caller.serves() ? true : null);
    }

    void kill() {
        command.kill();
    }

    /** Ends it by a signal, with exit code 0. */
    void stop() {
        command.stop();
    }
}
