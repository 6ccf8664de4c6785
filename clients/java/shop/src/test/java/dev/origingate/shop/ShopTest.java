package dev.origingate.shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.origingate.live.Command;
import dev.origingate.shop.Caller.Reply;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(300)
@ExtendWith(World.Shared.class)
final class ShopTest {
    private static final Map<String, String> STATES = Map.of("YES", "CONFIRMED", "NO", "REFUSED", "UNKNOWN", "QUESTIONS");

    @ParameterizedTest
    @EnumSource(value = Demo.class, mode = EnumSource.Mode.EXCLUDE, names = "CHANGED_AFTER_ISSUE")
    @DisplayName("Each order of the demo ends as it is written down for it.")
    void demo(Demo order, World world) throws IOException {
        assertAsExpected(order, placed(world.shop, order));
    }

    @Test
    @DisplayName("An order whose certificate is for another content is refused, and the finding names the difference.")
    void changedAfterIssue(World world) throws IOException {
        placed(world.shop, Demo.ELIGIBLE);
        try (Shop another = Shop.open(world.settings("another"))) {
            Reply reply = placed(new Caller(another.port()), Demo.CHANGED_AFTER_ISSUE);
            assertAsExpected(Demo.CHANGED_AFTER_ISSUE, reply);
            assertTrue(
                    reply.body().findValuesAsText("because").contains(
                            "order.lines[2].quantity was 4 when the certificate was issued, and is 40"),
                    reply.body()::toString);
        }
    }

    @Test
    @DisplayName("The same order that comes again is the same order; another one of its number is a conflict.")
    void sameNumber(World world) {
        Reply first = world.shop.place(Caller.eligible("SAME-1"));
        assertEquals("CONFIRMED", world.shop.settled("SAME-1").state());
        Reply again = world.shop.place(Caller.eligible("SAME-1").replace("12000.00", "12000"));
        assertEquals(world.shop.get("SAME-1"), again);
        assertEquals(200, first.status());
        assertEquals(409, world.shop.place(Caller.eligible("SAME-1").replace("\"US\"", "\"PR\"")).status());
    }

    @Test
    @DisplayName("Answers to the questions of an order confirm it; after that it takes none.")
    void answers(World world) {
        String unsigned = Caller.eligible("ASKED-1").replace("\"signed\": true,", "");
        world.shop.place(unsigned);
        Reply asked = world.shop.settled("ASKED-1");
        assertEquals("QUESTIONS", asked.state());
        assertEquals("/origin/signed", asked.body().at("/questions/1/where").asText());
        assertEquals(200, world.shop.answer("ASKED-1", "{\"/origin/signed\": true}").status());
        assertEquals("CONFIRMED", world.shop.settled("ASKED-1").state());
        assertEquals(409, world.shop.answer("ASKED-1", "{\"/origin/signed\": false}").status());
        assertEquals("CONFIRMED", world.shop.place(unsigned).state());
    }

    @Test
    @DisplayName("The receipt of an order is verified without asking anybody, and proves its e-Cert ID.")
    void receipt(World world) {
        world.shop.place(Caller.eligible("PROVED-1"));
        String eCertId = world.shop.settled("PROVED-1").eCertId();
        JsonNode proof = world.shop.receipt("PROVED-1").body();
        assertTrue(proof.path("holds").asBoolean(), proof::toString);
        assertEquals(eCertId, proof.at("/proves/eCertId").asText());
        assertEquals("ELIGIBLE", proof.at("/proves/outcome").asText());
    }

    @Test
    @DisplayName("What cannot be read is refused with the fields at fault, and not kept.")
    void unreadable(World world) {
        Reply refused = world.shop.place("{\"number\": \"BAD-1\", \"destination\": \"USA\", \"lines\": [{\"id\": \"\"}]}");
        assertEquals(422, refused.status());
        assertEquals(List.of("/destination", "order.lines.items[0].line_id"), refused.body().findValuesAsText("where"));
        assertEquals(422, world.shop.place("{\"number\": \"BAD-1\", \"destnation\": \"US\"}").status());
        assertEquals(422, world.shop.place("{\"destination\": \"US\"}").status());
        assertEquals(400, world.shop.place("{").status());
        assertEquals(404, world.shop.get("BAD-1").status());
    }

    @Test
    @DisplayName("A platform that takes longer than the shop can wait leaves an order PENDING; a webhook tells, and it is confirmed.")
    void toldByWebhook(World world) throws IOException {
        assertConfirmedLater("SLOW-1", world, world.settings(
                "patient", "--listen", "127.0.0.1:" + world.patientPort, "--deadline", "2", "--poll", "3600"));
    }

    @Test
    @DisplayName("Where no webhook comes, the shop looks after such an order now and then.")
    void lookedAfter(World world) throws IOException {
        assertConfirmedLater("SLOW-2", world, world.settings("hasty", "--deadline", "2"));
    }

