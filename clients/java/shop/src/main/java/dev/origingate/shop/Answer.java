package dev.origingate.shop;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * What is known of an order.
 *
 * @param because a sentence for people; left out where questions and findings say it all
 * @param rulebooks digests of the rulebooks that it was judged by: one, however the rules change meanwhile
 * @param kept what the shop keeps and does not show
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record Answer(
        State state,
        String because,
        String eCertId,
        List<Question> questions,
        List<Reason> findings,
        List<String> rulebooks,
        @JsonIgnore Kept kept) {

    Answer {
        questions = questions == null ? List.of() : questions;
        findings = findings == null ? List.of() : findings;
        rulebooks = rulebooks == null ? List.of() : rulebooks;
    }

    /** Why an order is refused, and what would mend it. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Reason(String because, String remedy) {}

    /**
     * @param caseName Origin Gate's name of the case
     * @param caseVersion counts the events of the case: an answer with a lower one is older
     * @param receipt the proof of the decision, as it came; null where none came
     * @param askAgain whether no platform has the order, and none will before the shop asks anew
     */
    record Kept(String caseName, int caseVersion, byte[] receipt, boolean askAgain) {
        static final Kept NOTHING = new Kept(null, 0, null, false);
    }

    static Answer pending(String because) {
        return new Answer(State.PENDING, because, null, List.of(), List.of(), List.of(), Kept.NOTHING);
    }

    static Answer failed(String because) {
        return new Answer(State.FAILED, because, null, List.of(), List.of(), List.of(), Kept.NOTHING);
    }
}
