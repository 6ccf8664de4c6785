package dev.origingate.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.origingate.client.OriginGateException.Violation;
import dev.origingate.live.GateServer;
import dev.origingate.v1.ErrorReason;
import dev.origingate.v1.ProcessOrderRequest;
import io.grpc.Status;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(300)
@ExtendWith(LiveServer.class)
final class FormTest {
    @Test
    @DisplayName("A request that breaks a rule of the contract fails before it is sent, with the server's reason and fields.")
    void asTheServer(OriginGate gate) {
        OriginGateException theirs = failureOf(gate, broken());
        try (OriginGate nowhere = OriginGate.builder("127.0.0.1:1").plaintext().holdForm().connect()) {
            OriginGateException ours = failureOf(nowhere, broken());
            assertEquals(ErrorReason.ERROR_REASON_REQUEST_INVALID, ours.reason());
            assertEquals(Status.Code.INVALID_ARGUMENT, ours.code());
            assertEquals(List.of("order.lines.items[0].description", "order.lines.items[1].line_id"), fields(ours));
            assertEquals(fields(theirs), fields(ours));
            assertTrue(
                    ours.getMessage().startsWith("REQUEST_INVALID: The request breaks a rule of form: order.lines.items[0]."),
                    ours::getMessage);
            assertEquals(theirs.metadata(), ours.metadata());
            assertEquals("form-test-1", ours.requestId());
        }
    }

    @Test
    @DisplayName("A request that keeps the form is answered, with what only the server knows of its form.")
    void passes(GateServer server) {
        try (OriginGate held = OriginGate.builder(server.target()).plaintext().holdForm().connect()) {
            ProcessOrderRequest.Builder request = Examples.eligible();
            assertEquals("ELIGIBLE", held.processOrder(request.build()).getPrereview().getOutcome());
            request.getOrderBuilder().setDestination("XX");
            assertEquals(List.of(), Form.violations(request.build()));
            assertEquals(List.of("order.destination"), fields(failureOf(held, request.build())));
        }
    }

    private static ProcessOrderRequest broken() {
        ProcessOrderRequest.Builder request = Examples.eligible().setRequestId("form-test-1");
        request.getOrderBuilder().getLinesBuilder().getItemsBuilder(0).setDescription("");
        request.getOrderBuilder().getLinesBuilder().getItemsBuilder(1).setLineId("");
        return request.build();
    }

    private static List<String> fields(OriginGateException failed) {
        return failed.violations().stream().map(Violation::field).toList();
    }

    private static OriginGateException failureOf(OriginGate gate, ProcessOrderRequest request) {
        return assertThrows(OriginGateException.class, () -> gate.processOrder(request));
    }
}
