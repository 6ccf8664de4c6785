package dev.origingate.client;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import java.util.concurrent.Executor;

/** Shows a key with every call. */
final class ApiKey extends CallCredentials {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final String key;

    ApiKey(String key) {
        this.key = key;
    }

    @Override
    public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
        Metadata shown = new Metadata();
        shown.put(AUTHORIZATION, "Bearer " + key);
        applier.apply(shown);
    }
}
