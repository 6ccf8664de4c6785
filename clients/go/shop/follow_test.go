package main

import (
	"context"
	"log/slog"
	"net"
	"testing"
	"time"

	"google.golang.org/grpc"

	"origingate.dev/client"
	origingatev1 "origingate.dev/client/origingate/v1"
)

// scripted answers calls one after the other, as it was told to.
type scripted struct {
	origingatev1.UnimplementedCaseServiceServer
	answers chan *origingatev1.ProcessOrderResponse
}

func (s scripted) ProcessOrder(context.Context, *origingatev1.ProcessOrderRequest) (*origingatev1.ProcessOrderResponse, error) {
	return <-s.answers, nil
}

// asking is a desk, with an order that was placed, whose calls are answered so.
func asking(t *testing.T, answers ...*origingatev1.ProcessOrderResponse) (*Desk, Record) {
	t.Helper()
	script := scripted{answers: make(chan *origingatev1.ProcessOrderResponse, len(answers))}
	for _, answer := range answers {
		script.answers <- answer
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer()
	origingatev1.RegisterCaseServiceServer(server, script)
	go server.Serve(listener)
	t.Cleanup(server.Stop)
	gate, err := client.Connect(listener.Addr().String(), client.WithPlaintext())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { gate.Close() })
	desk := &Desk{store: opened(t), gate: gate, site: "aceros-shop", deadline: time.Minute, log: slog.New(slog.DiscardHandler)}
	return desk, placed(t, desk.store)
}

func (d *Desk) hears(t *testing.T, state origingatev1.CaseState, version int32) {
	t.Helper()
	event := &origingatev1.CaseEvent{OrderId: "AN-1", ToState: state, Version: version}
	if _, err := d.hear(t.Context(), event, "token-1"); err != nil {
		t.Fatal(err)
	}
}

func (d *Desk) ends(t *testing.T, expected State) {
	t.Helper()
	if _, err := d.round(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	record, err := d.store.Find(t.Context(), "AN-1")
	if err != nil || expected != record.Answer.State || record.AskAgain {
		t.Errorf("expected %s, got %+v, to be asked about: %v, %v", expected, record.Answer, record.AskAgain, err)
	}
}

func responseOf(state origingatev1.CaseState, version int32, favourable origingatev1.Favourable) *origingatev1.ProcessOrderResponse {
	return &origingatev1.ProcessOrderResponse{
		Case:      &origingatev1.Case{Name: "cases/1", State: state, Version: version},
		Prereview: &origingatev1.Decision{Favourable: favourable, Missing: []string{"certificate.status"}},
	}
}

// An event that is heard while its order is being asked about is not lost: an answer from before it counts as none, whether the
// event or the call brings it, and the order is asked about again.
func TestEventDuringCall(t *testing.T) {
	verifying := responseOf(origingatev1.CaseState_CASE_STATE_VERIFYING, 3, unknown)
	certified := responseOf(origingatev1.CaseState_CASE_STATE_CERTIFIED, 4, yes)
	revoked := responseOf(origingatev1.CaseState_CASE_STATE_REVOKED, 5, yes)
	for name, one := range map[string]struct {
		before, after *origingatev1.ProcessOrderResponse
		expected      State
	}{
		"certified": {verifying, certified, Confirmed},
		"revoked":   {certified, revoked, Refused},
	} {
		t.Run(name, func(t *testing.T) {
			desk, record := asking(t, one.before, one.after)
			desk.hears(t, one.after.Case.State, one.after.Case.Version)
			kept(t, desk.store, record, answered(one.before), "")
			desk.ends(t, one.expected)
		})
	}
}

// So it is with an order that failed before, and is being asked about again.
func TestEventDuringCallAfterFailure(t *testing.T) {
	desk, record := asking(t, responseOf(origingatev1.CaseState_CASE_STATE_CERTIFIED, 4, yes))
	kept(t, desk.store, record, Answer{State: Failed, next: askAgain}, "")
	desk.hears(t, origingatev1.CaseState_CASE_STATE_CERTIFIED, 4)
	kept(t, desk.store, record, answered(responseOf(origingatev1.CaseState_CASE_STATE_VERIFYING, 3, unknown)), "")
	desk.ends(t, Confirmed)
}

// A confirmed order is refused from the moment that its case is being cancelled.
func TestCancellingIsHeard(t *testing.T) {
	desk, record := asking(t, responseOf(origingatev1.CaseState_CASE_STATE_CANCELLING, 5, yes))
	kept(t, desk.store, record, answered(responseOf(origingatev1.CaseState_CASE_STATE_CERTIFIED, 4, yes)), "")
	desk.hears(t, origingatev1.CaseState_CASE_STATE_CANCELLING, 5)
	desk.ends(t, Refused)
}

// The token of what is heard just as the watch ends is kept.
func TestTokenAsTheWatchEnds(t *testing.T) {
	desk, _ := asking(t)
	ear := &listening{desk: desk}
	ended, end := context.WithCancel(t.Context())
	end()
	if err := ear.hear(ended, &origingatev1.WatchCasesResponse{Token: "token-9"}); err == nil {
		t.Error("expected it not to be kept yet")
	}
	if err := ear.keep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if token := tokenIn(t, desk.store); token != "token-9" {
		t.Errorf("expected token-9, got %q", token)
	}
}
