package dev.origingate.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import dev.origingate.v1.Receipt;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** Receipts verified without the server, with the log's public key alone. */
public final class Receipts {
    private static final int HASH_SIZE = 32;
    private static final int KEY_SIZE = 32;
    private static final int KEY_ID_SIZE = 4;

    private Receipts() {}

    /**
     * The log's public key, Ed25519 in PEM, as the operator hands it out.
     *
     * @throws IllegalArgumentException where it is none
     */
    public static PublicKey key(String pem) {
        String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        try {
            byte[] encoded = Base64.getDecoder().decode(base64);
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        } catch (IllegalArgumentException | GeneralSecurityException failed) {
            throw new IllegalArgumentException("this is no public key of Ed25519 in PEM form", failed);
        }
    }

    /**
     * What a receipt proves. It has to be signed by one of the keys.
     *
     * @throws ReceiptDoesNotHoldException where something does not hold; nothing of such a receipt may be believed
     */
    public static ProvedReceipt verify(Receipt receipt, PublicKey... keys) throws ReceiptDoesNotHoldException {
        Head head = head(receipt.getHead(), List.of(keys));
        byte[] leaf = sha256(new byte[] {0}, utf8(receipt.getEnvelope()));
        if (!includes(head, receipt.getPosition(), leaf, receipt.getInclusionList())) {
            throw new ReceiptDoesNotHoldException("the receipt's entry does not stand under its head");
        }
        Struct said = object(receipt.getEnvelope(), "envelope");
        String digest = "sha256:" + HexFormat.of().formatHex(sha256(utf8(receipt.getEvent())));
        if (!digest.equals(text(said, "event"))) {
            throw new ReceiptDoesNotHoldException("the receipt's event is not the one that its entry names");
        }
        Struct event = object(receipt.getEvent(), "event");
        if (!"decision".equals(text(said, "kind"))) {
            throw new ReceiptDoesNotHoldException("the receipt is not one of a decision");
        }
        return new ProvedReceipt(
                head.origin(),
                receipt.getPosition(),
                head.size(),
                head.at(),
                instant(text(said, "at")),
                text(said, "tenant"),
                text(said, "subject"),
                text(event, "decision"),
                text(event, "question"),
                text(event, "outcome"),
                text(event, "facts_digest"),
                text(event, "rulebook_digest"),
                text(event, "declaration_digest"),
                text(event, "e_cert_id"));
    }

    private record Head(String origin, long size, byte[] root, Instant at) {}

    /** Reads a checkpoint (c2sp.org/tlog-checkpoint) and verifies that one of the keys signed it. */
    private static Head head(String note, List<PublicKey> keys) throws ReceiptDoesNotHoldException {
        int end = note.indexOf("\n\n");
        String[] lines = end < 0 ? new String[0] : note.substring(0, end).split("\n");
        if (lines.length < 4) {
            throw new ReceiptDoesNotHoldException("the receipt's head is no signed head");
        }
        byte[] signed = utf8(note.substring(0, end + 1));
        boolean holds = note.substring(end + 2).lines().anyMatch(line -> isSignature(line, lines[0], signed, keys));
        if (!holds) {
            throw new ReceiptDoesNotHoldException("the receipt's head is signed by none of the keys that are given");
        }
        try {
            byte[] root = Base64.getDecoder().decode(lines[2]);
            return new Head(lines[0], Long.parseLong(lines[1]), root, instant(lines[3].replaceFirst("^time ", "")));
        } catch (IllegalArgumentException failed) {
            throw new ReceiptDoesNotHoldException("the receipt's head cannot be read");
        }
    }

    private static boolean isSignature(String line, String origin, byte[] signed, List<PublicKey> keys) {
        String[] words = line.split(" ");
        if (words.length != 3 || !words[0].equals("—") || !words[1].equals(origin)) {
            return false;
        }
        try {
            byte[] octets = Base64.getDecoder().decode(words[2]);
            for (PublicKey key : keys) {
                if (octets.length > KEY_ID_SIZE && isSignature(octets, origin, signed, key)) {
                    return true;
                }
            }
            return false;
        } catch (IllegalArgumentException | GeneralSecurityException failed) {
            return false;
        }
    }

    private static boolean isSignature(byte[] octets, String origin, byte[] signed, PublicKey key)
            throws GeneralSecurityException {
        // The key's own octets end its encoding. A signed note names it by a digest over name, kind and key.
        byte[] encoded = key.getEncoded();
        byte[] raw = Arrays.copyOfRange(encoded, encoded.length - KEY_SIZE, encoded.length);
        byte[] id = sha256(utf8(origin + "\n\u0001"), raw);
        if (!Arrays.equals(id, 0, KEY_ID_SIZE, octets, 0, KEY_ID_SIZE)) {
            return false;
        }
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(key);
        signature.update(signed);
        return signature.verify(octets, KEY_ID_SIZE, octets.length - KEY_ID_SIZE);
    }

    /** Follows RFC 9162, section 2.1.3.2. */
    private static boolean includes(Head head, long position, byte[] leaf, List<ByteString> path) {
        if (position < 0 || position >= head.size()) {
            return false;
        }
        long number = position;
        long last = head.size() - 1;
        byte[] node = leaf;
        for (ByteString step : path) {
            if (last == 0 || step.size() != HASH_SIZE) {
                return false;
            }
            if (number % 2 == 1 || number == last) {
                node = sha256(new byte[] {1}, step.toByteArray(), node);
                while (number % 2 == 0 && number != 0) {
                    number /= 2;
                    last /= 2;
                }
            } else {
                node = sha256(new byte[] {1}, node, step.toByteArray());
            }
            number /= 2;
            last /= 2;
        }
        return last == 0 && Arrays.equals(node, head.root());
    }

    private static Struct object(String json, String part) throws ReceiptDoesNotHoldException {
        Struct.Builder read = Struct.newBuilder();
        try {
            JsonFormat.parser().merge(json, read);
        } catch (InvalidProtocolBufferException failed) {
            throw new ReceiptDoesNotHoldException("the receipt's " + part + " cannot be read");
        }
        return read.build();
    }

    private static String text(Struct object, String name) {
        return object.getFieldsOrDefault(name, Value.getDefaultInstance()).getStringValue();
    }

    private static Instant instant(String text) throws ReceiptDoesNotHoldException {
        try {
            return Instant.parse(text);
        } catch (DateTimeException failed) {
            throw new ReceiptDoesNotHoldException("a moment in the receipt cannot be read");
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException failed) {
            throw new IllegalStateException("every Java has SHA-256", failed);
        }
    }
}
