package dev.origingate.shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.origingate.live.GateServer;
import dev.origingate.shop.Caller.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What dies between an order and its answer. */
@Timeout(300)
@ExtendWith(World.Shared.class)
final class DeathsTest {
    /** Long enough for what a test does meanwhile on a busy machine. */
    private static final String SLOW = "{\"fault\": \"latency\", \"seconds\": 8}";

    /** Of an Origin Gate that waits so long for the platform. */
    private static final Map<String, String> PATIENT =
            Map.of("ORIGINGATE_ATTEMPT_TIMEOUT", "20", "ORIGINGATE_LEASE", "30");

    @AfterEach
    void mend(World world) {
        world.sandbox.mend();
    }

    @Test
    @DisplayName("Origin Gate dies before it answers: asked again with the same request, the order has one certificate.")
    void gateKilled(World world) {
        int before = world.sandbox.ledger().size();
        CompletableFuture<Reply> reply = orderedSlowly(world, world.shop, "KILLED-1");
        world.gate.kill();
        world.gate.begin();
        assertEquals(200, reply.join().status());
        assertConfirmedOnce(world, world.shop, "KILLED-1", before);
    }

    @Test
    @DisplayName("The shop dies between order and answer: begun again it asks with the request that it kept.")
    void shopKilled(World world, @TempDir Path folder) throws IOException {
        int before = world.sandbox.ledger().size();
        try (GateServer gate = patient(world, folder)) {
            ShopProcess shop = new ShopProcess(world, gate, "killed", "--deadline", "15");
            CompletableFuture<Reply> reply = orderedSlowly(world, shop.caller, "KILLED-2");
            shop.kill();
            assertEquals(true, reply.handle((answer, failed) -> failed != null).join());
            shop.begin();
            assertConfirmedOnce(world, shop.caller, "KILLED-2", before);
            shop.stop();
        }
    }

    @Test
    @DisplayName("The shop is stopped by a signal: it takes no new order, answers the one under way, and ends with code 0.")
    void shopStopped(World world, @TempDir Path folder) throws IOException {
        try (GateServer gate = patient(world, folder)) {
            ShopProcess shop = new ShopProcess(world, gate, "stopped", "--deadline", "15", "--grace", "30");
            CompletableFuture<Reply> reply = orderedSlowly(world, shop.caller, "STOPPED-1");
            CompletableFuture<Void> ended = CompletableFuture.runAsync(shop::stop);
            Caller.await(() -> !shop.caller.serves());
            assertFalse(ended.isDone());
            assertEquals(503, shop.caller.place(Caller.eligible("STOPPED-2")).status());
            assertEquals("CONFIRMED", reply.join().state());
            ended.join();
        }
    }

    private static GateServer patient(World world, Path folder) {
        return GateServer.start(folder, PATIENT, "--sandbox-url", world.sandbox.url());
    }

    /** Places an order at a slow platform; it has reached the platform, and is not answered. */
    private static CompletableFuture<Reply> orderedSlowly(World world, Caller shop, String number) {
        world.sandbox.fault(SLOW);
        int arrived = world.sandbox.arrived("submit");
        CompletableFuture<Reply> reply = CompletableFuture.supplyAsync(() -> shop.place(Caller.eligible(number)));
        Caller.await(() -> world.sandbox.arrived("submit") > arrived);
        return reply;
    }

    private static void assertConfirmedOnce(World world, Caller shop, String number, int before) {
        Reply settled = shop.settled(number);
        assertEquals("CONFIRMED", settled.state(), settled.body()::toString);
        assertEquals(before + 1, world.sandbox.ledger().size());
        assertEquals(settled.eCertId(), world.sandbox.ledger().get(before).eCertId());
    }
}
