package dev.origingate.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.util.JsonFormat;
import dev.origingate.live.GateServer;
import dev.origingate.v1.ProcessOrderResponse;
import dev.origingate.v1.Receipt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LiveServer.class)
final class ReceiptsTest {
    private static final Path FOLDER = Examples.FOLDER.resolve("receipt");

    @Test
    @DisplayName("A receipt that was kept proves its decision, with nothing but the log's public key.")
    void kept() throws Exception {
        ProvedReceipt proved = Receipts.verify(receipt().build(), key());
        assertEquals(
                List.of("prereview", "ELIGIBLE", "SBX-4GSH-3A04-K9NQ-F2", "dev", 50L, 81L),
                List.of(
                        proved.question(),
                        proved.outcome(),
                        proved.eCertId(),
                        proved.tenant(),
                        proved.position(),
                        proved.size()));
        assertFalse(proved.signedAt().isBefore(proved.recordedAt()));
    }

    @TestFactory
    @DisplayName("A receipt of which any part was changed does not hold, and the message says what.")
    Stream<DynamicTest> changed() {
        Map<String, Consumer<Receipt.Builder>> changes = Map.of(
                "does not stand under its head", receipt -> receipt.setPosition(receipt.getPosition() + 1),
                "stand under", receipt -> receipt.setEnvelope(receipt.getEnvelope().replace("dev", "eve")),
                "not the one that its entry names",
                        receipt -> receipt.setEvent(receipt.getEvent().replace("ELIGIBLE", "INELIGIBLE")),
                "entry does not stand", receipt -> receipt.clearInclusion(),
                "signed by none", receipt -> receipt.setHead(receipt.getHead().replace("\n81\n", "\n82\n")),
                "no signed head", Receipt.Builder::clearHead);
        return changes.entrySet().stream().map(change -> DynamicTest.dynamicTest(change.getKey(), () -> {
            Receipt.Builder receipt = receipt();
            change.getValue().accept(receipt);
            ReceiptDoesNotHoldException failed = assertThrows(
                    ReceiptDoesNotHoldException.class, () -> Receipts.verify(receipt.build(), key()));
            assertTrue(failed.getMessage().contains(change.getKey()), failed.getMessage());
        }));
    }

    @Test
    @DisplayName("A receipt whose head another key signed does not hold.")
    void anotherKey() throws Exception {
        PublicKey other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic();
        Receipt receipt = receipt().build();
        assertThrows(ReceiptDoesNotHoldException.class, () -> Receipts.verify(receipt, other));
        assertThrows(IllegalArgumentException.class, () -> Receipts.key("nothing"));
    }

    @Test
    @DisplayName("The receipt of an order that was just processed is verified with the server's public key.")
    void live(OriginGate gate, GateServer server) throws Exception {
        ProcessOrderResponse response = gate.processOrder(Examples.eligible().build());
        PublicKey key = Receipts.key(Files.readString(server.logKey()));
        ProvedReceipt proved = Receipts.verify(response.getReceipt(), key);
        assertEquals(response.getECertId(), proved.eCertId());
        assertEquals(response.getCase().getName(), proved.subject());
        assertEquals(response.getPrereview().getFactsDigest(), proved.factsDigest());
    }

    private static Receipt.Builder receipt() throws Exception {
        Receipt.Builder receipt = Receipt.newBuilder();
        JsonFormat.parser().merge(Files.readString(FOLDER.resolve("receipt.json")), receipt);
        return receipt;
    }

    private static PublicKey key() throws Exception {
        return Receipts.key(Files.readString(FOLDER.resolve("log.pub.pem")));
    }
}
