package dev.origingate.client;

import dev.origingate.v1.Case;
import dev.origingate.v1.CaseServiceGrpc;
import dev.origingate.v1.CertificateServiceGrpc;
import dev.origingate.v1.CheckScopeRequest;
import dev.origingate.v1.DecidePreReviewRequest;
import dev.origingate.v1.DecidePreReviewResponse;
import dev.origingate.v1.Decision;
import dev.origingate.v1.EvidenceServiceGrpc;
import dev.origingate.v1.GetCaseRequest;
import dev.origingate.v1.ProcessOrderRequest;
import dev.origingate.v1.ProcessOrderResponse;
import dev.origingate.v1.ScreeningServiceGrpc;
import dev.origingate.v1.VerifyCertificateRequest;
import dev.origingate.v1.VerifyCertificateResponse;
import dev.origingate.v1.WatchCasesRequest;
import dev.origingate.v1.WatchCasesResponse;
import io.grpc.CallCredentials;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractBlockingStub;
import java.time.Duration;
import java.util.Iterator;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Speaks to one Origin Gate. It is safe for use by many threads at once and is meant to be kept: make one for a program,
 * not one for a call.
 *
 * <p>A wrong order is an answer with findings. Where no answer could be given, every method throws an
 * {@link OriginGateException} with a stable reason.
 */
public final class OriginGate implements AutoCloseable {
    /** Time that a call may take when nothing else is said. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(10);

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration TIME_TO_CLOSE = Duration.ofSeconds(5);

    private final ManagedChannel channel;
    private final Duration deadline;
    private final CallCredentials credentials;

    private OriginGate(ManagedChannel channel, Duration deadline, CallCredentials credentials) {
        this.channel = channel;
        this.deadline = deadline;
        this.credentials = credentials;
    }

    /**
     * Makes a client of the server at {@code target}, "host:port" or any other name that gRPC resolves, over TLS with the
     * system's roots. It does not wait for the server: the first call connects.
     */
    public static OriginGate connect(String target) {
        return builder(target).connect();
    }

    /** As {@link #connect(String)}, without TLS: for loopback, or where something else encrypts the way. */
    public static OriginGate connectPlaintext(String target) {
        return builder(target).plaintext().connect();
    }

    /** Where more is to be said than the target, e.g. whom to trust. */
    public static OriginGateBuilder builder(String target) {
        return new OriginGateBuilder(target);
    }

    /**
     * Speaks over a channel that the caller built, e.g. with interceptors of its own, or those of OpenTelemetry; it repeats
     * what that channel repeats. {@link #close} ends it.
     */
    public static OriginGate over(ManagedChannel channel) {
        return new OriginGate(channel, DEFAULT_DEADLINE, null);
    }

    /**
     * The same client on the same connection with another deadline for each call, which is positive. A deadline of the
     * current gRPC context counts too: the earlier one ends the call. {@link #processOrder} waits for the platform until
     * shortly before it.
     */
    public OriginGate withDeadline(Duration limit) {
        if (limit.isNegative() || limit.isZero()) {
            throw new IllegalArgumentException("a deadline is a positive time, not " + limit);
        }
        return new OriginGate(channel, limit, credentials);
    }

    /**
     * The same client on the same connection that shows an API key, or a token of an issuer that the server believes, with
     * every call. Over plaintext it is sent in the open: on loopback, or where something else encrypts the way.
     */
    public OriginGate withApiKey(String key) {
        return new OriginGate(channel, deadline, new ApiKey(key));
    }

    /** An id for a {@link ProcessOrderRequest} that nobody used before. */
    public static String newRequestId() {
        return UUID.randomUUID().toString();
    }

    /**
     * Takes an order through all stages: scope, certification, certificate, pre-review.
     *
     * <p>The request_id makes a call safe to repeat: the same id with the same content never buys a second certificate. An
     * order system that retries sets its own and keeps it with the order. A request without one is sent with a new one;
     * should the call fail, {@link OriginGateException#requestId} tells which.
     */
    public ProcessOrderResponse processOrder(ProcessOrderRequest request) {
        ProcessOrderRequest sent = request.getRequestId().isEmpty()
                ? request.toBuilder().setRequestId(newRequestId()).build()
                : request;
        return answer(sent.getRequestId(), () -> cases().processOrder(sent));
    }

    /** A case as it stands now. The reason is CASE_NOT_FOUND where there is none. */
    public Case getCase(String name) {
        GetCaseRequest request = GetCaseRequest.newBuilder().setName(name).build();
        return answer("", () -> cases().getCase(request)).getCase();
    }

