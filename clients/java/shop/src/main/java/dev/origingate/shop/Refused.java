package dev.origingate.shop;

import java.util.List;

/** A request that the shop does not take, with the HTTP status that says so. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient List<Field> fields;

    /** A field of the form, as a JSON pointer such as "/lines/0/hsCode", and what is wrong with it. */
    record Field(String where, String fault) {}

    Refused(int status, String sentence, List<Field> fields) {
        super(sentence);
        this.status = status;
        this.fields = fields;
    }

    static Refused unreadable(List<Field> fields) {
        return new Refused(422, "The order cannot be read; mend the fields that are named.", fields);
    }

    static Refused field(String where, String fault) {
        return unreadable(List.of(new Field(where, fault)));
    }

    static Refused unknown(String number) {
        return new Refused(404, "There is no order " + number + ".", List.of());
    }

    int status() {
        return status;
    }

    List<Field> fields() {
        return fields;
    }
}
