package live

import (
	"testing"
	"time"

	"origingate.dev/client"
	"origingate.dev/client/internal/gatetest"
	origingatev1 "origingate.dev/client/origingate/v1"
)

// Calls go round two servers; when one of them dies, all go to the other, and none fails.
func TestTwoServersOfWhichOneDies(t *testing.T) {
	other, err := gatetest.Serve(t.TempDir(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Kill()
	target, both := client.Addresses(first.Target, other.Target)
	round, err := client.Connect(target, both, client.WithPlaintext(), client.WithDeadline(callDeadline))
	if err != nil {
		t.Fatal(err)
	}
	defer round.Close()
	// A case that the first server knows, and the other one does not: who answered shows.
	answer, err := gate.ProcessOrder(t.Context(), eligible(t))
	if err != nil {
		t.Fatal(err)
	}
	answered := func() string {
		_, err := round.GetCase(t.Context(), answer.GetCase().GetName())
		switch {
		case err == nil:
			return "first"
		case client.ReasonOf(err) == origingatev1.ErrorReason_ERROR_REASON_CASE_NOT_FOUND:
			return "other"
		}
		t.Errorf("a call failed: %v", err)
		return "neither"
	}
	seen := map[string]int{}
	for late := time.Now().Add(gatetest.Patience); seen["first"] < 5 || seen["other"] < 5; seen[answered()]++ {
		if time.Now().After(late) {
			t.Fatalf("expected calls to both, got %v", seen)
		}
	}
	other.Kill()
	clear(seen)
	for range 20 {
		seen[answered()]++
	}
	if seen["first"] != 20 {
		t.Errorf("expected all calls to go to the first, got %v", seen)
	}
}
