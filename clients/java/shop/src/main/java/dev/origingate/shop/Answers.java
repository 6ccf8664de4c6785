package dev.origingate.shop;

import dev.origingate.shop.Answer.Kept;
import dev.origingate.shop.Answer.Reason;
import dev.origingate.v1.Attempt;
import dev.origingate.v1.Case;
import dev.origingate.v1.CaseState;
import dev.origingate.v1.Decision;
import dev.origingate.v1.Difference;
import dev.origingate.v1.Favourable;
import dev.origingate.v1.Finding;
import dev.origingate.v1.ProcessOrderResponse;
import dev.origingate.v1.Receipt;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What Origin Gate says of a case, as the shop's own answer. */
final class Answers {
    /** A platform is being asked, or a person is. */
    private static final Set<CaseState> GOES_ON = EnumSet.of(
            CaseState.CASE_STATE_VERIFYING,
            CaseState.CASE_STATE_RECONCILING,
            CaseState.CASE_STATE_IN_REVIEW,
            CaseState.CASE_STATE_MANUAL,
            CaseState.CASE_STATE_SUPERSEDING);

    /** An order that was confirmed is not any more. */
    private static final Set<CaseState> OVER = EnumSet.of(
            CaseState.CASE_STATE_REVOKED,
            CaseState.CASE_STATE_EXPIRED,
            CaseState.CASE_STATE_CANCELLING,
            CaseState.CASE_STATE_CANCELLED);

    private Answers() {}

    /** The answer to an order that was sent. */
    static Answer of(ProcessOrderResponse told) {
        Receipt receipt = told.hasReceipt() ? told.getReceipt() : null;
        List<Decision> decisions = Stream.of(told.getScope(), told.getCertification(), told.getOrigin(), told.getPrereview())
                .filter(decision -> !decision.getQuestion().isEmpty())
                .toList();
        return answer(told.getCase(), decisions, told.getECertId(), told.getDifferencesList(), receipt);
    }

    /** The answer that a case amounts to which was read later; the receipt is of its decision on "prereview". */
    static Answer of(Case read, Receipt receipt) {
        boolean counts = !OVER.contains(read.getState()) && !GOES_ON.contains(read.getState());
        String eCertId = counts ? read.getCertificate().getECertId() : "";
        return answer(read, read.getDecisionsList(), eCertId, List.of(), receipt);
    }

    private static Answer answer(
            Case read, List<Decision> decisions, String eCertId, List<Difference> differences, Receipt receipt) {
        Decision preReview = decisions.stream()
                .filter(decision -> decision.getQuestion().equals("prereview"))
                .findFirst()
                .orElseThrow();
        List<String> missing = preReview.getMissingList();
        State state = state(read, preReview);
        boolean asks = state == State.QUESTIONS;
        boolean refuses = state == State.REFUSED;
        byte[] proof = receipt == null ? null : receipt.toByteArray();
        boolean askAgain = state == State.PENDING && !GOES_ON.contains(read.getState());
        return new Answer(
                state,
                because(read, state, preReview.getFavourable() == Favourable.FAVOURABLE_UNKNOWN),
                eCertId.isEmpty() ? null : eCertId,
                asks ? Questions.about(missing) : List.of(),
                refuses ? findings(decisions, differences) : List.of(),
                decisions.stream().map(Decision::getRulebookDigest).distinct().toList(),
                new Kept(read.getName(), read.getVersion(), proof, askAgain));
    }

    private static State state(Case read, Decision preReview) {
        // The case first: a request that comes again is answered its decisions of then, with the state of now.
        if (OVER.contains(read.getState()) || read.getState() == CaseState.CASE_STATE_REJECTED) {
            return State.REFUSED;
        }
        if (preReview.getFavourable() == Favourable.FAVOURABLE_NO) {
            return State.REFUSED;
        }
        if (GOES_ON.contains(read.getState())) {
            return State.PENDING;
        }
        if (preReview.getFavourable() == Favourable.FAVOURABLE_YES) {
            return State.CONFIRMED;
        }
        if (preReview.getMissingCount() == 0) {
            return State.REFUSED;
        }
        boolean platformsTurn = preReview.getMissingList().stream().allMatch(Questions::isPlatforms);
        return platformsTurn ? State.PENDING : State.QUESTIONS;
    }

    private static String because(Case read, State state, boolean undecidable) {
        if (state == State.PENDING) {
            return switch (read.getState()) {
                case CASE_STATE_IN_REVIEW -> "A person at the verification platform looks at it.";
                case CASE_STATE_MANUAL -> "A person at Origin Gate looks at it.";
                case CASE_STATE_DECLARED -> "The verification platform could not take it; it is asked again.";
                default -> "The verification platform has not answered yet.";
            };
        }
        if (state != State.REFUSED) {
            return null;
        }
        return switch (read.getState()) {
            case CASE_STATE_REVOKED -> "The certificate was revoked.";
            case CASE_STATE_EXPIRED -> "The certificate has expired.";
            case CASE_STATE_CANCELLING, CASE_STATE_CANCELLED -> "The order was cancelled.";
            case CASE_STATE_REJECTED -> "The verification platform rejected it: " + lastAttempt(read).getBecause();
            default -> undecidable
                    ? "A rule cannot be applied to this order, and nothing that you tell would change that. Please write to us."
                    : null;
        };
    }

    private static Attempt lastAttempt(Case read) {
        int count = read.getAttemptsCount();
        return count == 0 ? Attempt.getDefaultInstance() : read.getAttempts(count - 1);
    }

    /** What the pre-review says, and the findings of the other questions that are not favourable. */
    private static List<Reason> findings(List<Decision> decisions, List<Difference> differences) {
        List<Reason> found = new ArrayList<>();
        for (int last = decisions.size() - 1; last >= 0; last--) {
            Decision decision = decisions.get(last);
            if (decision.getFavourable() != Favourable.FAVOURABLE_NO) {
                continue;
            }
            decision.getFindingsList().forEach(finding -> found.add(reason(finding)));
            if (decision.hasOtherwise()) {
                found.add(reason(decision.getOtherwise()));
            }
        }
        differences.forEach(changed -> found.add(new Reason(
                changed.getPath() + " was " + changed.getWas() + " when the certificate was issued, and is " + changed.getNow(),
                "")));
        return found.stream().distinct().toList();
    }

    private static Reason reason(Finding finding) {
        return new Reason(finding.getBecause(), finding.getRemedy());
    }
}