    /** Says whether a site and order are within the rule. Nothing is bought, and no case is opened. */
    public Decision checkScope(CheckScopeRequest request) {
        return answer("", () -> screening().checkScope(request)).getScope();
    }

    /** Says whether an order would be eligible for the pre-review. Nothing is bought, and no case is opened. */
    public DecidePreReviewResponse decidePreReview(DecidePreReviewRequest request) {
        return answer("", () -> screening().decidePreReview(request));
    }

    /** Verifies a certificate in five parts that are never mixed. A bad certificate is an answer, not an error. */
    public VerifyCertificateResponse verifyCertificate(VerifyCertificateRequest request) {
        return answer("", () -> certificates().verifyCertificate(request));
    }

    /**
     * Tells every event of the caller's cases, over servers that go away and come back: none is missed, and after such a gap
     * one may be told twice. It returns when {@code told} answers false. Keep the token of each answer together with what was
     * made of its event: a later watch goes on {@code after} it. An answer without an event says that all that happened was
     * told.
     *
     * @throws OriginGateException where it cannot go on, and where no server was there at first
     * @throws InterruptedException where the thread is interrupted between two servers
     */
    public void watchCases(WatchCasesRequest request, Predicate<WatchCasesResponse> told) throws InterruptedException {
        WatchCasesRequest going = request;
        Duration pause = Duration.ZERO;
        while (true) {
            // Who leaves, by an answer or by an exception, ends the stream.
            Context.CancellableContext stream = Context.current().withCancellation();
            Context outer = stream.attach();
            try {
                Iterator<WatchCasesResponse> answers =
                        CaseServiceGrpc.newBlockingStub(channel).withCallCredentials(credentials).watchCases(going);
                while (answers.hasNext()) {
                    WatchCasesResponse answer = answers.next();
                    going = going.toBuilder().setAfter(answer.getToken()).clearStart().build();
                    pause = Duration.ZERO;
                    if (!told.test(answer)) {
                        return;
                    }
                }
            } catch (StatusRuntimeException failed) {
                if (failed.getStatus().getCode() != Status.Code.UNAVAILABLE || going.getAfter().isEmpty()) {
                    throw OriginGateException.of(failed, "");
                }
            } finally {
                stream.detach(outer);
                stream.cancel(null);
            }
            pause = next(pause);
            Thread.sleep(pause.toMillis());
        }
    }

    /**
     * The stub of an order's life, stage by stage, with the client's deadline and key; {@link #answered} turns its errors into
     * an {@link OriginGateException}. So with the stubs of the other services.
     */
    public CaseServiceGrpc.CaseServiceBlockingStub cases() {
        return limited(CaseServiceGrpc.newBlockingStub(channel));
    }

    /** The stub of all that decides without buying anything. */
    public ScreeningServiceGrpc.ScreeningServiceBlockingStub screening() {
        return limited(ScreeningServiceGrpc.newBlockingStub(channel));
    }

    /** The stub of certificates and their ledgers. */
    public CertificateServiceGrpc.CertificateServiceBlockingStub certificates() {
        return limited(CertificateServiceGrpc.newBlockingStub(channel));
    }

    /** The stub of receipts, decisions explained again, and exports. */
    public EvidenceServiceGrpc.EvidenceServiceBlockingStub evidence() {
        return limited(EvidenceServiceGrpc.newBlockingStub(channel));
    }

    /**
     * What a call of a stub answers: {@code answered(() -> gate.cases().declare(request))}. The deadline runs from when the stub
     * was asked for, so ask for it in the call.
     */
    public static <T> T answered(Supplier<T> call) {
        return answer("", call);
    }

    /** Ends the connection, for every client that shares it; calls that run get five seconds to end. */
    @Override
    public void close() {
        channel.shutdown();
        try {
            channel.awaitTermination(TIME_TO_CLOSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            channel.shutdownNow();
        }
    }

    private static Duration next(Duration pause) {
        Duration longer = pause.isZero() ? SHORTEST_PAUSE : pause.multipliedBy(2);
        return longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    }

    private <S extends AbstractBlockingStub<S>> S limited(S stub) {
        return stub.withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS).withCallCredentials(credentials);
    }

    private static <T> T answer(String requestId, Supplier<T> call) {
        try {
            return call.get();
        } catch (StatusRuntimeException failed) {
            throw OriginGateException.of(failed, requestId);
        }
    }
}
