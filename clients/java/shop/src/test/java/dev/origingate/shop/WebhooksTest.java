package dev.origingate.shop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.standardwebhooks.Webhook;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(300)
@ExtendWith(World.Shared.class)
final class WebhooksTest {
    private static final String BODY =
            "{\"id\": \"evt_1\", \"data\": {\"orderId\": \"NOBODYS-1\", \"toState\": \"CASE_STATE_CERTIFIED\", \"version\": 4}}";
    private static final String OTHERS = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    @Test
    @DisplayName("A webhook that we signed for is taken, and taken again when it comes twice.")
    void taken(World world) throws Exception {
        assertEquals(204, told(world, World.SECRET, "evt_1", Instant.now(), BODY));
        assertEquals(204, told(world, World.SECRET, "evt_1", Instant.now(), BODY));
    }

    @Test
    @DisplayName("One of another secret, one that is too old, and one without a signature are refused.")
    void refused(World world) throws Exception {
        assertEquals(401, told(world, OTHERS, "evt_2", Instant.now(), BODY));
        assertEquals(401, told(world, World.SECRET, "evt_3", Instant.now().minus(Duration.ofMinutes(6)), BODY));
        assertEquals(401, world.shop.hook(BODY, "content-type", "application/json").status());
    }

    @Test
    @DisplayName("A signed one that tells of no case is refused.")
    void noCase(World world) throws Exception {
        assertEquals(400, told(world, World.SECRET, "evt_4", Instant.now(), "{\"data\": \"no case\"}"));
    }

    private static int told(World world, String secret, String id, Instant at, String body) throws Exception {
        String signature = new Webhook(secret).sign(id, at.getEpochSecond(), body);
        return world.shop.hook(
                        body,
                        "webhook-id", id,
                        "webhook-timestamp", Long.toString(at.getEpochSecond()),
                        "webhook-signature", signature)
                .status();
    }
}
