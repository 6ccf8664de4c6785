package dev.origingate.client;

import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptor;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannelBuilder;
import io.grpc.TlsChannelCredentials;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Says how to speak to a server where the defaults do not suit: TLS with the system's roots, four attempts, no hedging, and
 * the form of requests left to the server.
 */
public final class OriginGateBuilder {
    private static final int DEFAULT_ATTEMPTS = 4;

    /**
     * While a call waits, a connection that was silent for so long is asked for a sign of life. A watch's heartbeats come more
     * often, so that it asks for nothing.
     */
    private static final Duration SILENCE = Duration.ofSeconds(20);

    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(10);

    private final String target;
    private ChannelCredentials credentials = TlsChannelCredentials.create();
    private ClientInterceptor[] interceptors = {};
    private int attempts = DEFAULT_ATTEMPTS;
    private Duration hedgeAfter = Duration.ZERO;
    private Duration silence = SILENCE;
    private Duration signOfLife = SIGN_OF_LIFE;
    private boolean holdsForm;

    OriginGateBuilder(String target) {
        this.target = target;
    }

    /** Secures the way as {@code how} says: {@link TlsChannelCredentials#newBuilder} takes authorities, and a certificate to show. */
    public OriginGateBuilder credentials(ChannelCredentials how) {
        credentials = how;
        return this;
    }

    /** No TLS: for loopback, or where something else encrypts the way. */
    public OriginGateBuilder plaintext() {
        return credentials(InsecureChannelCredentials.create());
    }

    /**
     * A call that is safe to repeat, by the contract's idempotency_level, is made {@code count} times at most while no server
     * can be reached; gRPC makes five at most. With one, nothing is repeated.
     */
    public OriginGateBuilder attempts(int count) {
        attempts = count;
        return this;
    }

    /**
     * Reads that were not answered after {@code pause} are asked once more beside the first time, of the next server where
     * several are reached; the first answer counts. Only what the contract calls NO_SIDE_EFFECTS is hedged: an order never is.
     */
    public OriginGateBuilder hedgeReadsAfter(Duration pause) {
        if (pause.isNegative() || pause.isZero()) {
            throw new IllegalArgumentException("reads are hedged after a positive time, not " + pause);
        }
        hedgeAfter = pause;
        return this;
    }

    /**
     * Requests that break a rule of the contract fail before they are sent, with REQUEST_INVALID and the fields named; see
     * {@link Form}. It is off unless asked for, because the server says the same, and a newer server may take what this
     * contract refuses.
     */
    public OriginGateBuilder holdForm() {
        holdsForm = true;
        return this;
    }

    /** Every call passes these, e.g. OpenTelemetry's. */
    public OriginGateBuilder intercept(ClientInterceptor... through) {
        interceptors = through.clone();
        return this;
    }

    /** For tests, which cannot wait so long; gRPC takes ten seconds at least for the first. */
    OriginGateBuilder aliveWithin(Duration after, Duration toCome) {
        silence = after;
        signOfLife = toCome;
        return this;
    }

    /** Makes the client. It does not wait for the server: the first call connects. */
    public OriginGate connect() {
        ManagedChannelBuilder<?> channel = Grpc.newChannelBuilder(target, credentials)
                .defaultServiceConfig(Repeating.serviceConfig(attempts, hedgeAfter))
                .enableRetry()
                .keepAliveTime(silence.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(signOfLife.toMillis(), TimeUnit.MILLISECONDS)
                .intercept(interceptors);
        return OriginGate.over((holdsForm ? channel.intercept(new FormHeld()) : channel).build());
    }
}
