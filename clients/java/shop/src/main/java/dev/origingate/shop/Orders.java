package dev.origingate.shop;

import com.fasterxml.jackson.databind.JsonNode;
import dev.origingate.client.Form;
import dev.origingate.client.OriginGate;
import dev.origingate.client.OriginGateException;
import dev.origingate.shop.Refused.Field;
import dev.origingate.v1.CaseEvent;
import dev.origingate.v1.ProcessOrderRequest;
import io.grpc.Status;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens to orders: each is kept before it is asked about, and asked with what was kept. */
final class Orders {
    private static final Logger LOG = LoggerFactory.getLogger(Orders.class);

    /** The pause after a call that failed; each further failure doubles it. */
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private final Store store;
    private final Gate gate;
    private final String usualSite;
    private final Duration deadline;
    private final Duration poll;
    private final Clock clock;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();
    private final Map<String, Duration> pauses = new ConcurrentHashMap<>();

    Orders(Store store, Gate gate, Settings settings, Clock clock) {
        this.store = store;
        this.gate = gate;
        this.usualSite = settings.site;
        this.deadline = settings.deadline();
        this.poll = settings.poll();
        this.clock = clock;
    }

    /**
     * Takes an order and asks about it. The same order that comes again is answered as it stands; one that could not be asked
     * is asked again.
     *
     * @throws Refused where the form cannot be read, or the number is another order's
     */
    Stored place(OrderForm order) {
        OrderForm form = order.at(usualSite);
        String requestId = OriginGate.newRequestId();
        hold(requestId, form);
        Store.Placed placed = store.place(form, requestId, later());
        if (placed.fresh()) {
            return ask(placed.order());
        }
        return placed.order().state() == State.FAILED ? ask(placed.order()) : placed.order();
    }

    /** @throws Refused where there is none */
    Stored get(String number) {
        return store.find(number).orElseThrow(() -> Refused.unknown(number));
    }

    /**
     * Puts answers into an order's form, and asks anew.
     *
     * @param answers by the fields' JSON pointers; null takes a field out
     * @throws Refused where there is no such order, it waits for no answers, or they do not fit into the form
     */
    Stored answer(String number, Map<String, JsonNode> answers) {
        Stored seen = get(number);
        if (seen.state() == State.CONFIRMED || seen.state() == State.PENDING) {
            throw new Refused(409, "The order " + number + " is " + seen.state() + " and waits for no answers.", List.of());
        }
        OrderForm content = Filled.in(seen.content(), answers);
        String requestId = OriginGate.newRequestId();
        hold(requestId, content);
        return store.anew(seen, content, requestId, later())
                .map(this::ask)
                .orElseThrow(() -> new Refused(409, "The order " + number + " has just changed; read it again.", List.of()));
    }

    /** Forgets what no webhook repeats any more: Origin Gate gives one up after three days. */
    void tidy() {
        store.forgetWebhooks(clock.instant(), Duration.ofDays(7));
    }

    /** Has every order looked after whose answer is not known. */
    void resume() {
        store.resume(clock.instant());
    }

    /** The numbers of so many orders that somebody has to look after now. */
    List<String> due(int most) {
        return store.claim(clock.instant(), most, later());
    }

    /** Looks after an order that waits: asks again what was not answered, and reads the case of what was. */
    void follow(String number) {
        Stored order = get(number);
        alone(order, () -> {
            if (order.heard()) {
                read(order);
            } else {
                send(order);
            }
        });
    }

    /** Takes note of what a webhook told. */
    void told(String webhookId, CaseEvent event) {
        pauses.remove(event.getOrderId());
        store.told(webhookId, event.getSiteId(), event.getOrderId(), event.getVersion(), clock.instant());
    }

    private Stored ask(Stored order) {
        alone(order, () -> send(order));
        return get(order.number());
    }

    private void send(Stored order) {
        try {
            Answer answer = gate.process(Requests.of(order.requestId(), order.content()));
            keep(order, answer);
        } catch (OriginGateException failed) {
            Answer answer = Failures.of(failed, gate.isAnonymous());
            // What is wrong with the order itself only answers mend; all else may be better when it is asked again.
            boolean repeated = failed.code() != Status.Code.INVALID_ARGUMENT;
            store.unanswered(order, answer, repeated ? again(order).plus(failed.retryAfter()) : null);
            log(order, answer);
        }
    }

    private void read(Stored order) {
        try {
            Answer answer = gate.read(order.caseName());
            if (answer.kept().askAgain()) {
                // No platform has the order: another request may go to one.
                store.anew(order, order.content(), OriginGate.newRequestId(), clock.instant());
                return;
            }
            keep(order, answer);
        } catch (OriginGateException failed) {
            store.unread(order, again(order).plus(failed.retryAfter()));
            LOG.atWarn().addKeyValue("order", order.number()).addKeyValue("reason", failed.code()).log("not read");
        }
    }

    private void keep(Stored order, Answer answer) {
        pauses.remove(order.number());
        store.answered(order, answer, answer.state() == State.PENDING ? soon() : null, clock.instant());
        log(order, answer);
    }

    /** Nobody asks about an order while somebody does; who comes second leaves it to the first. */
    private void alone(Stored order, Runnable work) {
        if (underWay.add(order.number())) {
            try {
                work.run();
            } finally {
                underWay.remove(order.number());
            }
        }
    }

    private void hold(String requestId, OrderForm form) {
        ProcessOrderRequest request = Requests.of(requestId, form);
        List<Field> fields = Form.violations(request).stream()
                .map(violation -> new Field(Questions.whereOf(violation.field()), violation.description()))
                .toList();
        if (!fields.isEmpty()) {
            throw Refused.unreadable(fields);
        }
    }

    private Instant soon() {
        return clock.instant().plus(poll);
    }

    /** When to look after an order again whose call failed. */
    private Instant again(Stored order) {
        return clock.instant().plus(pauses.merge(
                order.number(), atMostPoll(FIRST_PAUSE), (last, first) -> atMostPoll(last.multipliedBy(2))));
    }

    private Duration atMostPoll(Duration pause) {
        return pause.compareTo(poll) < 0 ? pause : poll;
    }

    /** When to look after an order that is asked about now, should the asking come to nothing. */
    private Instant later() {
        return soon().plus(deadline);
    }

    private static void log(Stored order, Answer answer) {
        LOG.atInfo()
                .addKeyValue("order", order.number())
                .addKeyValue("state", answer.state())
                .addKeyValue("request_id", order.requestId())
                .addKeyValue("case", answer.kept().caseName())
                .log("answered");
    }
}
