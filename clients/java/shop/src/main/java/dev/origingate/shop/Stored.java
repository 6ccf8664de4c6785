package dev.origingate.shop;

/**
 * An order as the shop keeps it.
 *
 * @param requestId with which it is asked; a repeated call with it never buys twice
 * @param content with what was answered since it was placed
 * @param heard whether Origin Gate answered that request
 * @param caseName Origin Gate's name of its case; null while none is known
 * @param receipt the proof of the last decision; null while there is none
 */
record Stored(
        String number, String requestId, OrderForm content, boolean heard, String caseName, byte[] receipt, Answer answer) {
    State state() {
        return answer.state();
    }
}
