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
import java.util.List;
import java.util.Map;
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

    /** The config for so many attempts at most; with one, nothing is repeated. Its numbers are doubles, as gRPC wants them. */
    static Map<String, ?> serviceConfig(int attempts) {
        List<?> balanced = List.of(Map.of("round_robin", Map.of()));
        if (attempts < 2) {
            return Map.of("loadBalancingConfig", balanced);
        }
        Map<String, ?> policy = Map.of(
                "maxAttempts", (double) Math.min(attempts, MOST_ATTEMPTS),
                "initialBackoff", "0.1s",
                "maxBackoff", "2s",
                "backoffMultiplier", 2.0,
                "retryableStatusCodes", List.of("UNAVAILABLE"));
        Map<String, ?> methods = Map.of("name", safe().map(Repeating::name).toList(), "retryPolicy", policy);
        return Map.of("loadBalancingConfig", balanced, "methodConfig", List.of(methods));
    }

    /** The methods that are safe to repeat and have one answer. */
    static Stream<MethodDescriptor> safe() {
        return CONTRACT.stream()
                .map(service -> (ProtoServiceDescriptorSupplier) service.getSchemaDescriptor())
                .flatMap(service -> service.getServiceDescriptor().getMethods().stream())
                .filter(method -> !method.isClientStreaming() && !method.isServerStreaming())
                .filter(method -> method.getOptions().getIdempotencyLevel() != IdempotencyLevel.IDEMPOTENCY_UNKNOWN);
    }

    private static Map<String, ?> name(MethodDescriptor method) {
        return Map.of("service", method.getService().getFullName(), "method", method.getName());
    }
}
