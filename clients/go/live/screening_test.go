package live

import (
	"slices"
	"testing"
	"time"

	"origingate.dev/client"
	origingatev1 "origingate.dev/client/origingate/v1"
)

// An inquiry that leaves out the destination is answered with the fact that is missing.
func TestInquiryWithoutDestination(t *testing.T) {
	request := eligible(t)
	request.Order.Destination = nil
	decision, err := gate.CheckScope(t.Context(), &origingatev1.CheckScopeRequest{Site: request.Site, Order: request.Order})
	if err != nil {
		t.Fatal(err)
	}
	if expected := "UNDETERMINED"; expected != decision.GetOutcome() {
		t.Errorf("expected %s, got %s", expected, decision.GetOutcome())
	}
	if expected := []string{"order.destination"}; !slices.Equal(expected, decision.GetMissing()) {
		t.Errorf("expected %q, got %q", expected, decision.GetMissing())
	}
}

// A screening for a day before the mandate is out of scope, and is marked as hypothetical.
func TestScreeningForAnotherDay(t *testing.T) {
	request := eligible(t)
	response, err := gate.DecidePreReview(t.Context(), &origingatev1.DecidePreReviewRequest{
		Site:        request.Site,
		Order:       request.Order,
		Declaration: request.Declaration,
		Hypothesis:  &origingatev1.Hypothesis{On: client.Date(2026, time.June, 26)},
	})
	if err != nil {
		t.Fatal(err)
	}
	expected := [...]string{"OUT_OF_SCOPE", "NOT_APPLICABLE"}
	actual := [...]string{response.GetScope().GetOutcome(), response.GetPrereview().GetOutcome()}
	if expected != actual {
		t.Errorf("expected %q, got %q", expected, actual)
	}
	if !response.GetPrereview().GetHypothetical() {
		t.Error("expected a hypothetical decision")
	}
}
