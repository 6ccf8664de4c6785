package dev.origingate.shop;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Option;

/** What the shop is told at its start: each by a flag, or by the environment variable SHOP_ and its name. */
public final class Settings {
    @Option(names = "--gate", paramLabel = "TARGET", defaultValue = "${env:SHOP_GATE:-127.0.0.1:50051}",
            description = "Origin Gate: host:port, dns:///name:port, or addresses:///host:port,host:port (${DEFAULT-VALUE}).")
    String gate;

    @Option(names = "--plaintext", defaultValue = "${env:SHOP_PLAINTEXT:-false}",
            description = "Speak to it without TLS: on this machine, or where something else encrypts the way.")
    boolean plaintext;

    @Option(names = "--authorities", paramLabel = "FILE", defaultValue = "${env:SHOP_AUTHORITIES}",
            description = "Authorities whose servers are trusted (PEM); without it the system's.")
    Path authorities;

    @Option(names = "--certificate", paramLabel = "FILE", defaultValue = "${env:SHOP_CERTIFICATE}",
            description = "Certificate to show to Origin Gate (PEM).")
    Path certificate;

    @Option(names = "--certificate-key", paramLabel = "FILE", defaultValue = "${env:SHOP_CERTIFICATE_KEY}",
            description = "Its key (PEM).")
    Path certificateKey;

    @Option(names = "--api-key-file", paramLabel = "FILE", defaultValue = "${env:SHOP_API_KEY_FILE}",
            description = "API key to show with every call. The file is read for each, so that a new key needs no restart.")
    Path apiKeyFile;

    @Option(names = "--deadline", paramLabel = "SECONDS", defaultValue = "${env:SHOP_DEADLINE:-10}",
            description = "Time that one call may take (${DEFAULT-VALUE}).")
    double deadline;

    @Option(names = "--site", paramLabel = "ID", defaultValue = "${env:SHOP_SITE:-aceros-shop}",
            description = "Our site's id at Origin Gate, for orders that name none (${DEFAULT-VALUE}).")
    String site;

    @Option(names = "--database", paramLabel = "FILE", defaultValue = "${env:SHOP_DATABASE:-shop}",
            description = "File of the shop's database (${DEFAULT-VALUE}); .mv.db is added.")
    Path database;

    @Option(names = "--listen", paramLabel = "HOST:PORT", defaultValue = "${env:SHOP_LISTEN:-127.0.0.1:8480}",
            description = "Address to serve on (${DEFAULT-VALUE}); port 0 takes a free one.")
    String listen;

    @Option(names = "--log-key", paramLabel = "FILE", defaultValue = "${env:SHOP_LOG_KEY}",
            description = "Public key of Origin Gate's log (PEM), by which receipts are verified.")
    Path logKey;

    @Option(names = "--webhook-secret-file", paramLabel = "FILE", defaultValue = "${env:SHOP_WEBHOOK_SECRET_FILE}",
            description = "Secret by which Origin Gate's webhooks are signed; without it none is taken.")
    Path webhookSecretFile;

    @Option(names = "--poll", paramLabel = "SECONDS", defaultValue = "${env:SHOP_POLL:-30}",
            description = "Pause between two looks at an order that no webhook told of (${DEFAULT-VALUE}).")
    double poll;

    @Option(names = "--grace", paramLabel = "SECONDS", defaultValue = "${env:SHOP_GRACE:-15}",
            description = "Time that orders under way get to end when the shop stops (${DEFAULT-VALUE}).")
    double grace;

    Duration deadline() {
        return seconds(deadline);
    }

    Duration poll() {
        return seconds(poll);
    }

    Duration grace() {
        return seconds(grace);
    }

    /** Host and port to listen on. */
    URI address() {
        return URI.create("//" + listen);
    }

    private static Duration seconds(double count) {
        return Duration.ofMillis(Math.round(count * 1000));
    }
}
