package dev.origingate.shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.origingate.v1.Case;
import dev.origingate.v1.CaseState;
import dev.origingate.v1.Certificate;
import dev.origingate.v1.Decision;
import dev.origingate.v1.Favourable;
import dev.origingate.v1.ProcessOrderResponse;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class AnswersTest {
    @ParameterizedTest
    @CsvSource({
        "CONFIRMED, CERTIFIED, YES",
        "CONFIRMED, HANDED_OFF, YES",
        "CONFIRMED, DECLARED, YES",
        "REFUSED, DECLARED, NO",
        "REFUSED, SUPERSEDING, NO",
        "REFUSED, REJECTED, YES",
        "PENDING, VERIFYING, YES",
        "PENDING, RECONCILING, YES",
        "PENDING, IN_REVIEW, YES",
        "PENDING, MANUAL, YES",
        "PENDING, SUPERSEDING, YES",
        "REFUSED, CANCELLING, YES",
        "REFUSED, CANCELLED, YES",
        "REFUSED, REVOKED, YES",
        "REFUSED, EXPIRED, YES"
    })
    @DisplayName("A favourable decision confirms an order where its case stands still; a request that comes again is answered it anyway.")
    void state(State expected, String state, String favourable) {
        ProcessOrderResponse told = ProcessOrderResponse.newBuilder()
                .setCase(Case.newBuilder().setState(CaseState.valueOf("CASE_STATE_" + state)))
                .setPrereview(preReview(favourable))
                .build();
        assertEquals(expected, Answers.of(told).state());
    }

    @ParameterizedTest
    @EnumSource(value = CaseState.class, names = {"CASE_STATE_SUPERSEDING", "CASE_STATE_MANUAL", "CASE_STATE_REVOKED"})
    @DisplayName("A case that is read while its certificate does not count for its order shows no e-Cert ID.")
    void noCertificate(CaseState state) {
        Case read = Case.newBuilder()
                .setState(state)
                .addDecisions(preReview("YES"))
                .setCertificate(Certificate.newBuilder().setECertId("EC-1"))
                .build();
        assertNull(Answers.of(read, null).eCertId());
    }

    private static Decision preReview(String favourable) {
        return Decision.newBuilder()
                .setQuestion("prereview")
                .setFavourable(Favourable.valueOf("FAVOURABLE_" + favourable))
                .build();
    }
}
