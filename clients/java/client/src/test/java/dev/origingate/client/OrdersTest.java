package dev.origingate.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.origingate.v1.CancelRequest;
import dev.origingate.v1.Case;
import dev.origingate.v1.CaseEvent;
import dev.origingate.v1.CaseState;
import dev.origingate.v1.Difference;
import dev.origingate.v1.ErrorReason;
import dev.origingate.v1.ProcessOrderRequest;
import dev.origingate.v1.ProcessOrderResponse;
import dev.origingate.v1.WatchCasesRequest;
import dev.origingate.v1.WatchStart;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LiveServer.class)
final class OrdersTest {
    @TestFactory
    @DisplayName("Every example order, sent in the order of the files, gets the answer that is written down for it.")
    Stream<DynamicTest> exampleOrders(OriginGate gate) {
        return Examples.expected().entrySet().stream().map(example -> DynamicTest.dynamicTest(example.getKey(), () -> {
            ProcessOrderResponse response = gate.processOrder(Examples.order(example.getKey()));
            assertEquals(example.getValue(), Examples.Answer.of(response), example.getKey());
        }));
    }

    @Test
    @DisplayName("An order that was changed after its certificate was issued is answered with the line, field and values.")
    void changedAfterIssue(OriginGate gate) {
        ProcessOrderRequest.Builder request = Examples.eligible();
        gate.processOrder(request.build());
        request.clearRequestId();
        Examples.setQuantity(request, 1, "40");
        List<List<String>> differences = gate.processOrder(request.build()).getDifferencesList().stream()
                .map(OrdersTest::inShort)
                .toList();
        assertEquals(List.of(List.of("2", "quantity", "4", "40")), differences);
    }

    @Test
    @DisplayName("A request that is sent again with its request_id gets the same case and the same e-Cert ID.")
    void sameRequestAgain(OriginGate gate) {
        ProcessOrderRequest request = Examples.eligible().build();
        ProcessOrderResponse first = gate.processOrder(request);
        ProcessOrderResponse second = gate.processOrder(request);
        assertTrue(first.hasECertId());
        assertEquals(first.getECertId(), second.getECertId());
        assertEquals(first.getCase().getName(), second.getCase().getName());
    }

    @Test
    @DisplayName("A watch from the beginning tells that an order was certified, and a stub's call is answered or typed.")
    void watched(OriginGate gate) throws InterruptedException {
        String name = gate.processOrder(Examples.eligible().build()).getCase().getName();
        WatchCasesRequest request =
                WatchCasesRequest.newBuilder().setStart(WatchStart.WATCH_START_BEGINNING).build();
        List<CaseEvent> told = new ArrayList<>();
        gate.watchCases(request, answer -> {
            told.add(answer.getEvent());
            return !(answer.getEvent().getCaseName().equals(name)
                    && answer.getEvent().getToState() == CaseState.CASE_STATE_CERTIFIED);
        });
        assertEquals(name, told.get(told.size() - 1).getCaseName());
        CancelRequest cancelled = CancelRequest.newBuilder()
                .setRequestId(OriginGate.newRequestId())
                .setName(name)
                .setReason("the buyer gave it up")
                .build();
        assertEquals(name, OriginGate.answered(() -> gate.cases().cancel(cancelled)).getCase().getName());
        OriginGateException failed = assertThrows(
                OriginGateException.class,
                () -> OriginGate.answered(() -> gate.cases().cancel(cancelled.toBuilder().clearReason().build())));
        assertEquals(ErrorReason.ERROR_REASON_REQUEST_INVALID, failed.reason());
    }

    @Test
    @DisplayName("A case can be read again by its name, with its certificate.")
    void getCase(OriginGate gate) {
        Case answered = gate.processOrder(Examples.eligible().build()).getCase();
        Case found = gate.getCase(answered.getName());
        assertEquals(answered, found);
        assertNotEquals("", found.getCertificate().getECertId());
    }

    private static List<String> inShort(Difference difference) {
        return List.of(difference.getItem(), difference.getField(), difference.getWas(), difference.getNow());
    }
}
