package dev.origingate.shop;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.origingate.shop.Refused.Field;
import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The shop's orders over HTTP. */
final class Http implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Http.class);

    private final Orders orders;
    private final Proofs proofs;
    private final Optional<Webhooks> webhooks;
    private final Tracing tracing;
    private final Duration grace;
    private final Drain drain = new Drain();
    private final Javalin server;

    Http(Orders orders, Proofs proofs, Optional<Webhooks> webhooks, Tracing tracing, Settings settings) {
        this.orders = orders;
        this.proofs = proofs;
        this.webhooks = webhooks;
        this.tracing = tracing;
        this.grace = settings.grace();
        this.server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.jetty.host = settings.address().getHost();
            config.jetty.port = settings.address().getPort();
            // An answer that is made may not be sent yet: Jetty stops once it is.
            config.jetty.modifyServer(jetty -> {
                jetty.setHandler(new GracefulHandler());
                jetty.setStopTimeout(grace.toMillis());
            });
            routes(config.routes);
        });
    }

    /** An order as it is shown. */
    private record Shown(String number, @JsonUnwrapped Answer answer) {
        static Shown of(Stored order) {
            return new Shown(order.number(), order.answer());
        }
    }

    /** Why a request is refused. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    private record Refusal(String error, List<Field> fields) {}

    void start() {
        server.start();
    }

    int port() {
        return server.port();
    }

    /** Takes no new requests, ends those under way within the grace, and then stops to listen. */
    @Override
    public void close() {
        drain.stop(grace);
        server.stop();
    }

    private void routes(RoutesConfig routes) {
        routes.post("/orders", taken("POST /orders", request ->
                json(request, 200, Shown.of(orders.place(form(request.body()))))));
        routes.get("/orders/{number}", taken("GET /orders/{number}", request ->
                json(request, 200, Shown.of(orders.get(request.pathParam("number"))))));
        routes.post("/orders/{number}/answers", taken("POST /orders/{number}/answers", request ->
                json(request, 200, Shown.of(orders.answer(request.pathParam("number"), answers(request.body()))))));
        routes.get("/orders/{number}/receipt", taken("GET /orders/{number}/receipt", request ->
                json(request, 200, proofs.of(orders.get(request.pathParam("number")).receipt()))));
        routes.post("/hooks/origin-gate", taken("POST /hooks/origin-gate", this::hook));
        routes.get("/health", request -> json(request, drain.stopping() ? 503 : 200,
                Map.of("status", drain.stopping() ? "stopping" : "serving")));
        routes.exception(Refused.class, (refused, request) ->
                json(request, refused.status(), new Refusal(refused.getMessage(), refused.fields())));
        routes.exception(Exception.class, (failed, request) -> {
            LOG.atError().addKeyValue("path", request.path()).setCause(failed).log("failed");
            json(request, 500, new Refusal("A fault of ours; what was sent is kept where it was an order.", List.of()));
        });
    }

    private Handler taken(String name, Handler next) {
        return drain.counted(tracing.traced(name, next));
    }

    private void hook(Context request) {
        webhooks.orElseThrow(() -> new Refused(404, "The shop was given no secret for webhooks.", List.of()))
                .take(request.body(), header(request, "webhook-id"), header(request, "webhook-timestamp"),
                        header(request, "webhook-signature"));
        request.status(204);
    }

    private static String header(Context request, String name) {
        return Optional.ofNullable(request.header(name)).orElse("");
    }

    private static OrderForm form(String body) {
        OrderForm form = Json.read(body, OrderForm.class);
        if (form.number() == null || form.number().isBlank()) {
            throw Refused.field("/number", "an order has a number");
        }
        return form;
    }

    private static Map<String, JsonNode> answers(String body) {
        Map<String, JsonNode> answers = new LinkedHashMap<>();
        Json.read(body, ObjectNode.class).properties().forEach(answer -> answers.put(answer.getKey(), answer.getValue()));
        return answers;
    }

    private static void json(Context request, int status, Object value) {
        request.status(status).contentType("application/json").result(Json.write(value));
    }
}
