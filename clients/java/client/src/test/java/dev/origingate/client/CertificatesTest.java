package dev.origingate.client;

import static dev.origingate.v1.Verdict.VERDICT_BAD;
import static dev.origingate.v1.Verdict.VERDICT_GOOD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.origingate.v1.ProcessOrderRequest;
import dev.origingate.v1.Verdict;
import dev.origingate.v1.VerifyCertificateRequest;
import dev.origingate.v1.VerifyCertificateResponse;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LiveServer.class)
final class CertificatesTest {
    private record Verdicts(Verdict transport, Verdict document, Verdict status, Verdict match, Verdict use) {
        static Verdicts of(VerifyCertificateResponse response) {
            return new Verdicts(
                    response.getTransport().getVerdict(),
                    response.getDocument().getVerdict(),
                    response.getStatus().getVerdict(),
                    response.getMatch().getVerdict(),
                    response.getUse().getVerdict());
        }
    }

    @Test
    @DisplayName("The e-Cert ID of an order is good in all five parts for that order, and says that it is a sandbox's.")
    void verifies(OriginGate gate) {
        VerifyCertificateResponse response = gate.verifyCertificate(certified(gate).build());
        Verdicts expected = new Verdicts(VERDICT_GOOD, VERDICT_GOOD, VERDICT_GOOD, VERDICT_GOOD, VERDICT_GOOD);
        assertEquals(expected, Verdicts.of(response), response::toString);
        assertTrue(response.getSandbox());
    }

    @Test
    @DisplayName("For an order with another quantity the certificate holds all the same, but does not match.")
    void verifiesForAnotherOrder(OriginGate gate) {
        VerifyCertificateRequest.Builder request = certified(gate);
        request.getOrderBuilder().getLinesBuilder().getItemsBuilder(0).getQuantityBuilder().setValue("80");
        VerifyCertificateResponse response = gate.verifyCertificate(request.build());
        Verdicts expected = new Verdicts(VERDICT_GOOD, VERDICT_GOOD, VERDICT_GOOD, VERDICT_BAD, VERDICT_GOOD);
        assertEquals(expected, Verdicts.of(response), response::toString);
    }

    /** An order with a certificate, as the request that verifies it. */
    private static VerifyCertificateRequest.Builder certified(OriginGate gate) {
        ProcessOrderRequest request = Examples.eligible().build();
        return VerifyCertificateRequest.newBuilder()
                .setECertId(gate.processOrder(request).getECertId())
                .setSite(request.getSite())
                .setOrder(request.getOrder())
                .setDeclaration(request.getDeclaration());
    }
}
