package dev.origingate.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.origingate.v1.Case;
import dev.origingate.v1.CaseServiceGrpc;
import dev.origingate.v1.GetCaseRequest;
import dev.origingate.v1.GetCaseResponse;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that answers with what it is shown. */
@Timeout(120)
final class ApiKeyTest {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Context.Key<String> SHOWN = Context.keyWithDefault("shown", "");

    @Test
    @DisplayName("A key goes with every call, also of a client made from this one.")
    void key() throws IOException {
        assertEquals("Bearer og_1_secret", shownBy("og_1_secret"));
    }

    @Test
    @DisplayName("Without one nothing is shown.")
    void noKey() throws IOException {
        assertEquals("", shownBy(null));
    }

    private static String shownBy(String key) throws IOException {
        Server server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .addService(new Keeper())
                .intercept(new Reader())
                .build()
                .start();
        try (OriginGate gate = OriginGate.connectPlaintext("127.0.0.1:" + server.getPort())) {
            OriginGate shows = key == null ? gate : gate.withApiKey(key).withDeadline(Duration.ofSeconds(20));
            return shows.getCase("cases/1").getName();
        } finally {
            server.shutdownNow();
        }
    }

    private static final class Keeper extends CaseServiceGrpc.CaseServiceImplBase {
        @Override
        public void getCase(GetCaseRequest request, StreamObserver<GetCaseResponse> answers) {
            Case found = Case.newBuilder().setName(SHOWN.get()).build();
            answers.onNext(GetCaseResponse.newBuilder().setCase(found).build());
            answers.onCompleted();
        }
    }

    private static final class Reader implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            String shown = headers.get(AUTHORIZATION);
            Context context = shown == null ? Context.current() : Context.current().withValue(SHOWN, shown);
            return Contexts.interceptCall(context, call, headers, next);
        }
    }
}
