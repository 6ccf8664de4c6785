package dev.origingate.shop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.origingate.shop.Answer.Kept;
import dev.origingate.v1.CaseEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Orders of a shop whose Origin Gate is not there, by a clock that stands where the test says. */
final class OrdersTest {
    private static final OrderForm FORM = Json.read("{\"number\": \"A-1\", \"site\": \"our-shop\"}", OrderForm.class);

    @TempDir
    Path folder;

    private final Moved clock = new Moved();
    private final Tracing tracing = new Tracing();
    private Store store;
    private Gate gate;
    private Orders orders;

    @BeforeEach
    void open() throws IOException {
        Settings settings = CommandLine.populateCommand(
                new Settings(), "--gate", "127.0.0.1:1", "--plaintext", "--deadline", "10", "--poll", "3");
        store = new Store(new Transactions(folder.resolve("shop")));
        gate = Gate.connect(settings, tracing.ofCalls());
        orders = new Orders(store, gate, settings, clock);
    }

    @AfterEach
    void close() {
        gate.close();
        store.close();
        tracing.close();
    }

    @Test
    @DisplayName("A call that failed is made again after a second, then after ever longer pauses, up to the one between two looks.")
    void askedAgain() {
        assertEquals(State.PENDING, orders.place(FORM).state());
        assertLookedAtAfter(1);
        assertLookedAtAfter(2);
        assertLookedAtAfter(3);
        assertLookedAtAfter(3);
    }

    @Test
    @DisplayName("A case that could not be read is read again in the same way, and what was answered of it stays.")
    void readAgain() {
        Stored placed = orders.place(FORM);
        store.answered(placed, new Answer(State.REFUSED, null, null, List.of(), List.of(), List.of(),
                new Kept("cases/1", 3, null, false)), null, clock.instant());
        tell("evt-1", 4);
        assertLookedAtAfter(0);
        assertLookedAtAfter(1);
        assertLookedAtAfter(2);
        assertEquals(State.REFUSED, orders.get("A-1").state());
    }

    @Test
    @DisplayName("A webhook shows that Origin Gate is there again: its order is looked at at once, and soon where that fails.")
    void told() {
        orders.place(FORM);
        assertLookedAtAfter(1);
        tell("evt-1", 4);
        assertLookedAtAfter(0);
        assertLookedAtAfter(1);
    }

    private void tell(String webhookId, int version) {
        orders.told(webhookId, CaseEvent.newBuilder().setSiteId("our-shop").setOrderId("A-1").setVersion(version).build());
    }

    /** The order is due after so many seconds and not before; it is looked at then, in vain. */
    private void assertLookedAtAfter(long seconds) {
        clock.move(Duration.ofSeconds(seconds).minusMillis(1));
        assertEquals(List.of(), orders.due(10));
        clock.move(Duration.ofMillis(1));
        assertEquals(List.of("A-1"), orders.due(10));
        orders.follow("A-1");
    }

    private static final class Moved extends Clock {
        private Instant now = Instant.parse("2026-07-01T12:00:00Z");

        void move(Duration further) {
            now = now.plus(further);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
