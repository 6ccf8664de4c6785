package dev.origingate.shop;

import dev.origingate.client.Form;
import dev.origingate.client.Receipts;
import dev.origingate.v1.ProcessOrderRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole shop, put together here and nowhere else. */
public final class Shop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Shop.class);

    private final Tracing tracing;
    private final Store store;
    private final Gate gate;
    private final Following following;
    private final Http http;

    private Shop(Settings settings) throws IOException {
        tracing = new Tracing();
        gate = Gate.connect(settings, tracing.ofCalls());
        store = new Store(new Transactions(settings.database));
        Orders orders = new Orders(store, gate, settings, Clock.systemUTC());
        following = new Following(orders, settings.grace());
        Optional<Webhooks> webhooks = settings.webhookSecretFile == null
                ? Optional.empty()
                : Optional.of(new Webhooks(Files.readString(settings.webhookSecretFile).strip(), orders));
        http = new Http(orders, new Proofs(key(settings.logKey)), webhooks, tracing, settings);
    }

    /**
     * Opens the shop: it serves, and looks after the orders that it had.
     *
     * @throws IOException where a file of the settings cannot be read
     */
    public static Shop open(Settings settings) throws IOException {
        Shop shop = new Shop(settings);
        // The contract's rules are compiled with the first request, which otherwise the first buyer would wait for.
        Form.violations(ProcessOrderRequest.getDefaultInstance());
        shop.following.begin();
        shop.http.start();
        LOG.atInfo().addKeyValue("port", shop.port()).log("serving");
        return shop;
    }

    /** The port that it serves. */
    public int port() {
        return http.port();
    }

    /** Closes in order: no new orders, those under way end, then the connection and the database. */
    @Override
    public void close() {
        http.close();
        following.close();
        gate.close();
        store.close();
        tracing.close();
        LOG.info("stopped");
    }

    private static PublicKey key(Path file) throws IOException {
        return file == null ? null : Receipts.key(Files.readString(file));
    }
}
