package dev.origingate.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.origingate.v1.CaseServiceGrpc;
import dev.origingate.v1.ProcessOrderRequest;
import dev.origingate.v1.ProcessOrderResponse;
import dev.origingate.v1.WatchCasesRequest;
import dev.origingate.v1.WatchCasesResponse;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which calls are repeated, and watches that go on, against a server that is out of reach for a while. */
@Timeout(120)
final class RepeatingTest {
    private final Flaky flaky = new Flaky();
    private Server server;

    /** Out of reach twice; then it answers. It ends each watch after an answer, as a server does that stops. */
    private static final class Flaky extends CaseServiceGrpc.CaseServiceImplBase {
        private final List<String> requestIds = new CopyOnWriteArrayList<>();
        private final List<String> after = new CopyOnWriteArrayList<>();

        @Override
        public void processOrder(ProcessOrderRequest request, StreamObserver<ProcessOrderResponse> answers) {
            requestIds.add(request.getRequestId());
            if (requestIds.size() < 3) {
                answers.onError(Status.UNAVAILABLE.withDescription("away").asRuntimeException());
                return;
            }
            answers.onNext(ProcessOrderResponse.getDefaultInstance());
            answers.onCompleted();
        }

        @Override
        public void watchCases(WatchCasesRequest request, StreamObserver<WatchCasesResponse> answers) {
            after.add(request.getAfter());
            answers.onNext(WatchCasesResponse.newBuilder().setToken("token-" + after.size()).build());
            answers.onError(
                    (after.size() < 3 ? Status.UNAVAILABLE : Status.UNAUTHENTICATED).asRuntimeException());
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create()).addService(flaky).build().start();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    @Test
    @DisplayName("An order is repeated where no server can be reached, each time with the request_id that it had at first.")
    void repeated() {
        try (OriginGate gate = OriginGate.connectPlaintext(target())) {
            gate.processOrder(ProcessOrderRequest.getDefaultInstance());
        }
        assertEquals(3, flaky.requestIds.size());
        assertEquals(1, new HashSet<>(flaky.requestIds).size());
        assertFalse(flaky.requestIds.get(0).isEmpty());
    }

    @Test
    @DisplayName("With one attempt nothing is repeated.")
    void notRepeated() {
        try (OriginGate gate = OriginGate.builder(target()).plaintext().attempts(1).connect()) {
            OriginGateException failed = assertThrows(
                    OriginGateException.class, () -> gate.processOrder(ProcessOrderRequest.getDefaultInstance()));
            assertEquals(Status.Code.UNAVAILABLE, failed.code());
        }
        assertEquals(1, flaky.requestIds.size());
    }

    @Test
    @DisplayName("A watch goes on after its last token where the server goes away, and ends with what cannot be helped.")
    void watch() {
        List<String> told = new ArrayList<>();
        try (OriginGate gate = OriginGate.connectPlaintext(target())) {
            OriginGateException failed = assertThrows(
                    OriginGateException.class,
                    () -> gate.watchCases(
                            WatchCasesRequest.getDefaultInstance(), answer -> told.add(answer.getToken())));
            assertEquals(Status.Code.UNAUTHENTICATED, failed.code());
        }
        assertEquals(List.of("token-1", "token-2", "token-3"), told);
        assertEquals(List.of("", "token-1", "token-2"), flaky.after);
    }

    @Test
    @DisplayName("A watch ends when its reader has enough.")
    void enough() throws InterruptedException {
        try (OriginGate gate = OriginGate.connectPlaintext(target())) {
            gate.watchCases(WatchCasesRequest.getDefaultInstance(), answer -> false);
        }
        assertEquals(1, flaky.after.size());
    }

    @Test
    @DisplayName("Repeated are orders and reads, and no stream.")
    void safe() {
        List<String> names = Repeating.safe().map(method -> method.getName()).collect(Collectors.toList());
        assertTrue(names.containsAll(List.of("ProcessOrder", "Declare", "GetCase", "CheckScope")), names::toString);
        assertFalse(names.contains("WatchCases"));
    }

    private String target() {
        return "127.0.0.1:" + server.getPort();
    }
}
