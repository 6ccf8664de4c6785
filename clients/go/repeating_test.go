package client_test

import (
	"context"
	"net"
	"sync/atomic"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"origingate.dev/client"
	origingatev1 "origingate.dev/client/origingate/v1"
)

// flaky is out of reach twice, and then answers; it keeps the request_ids that came.
type flaky struct {
	origingatev1.UnimplementedCaseServiceServer
	came atomic.Int32
	ids  chan string
}

func (f *flaky) ProcessOrder(
	_ context.Context, request *origingatev1.ProcessOrderRequest,
) (*origingatev1.ProcessOrderResponse, error) {
	f.ids <- request.GetRequestId()
	if f.came.Add(1) < 3 {
		return nil, status.Error(codes.Unavailable, "away")
	}
	return &origingatev1.ProcessOrderResponse{}, nil
}

func (f *flaky) WatchCases(
	_ *origingatev1.WatchCasesRequest, stream grpc.ServerStreamingServer[origingatev1.WatchCasesResponse],
) error {
	if f.came.Add(1) == 1 {
		return status.Error(codes.ResourceExhausted, "too many watch")
	}
	return stream.Send(&origingatev1.WatchCasesResponse{Token: "t"})
}

func served(t *testing.T, options ...grpc.ServerOption) (*flaky, string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	service := &flaky{ids: make(chan string, 10)}
	server := grpc.NewServer(options...)
	origingatev1.RegisterCaseServiceServer(server, service)
	go server.Serve(listener)
	t.Cleanup(server.Stop)
	return service, listener.Addr().String()
}

// An order is repeated where no server can be reached, each time with the request_id that it had at first.
func TestRepeated(t *testing.T) {
	service, target := served(t)
	gate := connect(t, target)
	if _, err := gate.ProcessOrder(t.Context(), order("")); err != nil {
		t.Fatal(err)
	}
	first := <-service.ids
	for range 2 {
		if again := <-service.ids; first == "" || first != again {
			t.Errorf("expected the request_id %q, got %q", first, again)
		}
	}
}

// With one attempt nothing is repeated.
func TestNotRepeated(t *testing.T) {
	service, target := served(t)
	gate := connect(t, target, client.WithAttempts(1))
	_, err := gate.ProcessOrder(t.Context(), order(""))
	if code := status.Code(err); code != codes.Unavailable || service.came.Load() != 1 {
		t.Errorf("expected %v once, got %v, %d times", codes.Unavailable, code, service.came.Load())
	}
}

// A watch that cannot begin ends with an error of the client's own type; a reader that leaves ends it, and so does its context.
func TestWatchEnds(t *testing.T) {
	_, target := served(t)
	gate := connect(t, target)
	var failed error
	for _, err := range gate.WatchCases(t.Context(), &origingatev1.WatchCasesRequest{}) {
		failed = err
	}
	if own, ok := failed.(*client.Error); !ok || own.Code != codes.ResourceExhausted {
		t.Errorf("expected %v of the client's own type, got %v", codes.ResourceExhausted, failed)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	told, last := 0, error(nil)
	for answer, err := range gate.WatchCases(ctx, &origingatev1.WatchCasesRequest{}) {
		if last = err; err != nil {
			continue
		}
		if told++; answer.GetToken() != "t" {
			t.Errorf("expected the token t, got %q", answer.GetToken())
		}
		// The server ends each stream after an answer: the second one comes by another.
		if told == 2 {
			cancel()
		}
	}
	if last != context.Canceled {
		t.Errorf("expected %v, got %v", context.Canceled, last)
	}
	for range gate.WatchCases(t.Context(), &origingatev1.WatchCasesRequest{}) {
		break
	}
}
