package dev.origingate.client;

import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.Descriptors.MethodDescriptor;
import dev.origingate.v1.CaseServiceGrpc;
import dev.origingate.v1.CertificateServiceGrpc;
import dev.origingate.v1.EvidenceServiceGrpc;
import dev.origingate.v1.OperatorServiceGrpc;
import dev.origingate.v1.RulebookServiceGrpc;
import dev.origingate.v1.ScreeningServiceGrpc;
import dev.origingate.v1.SiteServiceGrpc;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoServiceDescriptorSupplier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * gRPC's service config: calls go round all addresses of a name, and those that are safe to repeat are repeated where no
 * server can be reached. The contract says by idempotency_level which these are: reads, and calls whose request_id makes
 * them safe.
 */
final class Repeating {
    /** As many as gRPC makes. */
    private static final int MOST_ATTEMPTS = 5;

    private static final List<ServiceDescriptor> CONTRACT = List.of(
            CaseServiceGrpc.getServiceDescriptor(),
            CertificateServiceGrpc.getServiceDescriptor(),
            EvidenceServiceGrpc.getServiceDescriptor(),
            OperatorServiceGrpc.getServiceDescriptor(),
            RulebookServiceGrpc.getServiceDescriptor(),
            ScreeningServiceGrpc.getServiceDescriptor(),
            SiteServiceGrpc.getServiceDescriptor());

    private Repeating() {}

    /**
     * The config for so many attempts at most; with one, nothing is repeated. Reads are hedged after a pause that is not zero,
     * and then repeated no further. Its numbers are doubles, as gRPC wants them.
     */
    static Map<String, ?> serviceConfig(int attempts, Duration hedgeAfter) {
        List<Map<String, ?>> methods = new ArrayList<>();
        boolean hedged = !hedgeAfter.isZero();
        if (hedged) {
            Map<String, ?> once = Map.of(
                    "maxAttempts", 2.0,
                    "hedgingDelay", hedgeAfter.toMillis() / 1000.0 + "s",
                    "nonFatalStatusCodes", List.of("UNAVAILABLE"));
            methods.add(Map.of("name", names(Repeating::reads), "hedgingPolicy", once));
        }
        if (attempts > 1) {
            Map<String, ?> repeats = Map.of(
                    "maxAttempts", (double) Math.min(attempts, MOST_ATTEMPTS),
                    "initialBackoff", "0.1s",
                    "maxBackoff", "2s",
                    "backoffMultiplier", 2.0,
                    "retryableStatusCodes", List.of("UNAVAILABLE"));
            methods.add(Map.of("name", names(method -> !(hedged && reads(method))), "retryPolicy", repeats));
        }
        return Map.of("loadBalancingConfig", List.of(Map.of("round_robin", Map.of())), "methodConfig", methods);
    }

    /** The methods that are safe to repeat and have one answer. */
    static Stream<MethodDescriptor> safe() {
        return CONTRACT.stream()
                .map(service -> (ProtoServiceDescriptorSupplier) service.getSchemaDescriptor())
                .flatMap(service -> service.getServiceDescriptor().getMethods().stream())
                .filter(method -> !method.isClientStreaming() && !method.isServerStreaming())
                .filter(method -> method.getOptions().getIdempotencyLevel() != IdempotencyLevel.IDEMPOTENCY_UNKNOWN);
    }

    private static boolean reads(MethodDescriptor method) {
        return method.getOptions().getIdempotencyLevel() == IdempotencyLevel.NO_SIDE_EFFECTS;
    }

    private static List<?> names(Predicate<MethodDescriptor> which) {
        return safe().filter(which)
                .map(method -> Map.of("service", method.getService().getFullName(), "method", method.getName()))
                .toList();
    }
}
