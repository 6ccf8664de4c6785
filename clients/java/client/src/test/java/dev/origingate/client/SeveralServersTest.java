package dev.origingate.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.origingate.v1.Case;
import dev.origingate.v1.CaseServiceGrpc;
import dev.origingate.v1.GetCaseRequest;
import dev.origingate.v1.GetCaseResponse;
import dev.origingate.v1.ProcessOrderRequest;
import dev.origingate.v1.ProcessOrderResponse;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two servers that tell themselves apart in their answers. */
@Timeout(120)
final class SeveralServersTest {
    private final Named first = new Named("first");
    private final Named second = new Named("second");
    private Server one;
    private Server other;

    /** Answers with its name as a case's, and orders late; one that is stuck never answers. */
    private static final class Named extends CaseServiceGrpc.CaseServiceImplBase {
        private final String name;
        private final AtomicInteger orders = new AtomicInteger();
        private volatile boolean stuck;

        Named(String name) {
            this.name = name;
        }

        @Override
        public void getCase(GetCaseRequest request, StreamObserver<GetCaseResponse> answers) {
            if (!stuck) {
                answers.onNext(GetCaseResponse.newBuilder()
                        .setCase(Case.newBuilder().setName(name))
                        .build());
                answers.onCompleted();
            }
        }

        @Override
        public void processOrder(ProcessOrderRequest request, StreamObserver<ProcessOrderResponse> answers) {
            orders.incrementAndGet();
            try {
                Thread.sleep(300);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            answers.onNext(ProcessOrderResponse.getDefaultInstance());
            answers.onCompleted();
        }
    }

    @BeforeEach
    void start() throws IOException {
        one = started(first);
        other = started(second);
    }

    @AfterEach
    void stop() {
        one.shutdownNow();
        other.shutdownNow();
    }

    @Test
    @DisplayName("Calls go round the servers, and all to the one that is left when the other dies.")
    void dies() throws InterruptedException {
        try (OriginGate gate = OriginGate.connectPlaintext(both())) {
            untilBothAnswer(gate);
            one.shutdownNow().awaitTermination();
            assertEquals(Set.of("second"), answering(gate));
        }
    }

    @Test
    @DisplayName("A read that one server does not answer is asked of the next one beside it, and the first answer counts.")
    void hedged() {
        try (OriginGate gate = OriginGate.builder(both()).plaintext().hedgeReadsAfter(Duration.ofMillis(100)).connect()) {
            untilBothAnswer(gate);
            first.stuck = true;
            assertEquals(Set.of("second"), answering(gate));
        }
    }

    @Test
    @DisplayName("Without hedging such a read ends with its deadline.")
    void notHedged() {
        first.stuck = true;
        second.stuck = true;
        try (OriginGate gate = OriginGate.connectPlaintext(both()).withDeadline(Duration.ofMillis(300))) {
            OriginGateException failed = assertThrows(OriginGateException.class, () -> gate.getCase("cases/1"));
            assertEquals(Status.Code.DEADLINE_EXCEEDED, failed.code());
        }
    }

    @Test
    @DisplayName("An order is never hedged: it is asked once, however long the answer takes.")
    void ordersAreNot() {
        try (OriginGate gate = OriginGate.builder(both()).plaintext().hedgeReadsAfter(Duration.ofMillis(10)).connect()) {
            untilBothAnswer(gate);
            gate.withDeadline(Duration.ofSeconds(30)).processOrder(ProcessOrderRequest.getDefaultInstance());
            assertEquals(1, first.orders.get() + second.orders.get());
        }
    }

    @Test
    @DisplayName("An address without a port is refused with how to write it.")
    void noPort() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> OriginGate.connectPlaintext("addresses:///gate.example"));
        assertTrue(refused.getMessage().contains("write host:port"), refused::getMessage);
    }

    /** A channel calls whichever server it has reached, so that the first calls may all go to one. */
    private static void untilBothAnswer(OriginGate gate) {
        Set<String> names = new HashSet<>();
        while (names.size() < 2) {
            names.add(gate.getCase("cases/1").getName());
        }
    }

    private static Set<String> answering(OriginGate gate) {
        Set<String> names = new HashSet<>();
        for (int call = 0; call < 40; call++) {
            names.add(gate.getCase("cases/1").getName());
        }
        return names;
    }

    private String both() {
        return "addresses:///127.0.0.1:" + one.getPort() + ",127.0.0.1:" + other.getPort();
    }

    private static Server started(Named named) throws IOException {
        return Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create()).addService(named).build().start();
    }
}
