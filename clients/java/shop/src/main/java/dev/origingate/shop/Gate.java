package dev.origingate.shop;

import dev.origingate.client.OriginGate;
import dev.origingate.v1.Case;
import dev.origingate.v1.GetReceiptRequest;
import dev.origingate.v1.ProcessOrderRequest;
import dev.origingate.v1.Receipt;
import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptor;
import io.grpc.InsecureChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Origin Gate, as the shop asks it: every call with the deadline of the settings and the API key of now. */
final class Gate implements AutoCloseable {
    private final OriginGate gate;
    private final Path apiKeyFile;
    private final boolean anonymous;

    private Gate(OriginGate gate, Settings settings) {
        this.gate = gate;
        this.apiKeyFile = settings.apiKeyFile;
        this.anonymous = !settings.plaintext && settings.certificate == null;
    }

    /** @throws IOException where a file of the settings cannot be read */
    static Gate connect(Settings settings, ClientInterceptor traced) throws IOException {
        OriginGate gate = OriginGate.builder(settings.gate)
                .credentials(settings.plaintext ? InsecureChannelCredentials.create() : tls(settings))
                .intercept(traced)
                .connect();
        return new Gate(gate.withDeadline(settings.deadline()), settings);
    }

    private static ChannelCredentials tls(Settings settings) throws IOException {
        TlsChannelCredentials.Builder tls = TlsChannelCredentials.newBuilder();
        if (settings.authorities != null) {
            tls.trustManager(settings.authorities.toFile());
        }
        if ((settings.certificate == null) != (settings.certificateKey == null)) {
            throw new IllegalArgumentException("--certificate and --certificate-key belong together; give both or neither");
        }
        if (settings.certificate != null) {
            tls.keyManager(settings.certificate.toFile(), settings.certificateKey.toFile());
        }
        return tls.build();
    }

    /** @throws dev.origingate.client.OriginGateException where it gives no answer */
    Answer process(ProcessOrderRequest request) {
        return Answers.of(known().processOrder(request));
    }

    /**
     * A case as it is now, with the proof of its decision where the order waits for nothing more.
     *
     * @throws dev.origingate.client.OriginGateException where it gives no answer
     */
    Answer read(String caseName) {
        Case read = known().getCase(caseName);
        Answer answer = Answers.of(read, null);
        return answer.state() == State.PENDING ? answer : Answers.of(read, receipt(caseName));
    }

    /** Whether it speaks TLS and shows no certificate of its own. */
    boolean isAnonymous() {
        return anonymous;
    }

    @Override
    public void close() {
        gate.close();
    }

    private Receipt receipt(String caseName) {
        GetReceiptRequest request = GetReceiptRequest.newBuilder().setName(caseName).build();
        return OriginGate.answered(() -> known().evidence().getReceipt(request)).getReceipt();
    }

    private OriginGate known() {
        try {
            return apiKeyFile == null ? gate : gate.withApiKey(Files.readString(apiKeyFile).strip());
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the API key cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }
}
