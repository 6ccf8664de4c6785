package dev.origingate.shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.origingate.live.Sandbox;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many orders while the platform fails now and then, and Origin Gate is begun again twice. */
@ExtendWith(World.Shared.class)
final class LoadTest {
    private static final int ORDERS = Integer.parseInt(System.getenv().getOrDefault("ORIGINGATE_TEST_ORDERS", "150"));
    private static final int CALLERS = 16;
    private static final Duration LONG = Duration.ofHours(1);

    /** Together two of a hundred submissions. */
    private static final List<String> FAULTS = List.of(
            "'drop_reply', 'rate': 0.004, 'seed': 1",
            "'half_reply', 'rate': 0.003, 'seed': 2",
            "'unreadable_reply', 'rate': 0.003, 'seed': 3",
            "'error_after_commit', 'rate': 0.003, 'seed': 4",
            "'error_before_commit', 'rate': 0.003, 'seed': 5",
            "'pending', 'rate': 0.002, 'seed': 6",
            "'too_many', 'seconds': 1, 'rate': 0.001, 'seed': 7",
            "'latency', 'seconds': 4, 'rate': 0.001, 'seed': 8");

    private final Map<String, String> first = new ConcurrentHashMap<>();
    private final AtomicInteger answered = new AtomicInteger();

    @Test
    @DisplayName("Every order ends confirmed, none has two certificates, and no certificate is of two orders.")
    void load(World world) throws InterruptedException {
        long begun = System.nanoTime();
        Set<String> before = active(world);
        FAULTS.forEach(fault -> world.sandbox.fault(("{'fault': " + fault + "}").replace('\'', '"')));
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        for (int order = 0; order < ORDERS; order++) {
            String number = "LOAD-" + order;
            callers.submit(() -> {
                first.put(number, world.shop.place(Caller.eligible(number)).state());
                answered.incrementAndGet();
            });
        }
        callers.shutdown();
        Caller.await(LONG, () -> answered.get() >= ORDERS / 3);
        world.gate.stop();
        world.gate.begin();
        Caller.await(LONG, () -> answered.get() >= ORDERS * 2 / 3);
        world.gate.kill();
        world.gate.begin();
        assertTrue(callers.awaitTermination(LONG.toSeconds(), TimeUnit.SECONDS));
        world.sandbox.mend();

        Map<String, Caller.Reply> ends = first.keySet().stream()
                .collect(Collectors.toMap(number -> number, world.shop::settled));
        Set<String> certificates = ends.values().stream().map(Caller.Reply::eCertId).collect(Collectors.toSet());
        Set<String> issued = new HashSet<>(active(world));
        issued.removeAll(before);
        System.out.printf("load: %d orders in %.0f s; first answers %s; ends %s; %d certificates in force, %d known here%n",
                ORDERS, (System.nanoTime() - begun) / 1e9, counted(first.values().stream().toList()),
                counted(ends.values().stream().map(Caller.Reply::state).toList()), issued.size(), certificates.size());
        assertEquals(Map.of("CONFIRMED", (long) ORDERS), counted(ends.values().stream().map(Caller.Reply::state).toList()));
        assertEquals(ORDERS, certificates.size());
        assertEquals(certificates, issued);
    }

    private static Set<String> active(World world) {
        return world.sandbox.ledger().stream()
                .filter(Sandbox.Entry::isActive)
                .map(Sandbox.Entry::eCertId)
                .collect(Collectors.toSet());
    }

    private static Map<String, Long> counted(List<String> states) {
        return states.stream().collect(Collectors.groupingBy(state -> state, TreeMap::new, Collectors.counting()));
    }
}
