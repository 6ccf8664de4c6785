package dev.origingate.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RequestInfo;
import com.google.rpc.RetryInfo;
import dev.origingate.v1.ErrorReason;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Says why no answer could be given. Its message is the reason and the server's sentence about it. */
public final class OriginGateException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    static final String DOMAIN = "origingate.dev";

    private final Status.Code code;
    private final ErrorReason reason;
    private final String reasonName;
    private final List<Violation> violations;
    private final Map<String, String> metadata;
    private final Duration retryAfter;
    private final String requestId;
    private final String callId;

    /**
     * One field that is at fault.
     *
     * @param field its path, e.g. "order.lines.items[0].hs"
     * @param reason a stable code for what is wrong, e.g. "STRING_MIN_LEN"
     * @param description what is wrong, for people
     */
    public record Violation(String field, String reason, String description) implements Serializable {
        static Violation of(BadRequest.FieldViolation violation) {
            return new Violation(violation.getField(), violation.getReason(), violation.getDescription());
        }
    }

    private OriginGateException(StatusRuntimeException cause, Details details, String requestId) {
        super(sentence(cause.getStatus(), details.info.getReason()), cause);
        this.code = cause.getStatus().getCode();
        this.reason = reasonOf(details.info.getReason());
        this.reasonName = details.info.getReason();
        this.violations = details.request.getFieldViolationsList().stream().map(Violation::of).toList();
        this.metadata = Map.copyOf(details.info.getMetadataMap());
        this.retryAfter = Duration.ofSeconds(
                details.retry.getRetryDelay().getSeconds(), details.retry.getRetryDelay().getNanos());
        this.requestId = requestId;
        this.callId = details.call.getRequestId();
    }

    /** Reads what gRPC gives. {@code requestId} is what was sent, or empty. */
    static OriginGateException of(StatusRuntimeException cause, String requestId) {
        return new OriginGateException(cause, new Details(cause), requestId);
    }

    /** gRPC's own status code. */
    public Status.Code code() {
        return code;
    }

    /**
     * The stable reason. ERROR_REASON_UNSPECIFIED where the error did not come from Origin Gate itself, e.g. when nothing
     * could be reached; UNRECOGNIZED where the server is newer and gives a reason that this client lacks.
     */
    public ErrorReason reason() {
        return reason;
    }

    /** The reason as it was sent, e.g. "REQUEST_INVALID". Empty where none was sent. */
    public String reasonName() {
        return reasonName;
    }

    /** The fields at fault. Empty where the reason is another one. */
    public List<Violation> violations() {
        return violations;
    }

    /** Further values that belong to the reason, e.g. "site_id". */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** How long to wait before the call is repeated. Zero where the server named no time. */
    public Duration retryAfter() {
        return retryAfter;
    }

    /** The request_id that {@link OriginGate#processOrder} sent, with which the call can be repeated. Empty for others. */
    public String requestId() {
        return requestId;
    }

    /** Finds the call in the server's logs. Empty where the server did not answer. */
    public String callId() {
        return callId;
    }

    private static ErrorReason reasonOf(String name) {
        if (name.isEmpty()) {
            return ErrorReason.ERROR_REASON_UNSPECIFIED;
        }
        try {
            return ErrorReason.valueOf("ERROR_REASON_" + name);
        } catch (IllegalArgumentException newer) {
            return ErrorReason.UNRECOGNIZED;
        }
    }

    private static String sentence(Status status, String reasonName) {
        String name = reasonName.isEmpty() ? status.getCode().name() : reasonName;
        return status.getDescription() == null ? name : name + ": " + status.getDescription();
    }

    /** The parts of a google.rpc.Status that are read here; each is empty where it did not come. */
    private static final class Details {
        private ErrorInfo info = ErrorInfo.getDefaultInstance();
        private BadRequest request = BadRequest.getDefaultInstance();
        private RetryInfo retry = RetryInfo.getDefaultInstance();
        private RequestInfo call = RequestInfo.getDefaultInstance();

        Details(StatusRuntimeException cause) {
            // Details that something on the way spoiled must not hide the error that they belong to.
            try {
                com.google.rpc.Status status = StatusProto.fromThrowable(cause);
                for (Any detail : status == null ? List.<Any>of() : status.getDetailsList()) {
                    read(detail);
                }
            } catch (InvalidProtocolBufferException | IllegalArgumentException unreadable) {
                cause.addSuppressed(unreadable);
            }
        }

        private void read(Any detail) throws InvalidProtocolBufferException {
            if (detail.is(ErrorInfo.class)) {
                ErrorInfo found = detail.unpack(ErrorInfo.class);
                info = found.getDomain().equals(DOMAIN) ? found : info;
            } else if (detail.is(BadRequest.class)) {
                request = detail.unpack(BadRequest.class);
            } else if (detail.is(RetryInfo.class)) {
                retry = detail.unpack(RetryInfo.class);
            } else if (detail.is(RequestInfo.class)) {
                call = detail.unpack(RequestInfo.class);
            }
        }
    }
}
