package dev.origingate.client;

import com.google.protobuf.Message;
import dev.origingate.client.OriginGateException.Violation;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;

/** Ends a call whose request breaks a rule of the contract before anything of it is sent. Streams of requests pass. */
final class FormHeld implements ClientInterceptor {
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        ClientCall<Q, A> call = next.newCall(method, options);
        return method.getType().clientSendsOneMessage() ? new Held<>(call) : call;
    }

    /** A call that begins with its request: until then it is only noted what is asked of it. */
    private static final class Held<Q, A> extends ForwardingClientCall<Q, A> {
        private final ClientCall<Q, A> call;
        private Listener<A> answers;
        private Metadata headers;
        private int wanted;
        private boolean begun;
        private boolean ended;

        Held(ClientCall<Q, A> call) {
            this.call = call;
        }

        @Override
        protected ClientCall<Q, A> delegate() {
            return call;
        }

        @Override
        public void start(Listener<A> told, Metadata sent) {
            answers = told;
            headers = sent;
        }

        @Override
        public void request(int count) {
            if (begun) {
                call.request(count);
            } else {
                wanted += count;
            }
        }

        @Override
        public void sendMessage(Q request) {
            List<Violation> violations = Form.violations((Message) request);
            if (!violations.isEmpty()) {
                StatusRuntimeException refusal = Form.refusal(violations);
                end(refusal.getStatus(), refusal.getTrailers());
                return;
            }
            begun = true;
            call.start(answers, headers);
            call.request(wanted);
            call.sendMessage(request);
        }

        @Override
        public void halfClose() {
            if (begun) {
                call.halfClose();
            }
        }

        @Override
        public void cancel(String because, Throwable cause) {
            if (begun) {
                call.cancel(because, cause);
            } else {
                end(Status.CANCELLED.withDescription(because).withCause(cause), new Metadata());
            }
        }

        private void end(Status status, Metadata trailers) {
            if (!ended) {
                ended = true;
                answers.onClose(status, trailers);
            }
        }
    }
}
