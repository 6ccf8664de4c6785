package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"

	"origingate.dev/client"
	origingatev1 "origingate.dev/client/origingate/v1"
)

const caseName = "cases/00000000000000000000000000000000"

// order is the smallest one that the contract takes; without an id it gets one as it is sent.
func order(requestID string) *origingatev1.ProcessOrderRequest {
	return &origingatev1.ProcessOrderRequest{
		RequestId: requestID,
		Site:      &origingatev1.Site{SiteId: new("shop-1")},
		Order:     &origingatev1.Order{OrderId: new("order-1")},
	}
}

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

// refusing is a server that answers every GetCase with one status.
type refusing struct {
	origingatev1.UnimplementedCaseServiceServer
	status *status.Status
}

func (r refusing) GetCase(context.Context, *origingatev1.GetCaseRequest) (*origingatev1.GetCaseResponse, error) {
	return nil, r.status.Err()
}

// refused returns the error of a call that is answered with a status and its details.
func refused(t *testing.T, code codes.Code, details ...protoadapt.MessageV1) *client.Error {
	t.Helper()
	answer, err := status.New(code, "No.").WithDetails(details...)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer()
	origingatev1.RegisterCaseServiceServer(server, refusing{status: answer})
	go server.Serve(listener)
	t.Cleanup(server.Stop)
	_, err = connect(t, listener.Addr().String()).GetCase(t.Context(), caseName)
	var failed *client.Error
	if !errors.As(err, &failed) {
		t.Fatalf("expected an error of the client's own type, got %v", err)
	}
	return failed
}

// exported is all that a caller can read of an error, in one text.
func exported(t *testing.T, failed *client.Error) string {
	t.Helper()
	text, err := json.Marshal(failed)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Everything that the details of a status say is read into the error and its one line of text.
func TestDetails(t *testing.T) {
	failed := refused(t, codes.InvalidArgument,
		&errdetails.ErrorInfo{Reason: "REQUEST_INVALID", Domain: "origingate.dev", Metadata: map[string]string{"shown": "1"}},
		&errdetails.RequestInfo{RequestId: "call-7"},
		&errdetails.RetryInfo{RetryDelay: durationpb.New(1500 * time.Millisecond)},
		&errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{
			{Field: "name", Reason: "STRING_PATTERN", Description: "does not match"},
		}})
	expected := client.Error{
		Code:       codes.InvalidArgument,
		Reason:     origingatev1.ErrorReason_ERROR_REASON_REQUEST_INVALID,
		ReasonName: "REQUEST_INVALID",
		Message:    "No.",
		Violations: []client.Violation{{Field: "name", Reason: "STRING_PATTERN", Description: "does not match"}},
		Metadata:   map[string]string{"shown": "1"},
		RetryAfter: 1500 * time.Millisecond,
		CallID:     "call-7",
	}
	if expected, actual := exported(t, &expected), exported(t, failed); expected != actual {
		t.Errorf("expected %s\ngot %s", expected, actual)
	}
	if expected := "origingate: REQUEST_INVALID: No."; expected != failed.Error() {
		t.Errorf("expected %q, got %q", expected, failed.Error())
	}
}

// A reason that this package lacks, because the server is newer, is kept by its name.
func TestNewerReason(t *testing.T) {
	failed := refused(t, codes.Aborted, &errdetails.ErrorInfo{Reason: "MOON_IS_FULL", Domain: "origingate.dev"})
	if expected := "MOON_IS_FULL"; expected != failed.ReasonName {
		t.Errorf("expected %q, got %q", expected, failed.ReasonName)
	}
	if expected := origingatev1.ErrorReason_ERROR_REASON_UNSPECIFIED; expected != failed.Reason {
		t.Errorf("expected %v, got %v", expected, failed.Reason)
	}
}

// A reason of another domain, e.g. of a proxy, is not ours.
func TestReasonOfAnotherDomain(t *testing.T) {
	failed := refused(t, codes.Aborted, &errdetails.ErrorInfo{Reason: "INTERNAL", Domain: "proxy.example"})
	if expected := ""; expected != failed.ReasonName {
		t.Errorf("expected %q, got %q", expected, failed.ReasonName)
	}
}

// A call without a deadline of its own ends with the client's.
func TestDeadlineOfTheClient(t *testing.T) {
	gate := connect(t, silent(t), client.WithDeadline(50*time.Millisecond))
	_, err := gate.GetCase(t.Context(), caseName)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("expected %v, got %v", context.DeadlineExceeded, err)
	}
}

// A deadline of the call counts before the client's.
func TestDeadlineOfTheCall(t *testing.T) {
	gate := connect(t, silent(t), client.WithDeadline(time.Hour))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := gate.GetCase(ctx, caseName)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("expected %v, got %v", context.DeadlineExceeded, err)
	}
}

// A call that its caller gives up is the context's error.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := connect(t, silent(t)).GetCase(ctx, caseName)
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
	_, err = gate.ProcessOrder(t.Context(), order(""))
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
	gate.GetCase(t.Context(), caseName)
	if actual := <-first; actual != handshake {
		t.Errorf("expected %#x, got %#x", handshake, actual)
	}
}
