package dev.origingate.shop;

/** Where an order stands, for the buyer. */
public enum State {
    /** Origin Gate has not answered, or a platform has not; the shop follows it by itself. */
    PENDING,
    /** It may go on; with an e-Cert ID where it needs one. */
    CONFIRMED,
    /** Facts are missing. */
    QUESTIONS,
    /** It cannot go on as it is. */
    REFUSED,
    /** It could not be asked; the order is kept. */
    FAILED
}
