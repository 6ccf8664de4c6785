package dev.origingate.shop;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.origingate.client.ProvedReceipt;
import dev.origingate.client.ReceiptDoesNotHoldException;
import dev.origingate.client.Receipts;
import dev.origingate.v1.Receipt;
import java.security.PublicKey;

/** What kept receipts prove, without asking anybody. */
final class Proofs {
    private final PublicKey logKey;

    /** @param logKey of Origin Gate's log; null where the shop was not given it */
    Proofs(PublicKey logKey) {
        this.logKey = logKey;
    }

    /**
     * @param holds whether the log's key signed it, and its entry is in the log
     * @param because why it does not hold, or nothing can be said
     * @param proves what it proves, where it holds
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Proof(boolean holds, String because, ProvedReceipt proves) {}

    Proof of(byte[] receipt) {
        if (receipt == null) {
            return new Proof(false, "There is no receipt of this order yet.", null);
        }
        if (logKey == null) {
            return new Proof(false, "The shop was not given the public key of Origin Gate's log.", null);
        }
        try {
            return new Proof(true, null, Receipts.verify(Receipt.parseFrom(receipt), logKey));
        } catch (ReceiptDoesNotHoldException | InvalidProtocolBufferException broken) {
            return new Proof(false, broken.getMessage(), null);
        }
    }
}
