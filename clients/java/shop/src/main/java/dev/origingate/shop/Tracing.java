package dev.origingate.shop;

import io.grpc.ClientInterceptor;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.instrumentation.grpc.v1_6.GrpcTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.Map;

/** The trace of an HTTP request, which goes on in Origin Gate. Where it is sent, OpenTelemetry's own OTEL_ variables say. */
final class Tracing implements AutoCloseable {
    private static final Map<String, String> UNLESS_SAID = Map.of(
            "otel.service.name", "shop",
            "otel.traces.exporter", "none",
            "otel.metrics.exporter", "none",
            "otel.logs.exporter", "none");
    private static final TextMapGetter<Context> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Context request) {
            return request.headerMap().keySet();
        }

        @Override
        public String get(Context request, String name) {
            return request == null ? null : request.header(name);
        }
    };

    private final OpenTelemetrySdk sdk;
    private final Tracer tracer;

    Tracing() {
        sdk = AutoConfiguredOpenTelemetrySdk.builder()
                .addPropertiesSupplier(() -> UNLESS_SAID)
                .disableShutdownHook()
                .build()
                .getOpenTelemetrySdk();
        tracer = sdk.getTracer("dev.origingate.shop");
    }

    /** Every call to Origin Gate is a span, and tells the trace that it belongs to. */
    ClientInterceptor ofCalls() {
        return GrpcTelemetry.create(sdk).createClientInterceptor();
    }

    /** A request is a span of the caller's trace, or of one of its own. */
    @SuppressWarnings("try") // The scope is closed, and nothing else is to be done with it.
    Handler traced(String name, Handler next) {
        return request -> {
            TextMapPropagator propagator = sdk.getPropagators().getTextMapPropagator();
            Span span = tracer.spanBuilder(name)
                    .setSpanKind(SpanKind.SERVER)
                    .setParent(propagator.extract(io.opentelemetry.context.Context.root(), request, HEADERS))
                    .startSpan();
            try (Scope current = span.makeCurrent()) {
                next.handle(request);
            } catch (Exception failed) {
                span.setStatus(StatusCode.ERROR);
                throw failed;
            } finally {
                span.end();
            }
        };
    }

    @Override
    public void close() {
        sdk.close();
    }
}
