package dev.origingate.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.origingate.client.OriginGateException.Violation;
import dev.origingate.v1.ErrorReason;
import dev.origingate.v1.ProcessOrderRequest;
import io.grpc.Status;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LiveServer.class)
final class ErrorsTest {
    @Test
    @DisplayName("A day that does not exist is a request of wrong form, and the field is named.")
    void badDate(OriginGate gate) {
        ProcessOrderRequest.Builder request = Examples.eligible();
        request.getOrderBuilder().getImportDateBuilder().setYear(2026).setMonth(2).setDay(30);
        OriginGateException failed = failureOf(gate, request);
        assertEquals(ErrorReason.ERROR_REASON_REQUEST_INVALID, failed.reason(), failed::getMessage);
        assertEquals(
                List.of("order.import_date"),
                failed.violations().stream().map(Violation::field).toList());
    }

    @Test
    @DisplayName("A request_id that comes back with another content is refused, and the error tells which it was.")
    void requestIdReused(OriginGate gate) {
        ProcessOrderRequest.Builder request = Examples.eligible();
        gate.processOrder(request.build());
        Examples.setQuantity(request, 0, "9");
        OriginGateException failed = failureOf(gate, request);
        assertEquals(ErrorReason.ERROR_REASON_REQUEST_ID_REUSED, failed.reason(), failed::getMessage);
        assertEquals(request.getRequestId(), failed.requestId());
    }

    @Test
    @DisplayName("A case that does not exist is a typed error, with gRPC's own code and the id of the server's logs.")
    void caseNotFound(OriginGate gate) {
        OriginGateException failed =
                assertThrows(OriginGateException.class, () -> gate.getCase("cases/00000000000000000000000000000000"));
        assertEquals(ErrorReason.ERROR_REASON_CASE_NOT_FOUND, failed.reason(), failed::getMessage);
        assertEquals(Status.Code.NOT_FOUND, failed.code());
        assertNotEquals("", failed.callId());
    }

    private static OriginGateException failureOf(OriginGate gate, ProcessOrderRequest.Builder request) {
        return assertThrows(OriginGateException.class, () -> gate.processOrder(request.build()));
    }
}
