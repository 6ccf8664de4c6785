package dev.origingate.client;

/** A receipt cannot be read, or does not prove anything; the message says why. */
public final class ReceiptDoesNotHoldException extends Exception {
    ReceiptDoesNotHoldException(String because) {
        super(because);
    }
}
