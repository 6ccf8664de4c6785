package client_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"origingate.dev/client"
	origingatev1 "origingate.dev/client/origingate/v1"
)

// silent returns the address of something that takes connections and never answers.
func silent(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener.Addr().String()
}

func connect(t *testing.T, target string, options ...client.Option) *client.Client {
	t.Helper()
	gate, err := client.Connect(target, append(options, client.WithPlaintext())...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { gate.Close() })
	return gate
}

// A call without a deadline of its own ends with the client's.
func TestDeadlineOfTheClient(t *testing.T) {
	gate := connect(t, silent(t), client.WithDeadline(50*time.Millisecond))
	_, err := gate.GetCase(t.Context(), "cases/0")
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("expected %v, got %v", context.DeadlineExceeded, err)
	}
}

// A deadline of the call counts before the client's.
func TestDeadlineOfTheCall(t *testing.T) {
	gate := connect(t, silent(t), client.WithDeadline(time.Hour))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := gate.GetCase(ctx, "cases/0")
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("expected %v, got %v", context.DeadlineExceeded, err)
	}
}

// A call that its caller gives up is the context's error.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := connect(t, silent(t)).GetCase(ctx, "cases/0")
	if !errors.Is(err, context.Canceled) {
		t.Errorf("expected %v, got %v", context.Canceled, err)
	}
}

// Where no server can be reached, the error has gRPC's code, no reason, and the request_id with which to try again.
func TestNobodyThere(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	gate := connect(t, listener.Addr().String())
	_, err = gate.ProcessOrder(t.Context(), &origingatev1.ProcessOrderRequest{})
	var failed *client.Error
	if !errors.As(err, &failed) {
		t.Fatalf("expected an error of the client's own type, got %v", err)
	}
	if expected := codes.Unavailable; expected != failed.Code {
		t.Errorf("expected %v, got %v", expected, failed.Code)
	}
	if expected := origingatev1.ErrorReason_ERROR_REASON_UNSPECIFIED; expected != failed.Reason {
		t.Errorf("expected %v, got %v", expected, failed.Reason)
	}
	if failed.RequestID == "" {
		t.Error("expected the request_id that was made")
	}
	if expected := "origingate: Unavailable: "; !strings.HasPrefix(err.Error(), expected) {
		t.Errorf("expected %q first, got %q", expected, err.Error())
	}
}

// An error of somebody else has no reason.
func TestReasonOfAnotherError(t *testing.T) {
	for _, err := range []error{nil, errors.New("disk full"), fmt.Errorf("order 7: %w", context.Canceled)} {
		if expected := origingatev1.ErrorReason_ERROR_REASON_UNSPECIFIED; expected != client.ReasonOf(err) {
			t.Errorf("expected %v, got %v", expected, client.ReasonOf(err))
		}
	}
}

// Without a word about credentials a client begins with a TLS handshake.
func TestTLSByDefault(t *testing.T) {
	const handshake = 0x16
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	gate, err := client.Connect(listener.Addr().String(), client.WithDeadline(5*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	defer gate.Close()
	first := make(chan byte, 1)
	go func() {
		defer close(first)
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		defer connection.Close()
		byteRead := make([]byte, 1)
		connection.Read(byteRead)
		first <- byteRead[0]
	}()
	gate.GetCase(t.Context(), "cases/0")
	if actual := <-first; actual != handshake {
		t.Errorf("expected %#x, got %#x", handshake, actual)
	}
}
