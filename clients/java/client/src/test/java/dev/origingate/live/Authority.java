package dev.origingate.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import okhttp3.tls.HeldCertificate;

/** An authority that signs certificates for loopback, in PEM files of a folder. */
public final class Authority {
    private final HeldCertificate root =
            new HeldCertificate.Builder().commonName("authority").certificateAuthority(0).build();
    private final Path folder;

    /** A certificate and its key. */
    public record Pair(Path certificate, Path key) {}

    public Authority(Path folder) {
        this.folder = folder;
    }

    /** The file with its own certificate. */
    public Path trust() throws IOException {
        return Files.writeString(folder.resolve("authority.pem"), root.certificatePem());
    }

    /** A certificate for 127.0.0.1. */
    public Pair issue(String name) throws IOException {
        HeldCertificate issued = new HeldCertificate.Builder()
                .commonName(name)
                .addSubjectAlternativeName("127.0.0.1")
                .signedBy(root)
                .build();
        return new Pair(
                Files.writeString(folder.resolve(name + ".pem"), issued.certificatePem()),
                Files.writeString(folder.resolve(name + ".key"), issued.privateKeyPkcs8Pem()));
    }
}
