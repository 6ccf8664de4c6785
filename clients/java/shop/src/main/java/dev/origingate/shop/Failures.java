package dev.origingate.shop;

import dev.origingate.client.OriginGateException;
import dev.origingate.client.OriginGateException.Violation;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/** What a call that was not answered means for its order. */
final class Failures {
    private Failures() {}

    /**
     * FAILED with a sentence where asking again changes nothing before somebody mends something; else PENDING: it is not
     * known what became of it, and the same request tells.
     */
    static Answer of(OriginGateException failed) {
        return switch (failed.code()) {
            case UNAUTHENTICATED -> Answer.failed("Origin Gate does not know this shop: its API key is unknown, revoked or"
                    + " expired. Put one that holds into the key's file, and send the order again.");
            case PERMISSION_DENIED -> Answer.failed(
                    "Origin Gate knows this shop, and does not let it ask this: " + failed.getMessage());
            case INVALID_ARGUMENT -> Answer.failed("Origin Gate cannot read the order: " + fields(failed));
            case FAILED_PRECONDITION, NOT_FOUND, UNIMPLEMENTED -> Answer.failed(
                    "Origin Gate cannot be asked: " + failed.getMessage());
            default -> isInsecure(failed)
                    ? Answer.failed("There is no secure way to Origin Gate: its certificate is not of an authority that this"
                            + " shop trusts, or it wants one that this shop does not show. Mend the settings, and start the"
                            + " shop again.")
                    : Answer.pending("Origin Gate has not answered; it is asked again.");
        };
    }

    private static String fields(OriginGateException failed) {
        return failed.violations().isEmpty()
                ? failed.getMessage()
                : failed.violations().stream().map(Failures::field).collect(Collectors.joining("; "));
    }

    private static String field(Violation violation) {
        return violation.field() + ": " + violation.description();
    }

    private static boolean isInsecure(Throwable failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return true;
            }
        }
        return false;
    }
}
