package dev.origingate.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.origingate.v1.ErrorReason;
import dev.origingate.v1.ProcessOrderRequest;
import io.grpc.Context;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What needs no server: something that listens and never answers is enough. */
@Timeout(120)
final class OriginGateTest {
    private static final int TLS_HANDSHAKE = 0x16;

    @Test
    @DisplayName("A call ends with the deadline of the client.")
    void deadlineOfTheClient() throws IOException {
        try (ServerSocket silent = listener(); OriginGate gate = OriginGate.connectPlaintext(target(silent))) {
            OriginGate hasty = gate.withDeadline(Duration.ofMillis(50));
            assertEquals(Status.Code.DEADLINE_EXCEEDED, failureOf(hasty).code());
        }
    }

    @Test
    @DisplayName("A deadline of the gRPC context counts where it is the earlier one.")
    void deadlineOfTheContext() throws Exception {
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        try (ServerSocket silent = listener(); OriginGate gate = OriginGate.connectPlaintext(target(silent))) {
            Context.CancellableContext context =
                    Context.current().withDeadlineAfter(50, TimeUnit.MILLISECONDS, clock);
            assertEquals(Status.Code.DEADLINE_EXCEEDED, context.call(() -> failureOf(gate)).code());
            context.cancel(null);
        } finally {
            clock.shutdownNow();
        }
    }

    @Test
    @DisplayName("A deadline that is no positive time is refused.")
    void noDeadline() {
        try (OriginGate gate = OriginGate.connectPlaintext("127.0.0.1:1")) {
            assertThrows(IllegalArgumentException.class, () -> gate.withDeadline(Duration.ZERO));
        }
    }

    @Test
    @DisplayName("Where no server is reached, the error has gRPC's code, no reason, and the request_id to repeat.")
    void nobodyThere() throws IOException {
        ServerSocket closed = listener();
        closed.close();
        try (OriginGate gate = OriginGate.connectPlaintext(target(closed))) {
            OriginGateException failed = assertThrows(
                    OriginGateException.class, () -> gate.processOrder(ProcessOrderRequest.getDefaultInstance()));
            assertEquals(Status.Code.UNAVAILABLE, failed.code());
            assertEquals(ErrorReason.ERROR_REASON_UNSPECIFIED, failed.reason());
            assertNotEquals("", failed.requestId());
            assertTrue(failed.getMessage().startsWith("UNAVAILABLE: "), failed::getMessage);
        }
    }

    @Test
    @DisplayName("Without a word about credentials a client begins with a TLS handshake.")
    void tlsByDefault() throws Exception {
        try (ServerSocket silent = listener(); OriginGate gate = OriginGate.connect(target(silent))) {
            Thread caller = new Thread(() -> failureOf(gate.withDeadline(Duration.ofSeconds(5))));
            caller.start();
            try (Socket connection = silent.accept()) {
                assertEquals(TLS_HANDSHAKE, connection.getInputStream().read());
            }
            caller.join();
        }
    }

    private static OriginGateException failureOf(OriginGate gate) {
        return assertThrows(OriginGateException.class, () -> gate.getCase("cases/0"));
    }

    private static ServerSocket listener() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private static String target(ServerSocket socket) {
        return "127.0.0.1:" + socket.getLocalPort();
    }
}
