package dev.origingate.shop;

import dev.origingate.client.OriginGate;
import dev.origingate.client.OriginGateBuilder;
import dev.origingate.v1.Case;
import dev.origingate.v1.GetReceiptRequest;
import dev.origingate.v1.ProcessOrderRequest;
import dev.origingate.v1.Receipt;
import io.grpc.ClientInterceptor;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Origin Gate, as the shop asks it: every call with the deadline of the settings and the API key of now. */
final class Gate implements AutoCloseable {
    private final OriginGate gate;
    private final Path apiKeyFile;

    private Gate(OriginGate gate, Path apiKeyFile) {
        this.gate = gate;
        this.apiKeyFile = apiKeyFile;
    }

    /** @throws IOException where a file of the settings cannot be read */
    static Gate connect(Settings settings, ClientInterceptor traced) throws IOException {
        OriginGateBuilder builder = OriginGate.builder(settings.gate).intercept(traced);
        if (settings.plaintext) {
            builder.plaintext();
        } else {
            TlsChannelCredentials.Builder credentials = TlsChannelCredentials.newBuilder();
            if (settings.authorities != null) {
                credentials.trustManager(settings.authorities.toFile());
            }
            if (settings.own().isPresent()) {
                credentials.keyManager(settings.own.certificate.toFile(), settings.own.key.toFile());
            }
            builder.credentials(credentials.build());
        }
        return new Gate(builder.connect().withDeadline(settings.deadline()), settings.apiKeyFile);
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
