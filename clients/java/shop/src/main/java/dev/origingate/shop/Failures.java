package dev.origingate.shop;

import dev.origingate.client.OriginGateException;
import dev.origingate.client.OriginGateException.Violation;
import io.grpc.Status;
import java.net.ConnectException;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/** What a call that was not answered means for its order. */
final class Failures {
    private Failures() {}

    /**
     * FAILED with a sentence where somebody has to mend something first; else PENDING: it is not known what became of the
     * order, and the same request tells.
     *
     * @param anonymous whether the shop speaks TLS and shows no certificate of its own
     */
    static Answer of(OriginGateException failed, boolean anonymous) {
        return switch (failed.code()) {
            case UNAUTHENTICATED -> Answer.failed("Origin Gate does not know this shop: its API key is unknown, revoked or"
                    + " expired. Put one that holds into the key's file; the order is asked again by itself.");
            case PERMISSION_DENIED -> Answer.failed(
                    "Origin Gate knows this shop, and does not let it ask this: " + failed.getMessage());
            case INVALID_ARGUMENT -> Answer.failed("Origin Gate cannot read the order: " + fields(failed));
            case FAILED_PRECONDITION, NOT_FOUND, UNIMPLEMENTED -> Answer.failed(
                    "Origin Gate cannot be asked: " + failed.getMessage());
            default -> unreachable(failed, anonymous);
        };
    }

    private static Answer unreachable(OriginGateException failed, boolean anonymous) {
        if (causedBy(failed, SSLException.class)) {
            return Answer.failed("There is no secure way to Origin Gate: its certificate is not of an authority that this shop"
                    + " trusts, or ours is not of one that it trusts. Mend the settings, and start the shop again.");
        }
        if (anonymous && isCutOff(failed)) {
            return Answer.failed("There is no secure way to Origin Gate: it closed the connection before it answered. It may"
                    + " want a certificate, and this shop shows none. Name one in the settings, and start the shop again.");
        }
        return Answer.pending("Origin Gate has not answered; it is asked again.");
    }

    /** Whether somebody was there, and ended the connection without a word; so ends a TLS 1.3 handshake that is refused. */
    private static boolean isCutOff(OriginGateException failed) {
        return failed.code() == Status.Code.UNAVAILABLE
                && failed.reasonName().isEmpty()
                && !causedBy(failed, ConnectException.class);
    }

    private static String fields(OriginGateException failed) {
        return failed.violations().isEmpty()
                ? failed.getMessage()
                : failed.violations().stream().map(Failures::field).collect(Collectors.joining("; "));
    }

    private static String field(Violation violation) {
        return Questions.whereOf(violation.field()) + ": " + violation.description();
    }

    private static boolean causedBy(Throwable failed, Class<? extends Throwable> kind) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
