package dev.origingate.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RequestInfo;
import com.google.rpc.RetryInfo;
import dev.origingate.client.OriginGateException.Violation;
import dev.origingate.v1.ErrorReason;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class OriginGateExceptionTest {
    @Test
    @DisplayName("Everything that the details of a status say is read into the exception and its one line of text.")
    void details() {
        OriginGateException failed = refused(
                info("REQUEST_INVALID", "origingate.dev").toBuilder().putMetadata("shown", "1").build(),
                RequestInfo.newBuilder().setRequestId("call-7").build(),
                RetryInfo.newBuilder()
                        .setRetryDelay(Duration.newBuilder().setSeconds(1).setNanos(500_000_000))
                        .build(),
                badName());
        assertEquals(Status.Code.INVALID_ARGUMENT, failed.code());
        assertEquals(ErrorReason.ERROR_REASON_REQUEST_INVALID, failed.reason());
        assertEquals("REQUEST_INVALID", failed.reasonName());
        assertEquals(List.of(new Violation("name", "STRING_PATTERN", "does not match")), failed.violations());
        assertEquals(Map.of("shown", "1"), failed.metadata());
        assertEquals(java.time.Duration.ofMillis(1500), failed.retryAfter());
        assertEquals("order-7", failed.requestId());
        assertEquals("call-7", failed.callId());
        assertEquals("REQUEST_INVALID: No.", failed.getMessage());
    }

    @Test
    @DisplayName("A reason that this client lacks, because the server is newer, is kept by its name.")
    void newerReason() {
        OriginGateException failed = refused(info("MOON_IS_FULL", "origingate.dev"));
        assertEquals("MOON_IS_FULL", failed.reasonName());
        assertEquals(ErrorReason.UNRECOGNIZED, failed.reason());
    }

    @Test
    @DisplayName("A reason of another domain, e.g. of a proxy, is not ours.")
    void reasonOfAnotherDomain() {
        assertEquals("", refused(info("INTERNAL", "proxy.example")).reasonName());
    }

    @Test
    @DisplayName("A detail that was spoiled on the way does not hide the rest.")
    void spoiledDetail() {
        Any spoiled = Any.pack(badName()).toBuilder()
                .setValue(ByteString.copyFromUtf8("spoiled"))
                .build();
        OriginGateException failed = exception(Stream.of(Any.pack(info("INTERNAL", "origingate.dev")), spoiled));
        assertEquals(ErrorReason.ERROR_REASON_INTERNAL, failed.reason());
        assertEquals(List.of(), failed.violations());
    }

    private static ErrorInfo info(String reason, String domain) {
        return ErrorInfo.newBuilder().setReason(reason).setDomain(domain).build();
    }

    private static BadRequest badName() {
        BadRequest.Builder bad = BadRequest.newBuilder();
        bad.addFieldViolationsBuilder().setField("name").setReason("STRING_PATTERN").setDescription("does not match");
        return bad.build();
    }

    private static OriginGateException refused(Message... details) {
        return exception(Stream.of(details).map(Any::pack));
    }

    private static OriginGateException exception(Stream<Any> details) {
        com.google.rpc.Status status = com.google.rpc.Status.newBuilder()
                .setCode(Status.Code.INVALID_ARGUMENT.value())
                .setMessage("No.")
                .addAllDetails(details.toList())
                .build();
        return OriginGateException.of(StatusProto.toStatusRuntimeException(status), "order-7");
    }
}
