package main

import (
	"errors"
	"path/filepath"
	"testing"
)

func opened(t *testing.T) *Store {
	t.Helper()
	store, err := OpenStore(filepath.Join(t.TempDir(), "shop.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

func placed(t *testing.T, store *Store) Record {
	t.Helper()
	record, _, err := store.Place(t.Context(), eligible(t, "AN-1"), "request-1")
	if err != nil {
		t.Fatal(err)
	}
	return record
}

func kept(t *testing.T, store *Store, record Record, answer Answer, token string) Record {
	t.Helper()
	after, err := store.Keep(t.Context(), record, answer, token)
	if err != nil {
		t.Fatal(err)
	}
	return after
}

// The same order again is the one that is there, under the request_id that it was first kept with.
func TestSameOrder(t *testing.T) {
	store := opened(t)
	placed(t, store)
	again, isNew, err := store.Place(t.Context(), eligible(t, "AN-1"), "request-2")
	if err != nil || isNew || again.RequestID != "request-1" {
		t.Errorf("expected the order that is there, got %v, new: %v, %v", again.RequestID, isNew, err)
	}
}

// The same number with another content is refused.
func TestOtherOrder(t *testing.T) {
	store := opened(t)
	placed(t, store)
	other := eligible(t, "AN-1")
	other.Destination = "CA"
	if _, _, err := store.Place(t.Context(), other, "request-2"); !errors.Is(err, ErrOther) {
		t.Errorf("expected %v, got %v", ErrOther, err)
	}
}

// An order of which Origin Gate refused the form gives way to a mended one.
func TestMendedOrder(t *testing.T) {
	store := opened(t)
	kept(t, store, placed(t, store), Answer{State: Failed, Faults: []Fault{{"/destination", "no such country"}}}, "")
	mended := eligible(t, "AN-1")
	mended.Destination = "CA"
	record, _, err := store.Place(t.Context(), mended, "request-2")
	if err != nil || record.RequestID != "request-2" || record.Order.Destination != "CA" || !record.AskAgain {
		t.Errorf("expected the mended order to be asked about, got %+v, %v", record, err)
	}
}

// An answer about an earlier version of the case does not take the place of a later one.
func TestEarlierAnswer(t *testing.T) {
	store := opened(t)
	record := placed(t, store)
	kept(t, store, record, Answer{State: Confirmed, ECertID: "SBX-1", version: 5}, "")
	after := kept(t, store, record, Answer{State: Pending, version: 3}, "")
	if after.Answer.State != Confirmed || after.Answer.ECertID != "SBX-1" {
		t.Errorf("expected it to stay confirmed, got %+v", after.Answer)
	}
}

// A failure changes nothing where the answer is known.
func TestFailureAfterAnswer(t *testing.T) {
	store := opened(t)
	record := placed(t, store)
	kept(t, store, record, Answer{State: Pending, version: 3}, "")
	after := kept(t, store, record, Answer{State: Failed, next: askAgain}, "")
	if after.Answer.State != Pending || after.AskAgain {
		t.Errorf("expected it to stay pending, got %+v", after)
	}
}

// An order that has to be asked about again stays confirmed where it cannot be asked.
func TestAskedLater(t *testing.T) {
	store := opened(t)
	record := placed(t, store)
	kept(t, store, record, Answer{State: Confirmed, ECertID: "SBX-1", version: 5}, "")
	if err := store.AskLater(t.Context(), record, 6, "token-8"); err != nil {
		t.Fatal(err)
	}
	after := kept(t, store, record, Answer{State: Failed, next: askAgain}, "")
	if after.Answer.State != Confirmed || !after.AskAgain {
		t.Errorf("expected it to stay confirmed, and to be asked about, got %+v", after)
	}
	if token, err := store.Token(t.Context()); token != "token-8" || err != nil {
		t.Errorf("expected token-8, got %q, %v", token, err)
	}
}

// An answer from before an event that was heard changes nothing: the order still has to be asked about.
func TestAnswerFromBeforeEvent(t *testing.T) {
	store := opened(t)
	record := placed(t, store)
	if err := store.AskLater(t.Context(), record, 4, "token-8"); err != nil {
		t.Fatal(err)
	}
	after := kept(t, store, record, Answer{State: Confirmed, ECertID: "SBX-1", version: 3}, "")
	if after.Answer.State != Pending || !after.AskAgain {
		t.Errorf("expected it to be asked about, got %+v", after)
	}
}

// The answer to an earlier request does not take the place of that to a later one.
func TestAnswerToEarlierRequest(t *testing.T) {
	store := opened(t)
	record := placed(t, store)
	if _, err := store.Extend(t.Context(), record, record.Order, "request-2"); err != nil {
		t.Fatal(err)
	}
	after := kept(t, store, record, Answer{State: Refused, version: 9}, "")
	if after.Answer.State != Pending || !after.AskAgain {
		t.Errorf("expected the later request to wait, got %+v", after)
	}
}

// An order that surely was not taken is asked about again under another request_id.
func TestAskedAnew(t *testing.T) {
	store := opened(t)
	after := kept(t, store, placed(t, store), Answer{State: Failed, version: 2, next: askAnew}, "")
	if after.RequestID == "request-1" || !after.AskAgain {
		t.Errorf("expected another request_id, got %+v", after)
	}
	waiting, err := store.ToAsk(t.Context(), false)
	if err != nil || len(waiting) != 1 || waiting[0].RequestID != after.RequestID {
		t.Errorf("expected it to be asked about, got %+v, %v", waiting, err)
	}
}

// The token of an event is kept with the answer that the event brought.
func TestToken(t *testing.T) {
	store := opened(t)
	if token, err := store.Token(t.Context()); token != "" || err != nil {
		t.Errorf("expected none, got %q, %v", token, err)
	}
	kept(t, store, placed(t, store), Answer{State: Confirmed, version: 5}, "token-7")
	if token, err := store.Token(t.Context()); token != "token-7" || err != nil {
		t.Errorf("expected token-7, got %q, %v", token, err)
	}
}
