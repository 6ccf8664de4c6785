package dev.origingate.shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.origingate.shop.Answer.Kept;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoreTest {
    private static final Instant NOW = Instant.parse("2026-07-01T12:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(30);
    private static final OrderForm FORM =
            Json.read("{\"number\": \"A-1\", \"site\": \"our-shop\", \"destination\": \"US\"}", OrderForm.class);

    @TempDir
    Path folder;

    private Store store;
    private Stored order;

    @BeforeEach
    void open() {
        store = new Store(new Transactions(folder.resolve("shop")));
        order = store.place(FORM, "request-1", LATER).order();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    @DisplayName("The same order is kept once, with its first request id; another one of its number is refused.")
    void placedOnce() {
        assertEquals("request-1", store.place(FORM, "request-2", LATER).order().requestId());
        assertFalse(store.place(FORM, "request-2", LATER).fresh());
        OrderForm another = Json.read("{\"number\": \"A-1\", \"site\": \"our-shop\"}", OrderForm.class);
        assertEquals(409, assertThrows(Refused.class, () -> store.place(another, "request-2", LATER)).status());
    }

    @Test
    @DisplayName("What was kept is there when the file is opened again, and everything that waits is due.")
    void reopened() {
        store.close();
        store = new Store(new Transactions(folder.resolve("shop")));
        store.resume(NOW);
        assertEquals(List.of("A-1"), store.claim(NOW, 10, LATER));
        assertEquals("request-1", found().requestId());
    }

    @Test
    @DisplayName("An older answer never replaces a newer one.")
    void olderAnswer() {
        store.answered(order, answer(State.CONFIRMED, 4), null, NOW);
        store.answered(order, answer(State.PENDING, 3), LATER, NOW);
        assertEquals(State.CONFIRMED, found().state());
    }

    @Test
    @DisplayName("An answer to a request that another one has replaced is dropped, and so is that it was not answered.")
    void replacedRequest() {
        store.answered(order, answer(State.QUESTIONS, 2), null, NOW);
        Stored asked = store.anew(found(), FORM, "request-2", LATER).orElseThrow();
        assertEquals("request-2", asked.requestId());
        store.answered(order, answer(State.REFUSED, 2), null, NOW);
        store.unanswered(order, Answer.failed("Nobody was there."), null);
        assertEquals(State.PENDING, found().state());
        assertEquals(Optional.empty(), store.anew(order, FORM, "request-3", LATER));
    }

    @Test
    @DisplayName("That a request was not answered changes nothing where its answer is there.")
    void answeredMeanwhile() {
        store.answered(order, answer(State.CONFIRMED, 4), null, NOW);
        store.unanswered(order, Answer.failed("Nobody was there."), LATER);
        assertEquals(State.CONFIRMED, found().state());
    }

    @Test
    @DisplayName("A webhook that overtakes its answer has the order looked at as soon as the answer is kept.")
    void overtaken() {
        store.told("evt-1", "our-shop", "A-1", 4, NOW);
        store.answered(order, answer(State.PENDING, 3), LATER, NOW);
        assertEquals(List.of("A-1"), store.claim(NOW, 10, LATER));
    }

    @Test
    @DisplayName("A webhook that comes while its order is asked about has it looked at at once, though the asking failed.")
    void toldMeanwhile() {
        store.told("evt-1", "our-shop", "A-1", 4, NOW);
        store.unanswered(order, Answer.pending("Nobody was there."), LATER);
        assertEquals(List.of("A-1"), store.claim(NOW, 10, LATER));
    }

    @Test
    @DisplayName("That a request was not answered has its order looked at as it says, or never.")
    void unanswered() {
        store.unanswered(order, Answer.pending("Nobody was there."), NOW);
        assertEquals(List.of("A-1"), store.claim(NOW, 10, LATER));
        store.unanswered(order, Answer.failed("It cannot be read."), null);
        assertEquals(List.of(), store.claim(LATER, 10, LATER));
        store.unanswered(order, Answer.pending("Nobody was there."), LATER);
        assertEquals(List.of("A-1"), store.claim(LATER, 10, LATER));
    }

    @Test
    @DisplayName("An order whose case could not be read is looked at again, earlier than was said; but not where it was asked anew.")
    void unread() {
        store.answered(order, answer(State.QUESTIONS, 2), LATER, NOW);
        store.unread(order, NOW);
        assertEquals(List.of("A-1"), store.claim(NOW, 10, LATER));
        store.anew(found(), FORM, "request-2", LATER);
        store.unread(order, NOW);
        assertEquals(List.of(), store.claim(NOW, 10, LATER));
    }

    @Test
    @DisplayName("A webhook that came twice, tells of what is known, or of another site's order, changes nothing.")
    void nothingNew() {
        store.told("evt-1", "our-shop", "A-1", 3, NOW);
        store.answered(order, answer(State.PENDING, 3), LATER, NOW);
        store.told("evt-1", "our-shop", "A-1", 4, NOW);
        store.told("evt-2", "our-shop", "A-1", 3, NOW);
        store.told("evt-3", "their-shop", "A-1", 9, NOW);
        assertEquals(List.of(), store.claim(NOW, 10, LATER));
        assertEquals(List.of("A-1"), store.claim(LATER, 10, LATER.plusSeconds(1)));
        assertTrue(store.claim(LATER, 10, LATER).isEmpty());
    }

    private Stored found() {
        return store.find("A-1").orElseThrow();
    }

    private static Answer answer(State state, int version) {
        return new Answer(state, null, null, List.of(), List.of(), List.of(), new Kept("cases/1", version, null, false));
    }
}
