package dev.origingate.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.origingate.v1.CheckScopeRequest;
import dev.origingate.v1.DecidePreReviewRequest;
import dev.origingate.v1.DecidePreReviewResponse;
import dev.origingate.v1.Decision;
import dev.origingate.v1.ProcessOrderRequestOrBuilder;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LiveServer.class)
final class ScreeningTest {
    private final ProcessOrderRequestOrBuilder eligible = Examples.eligible();

    @Test
    @DisplayName("An inquiry that leaves out the destination is answered with the fact that is missing.")
    void inquiryWithoutDestination(OriginGate gate) {
        Decision decision = gate.checkScope(CheckScopeRequest.newBuilder()
                .setSite(eligible.getSite())
                .setOrder(eligible.getOrder().toBuilder().clearDestination())
                .build());
        assertEquals("UNDETERMINED", decision.getOutcome());
        assertEquals(List.of("order.destination"), List.copyOf(decision.getMissingList()));
    }

    @Test
    @DisplayName("A screening for a day before the mandate is out of scope, and is marked as hypothetical.")
    void screeningForAnotherDay(OriginGate gate) {
        DecidePreReviewRequest.Builder request = DecidePreReviewRequest.newBuilder()
                .setSite(eligible.getSite())
                .setOrder(eligible.getOrder())
                .setDeclaration(eligible.getDeclaration());
        request.getHypothesisBuilder().setOn(Wire.date(LocalDate.of(2026, 6, 26)));
        DecidePreReviewResponse response = gate.decidePreReview(request.build());
        assertEquals("OUT_OF_SCOPE", response.getScope().getOutcome());
        assertEquals("NOT_APPLICABLE", response.getPrereview().getOutcome());
        assertTrue(response.getPrereview().getHypothetical());
    }
}
