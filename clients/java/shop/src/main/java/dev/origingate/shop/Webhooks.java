package dev.origingate.shop;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.origingate.v1.CaseEvent;
import java.util.List;
import java.util.Map;

/** Takes what Origin Gate posts when a case changes. */
final class Webhooks {
    private final Webhook signed;
    private final Orders orders;

    /** @param secret "whsec_" and base64, as the operator gave it out */
    Webhooks(String secret, Orders orders) {
        this.signed = new Webhook(secret);
        this.orders = orders;
    }

    /**
     * Keeps that it came; what it tells of is read by the following. What is not signed by our secret, or is more than five
     * minutes old, is refused.
     *
     * @throws Refused where it is not ours to take
     */
    void take(String body, String id, String timestamp, String signatures) {
        verify(body, Map.of(
                Webhook.UNBRANDED_MSG_ID_KEY, List.of(id),
                Webhook.UNBRANDED_MSG_TIMESTAMP_KEY, List.of(timestamp),
                Webhook.UNBRANDED_MSG_SIGNATURE_KEY, List.of(signatures)));
        orders.told(id, event(body));
    }

    private void verify(String body, Map<String, List<String>> headers) {
        try {
            signed.verify(body, headers);
        } catch (WebhookVerificationException bad) {
            throw new Refused(401, "The webhook is not taken: " + bad.getMessage(), List.of());
        }
    }

    private static CaseEvent event(String body) {
        CaseEvent.Builder event = CaseEvent.newBuilder();
        try {
            JsonFormat.parser().ignoringUnknownFields().merge(Json.read(body, JsonNode.class).path("data").toString(), event);
        } catch (InvalidProtocolBufferException other) {
            throw new Refused(400, "The webhook tells of no case: " + other.getMessage(), List.of());
        }
        return event.build();
    }
}