    @Test
    @DisplayName("An order that the platform rejects is refused, and says why.")
    void rejected(World world) {
        world.sandbox.fault("{\"fault\": \"reject\"}");
        world.shop.place(Caller.eligible("REJECTED-1"));
        Reply settled = world.shop.settled("REJECTED-1");
        assertEquals("REFUSED", settled.state());
        assertTrue(
                settled.body().path("because").asText().startsWith("The verification platform rejected it: "),
                settled.body()::toString);
    }

    @Test
    @DisplayName("An order that a person at the platform looks at is PENDING, and says so.")
    void inReview(World world) {
        world.sandbox.fault("{\"fault\": \"review\"}");
        world.shop.place(Caller.eligible("REVIEWED-1"));
        Caller.await(() -> world.shop.get("REVIEWED-1").body().path("because").asText()
                .equals("A person at the verification platform looks at it."));
    }

    @Test
    @DisplayName("A platform that takes no more for a while is asked again, and the order is confirmed.")
    void platformFull(World world) {
        world.sandbox.fault("{\"fault\": \"too_many\", \"seconds\": 1, \"times\": 2}");
        world.shop.place(Caller.eligible("FULL-1"));
        assertEquals("CONFIRMED", world.shop.settled("FULL-1").state());
    }

    @Test
    @DisplayName("A certificate that is revoked later makes a refused order of a confirmed one, by the webhook alone.")
    void revoked(World world) throws IOException {
        world.shop.place(Caller.eligible("REVOKED-1"));
        String eCertId = world.shop.settled("REVOKED-1").eCertId();
        world.sandbox.revoke(eCertId);
        // Origin Gate hears of it when somebody asks about the order, and this shop does not.
        try (Shop another = Shop.open(world.settings("asks"))) {
            Caller asks = new Caller(another.port());
            assertEquals(200, asks.place(Caller.eligible("REVOKED-1")).status());
            assertEquals("REFUSED", asks.settled("REVOKED-1").state());
        }
        Caller.await(() -> world.shop.get("REVOKED-1").state().equals("REFUSED"));
        assertEquals("The certificate was revoked.", world.shop.get("REVOKED-1").body().path("because").asText());
    }

    @Test
    @DisplayName("The trace of a request goes on in Origin Gate.")
    void trace(World world) {
        String trace = "0af7651916cd43dd8448eb211c80319c";
        world.shop.place(Caller.eligible("TRACED-1"), "traceparent", "00-" + trace + "-b7ad6b7169203331-01");
        Caller.await(() -> world.gate.log().contains(trace));
    }

    @Test
    @DisplayName("While the rulebook changes no order is lost, and none is judged by two rulebooks in one answer.")
    void rulebookChanges(World world) throws Exception {
        Set<List<String>> judgedBy = ConcurrentHashMap.newKeySet();
        AtomicInteger count = new AtomicInteger();
        AtomicBoolean changed = new AtomicBoolean();
        ExecutorService callers = Executors.newFixedThreadPool(3);
        for (int caller = 0; caller < 3; caller++) {
            callers.submit(() -> {
                while (!changed.get()) {
                    String number = "RULES-" + count.incrementAndGet();
                    world.shop.place(Caller.eligible(number));
                    judgedBy.add(world.shop.settled(number).rulebooks());
                    changed.set(judgedBy.size() > 1);
                }
            });
        }
        Caller.await(() -> judgedBy.size() == 1);
        world.retitle("The same rules under another title");
        callers.shutdown();
        assertTrue(callers.awaitTermination(Command.PATIENCE.multipliedBy(2).toSeconds(), TimeUnit.SECONDS));
        assertEquals(2, judgedBy.size(), judgedBy::toString);
        assertEquals(Set.of(1), Set.copyOf(judgedBy.stream().map(List::size).toList()));
        for (int order = 1; order <= count.get(); order++) {
            assertEquals("CONFIRMED", world.shop.settled("RULES-" + order).state());
        }
    }

    private static void assertConfirmedLater(String number, World world, Settings settings) throws IOException {
        world.sandbox.fault("{\"fault\": \"latency\", \"seconds\": 4}");
        try (Shop shop = Shop.open(settings)) {
            Caller caller = new Caller(shop.port());
            Reply pending = caller.place(Caller.eligible(number));
            assertEquals("PENDING", pending.state());
            assertFalse(pending.body().path("because").asText().isEmpty());
            Reply settled = caller.settled(number);
            assertEquals("CONFIRMED", settled.state(), settled.body()::toString);
            assertTrue(caller.receipt(number).body().path("holds").asBoolean());
        }
    }

    private static Reply placed(Caller shop, Demo order) {
        OrderForm form = order.form();
        assertEquals(200, shop.place(Json.write(form)).status());
        return shop.settled(form.number());
    }

    private static void assertAsExpected(Demo order, Reply reply) throws IOException {
        JsonNode expected = order.expected();
        String told = reply.body().toString();
        assertEquals(STATES.get(expected.path("favourable").asText()), reply.state(), told);
        assertEquals(expected.path("e_cert_id").asBoolean(), !reply.eCertId().isEmpty(), told);
        assertEquals(
                Json.MAPPER.convertValue(expected.path("missing"), List.class), reply.facts(), told);
        assertEquals(reply.state().equals("REFUSED"), reply.body().has("findings"), told);
    }
}
