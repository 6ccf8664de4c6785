package live

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"origingate.dev/client"
	origingatev1 "origingate.dev/client/origingate/v1"
)

// typed returns the error as the client's own type.
func typed(t *testing.T, err error) *client.Error {
	t.Helper()
	var failed *client.Error
	if !errors.As(err, &failed) {
		t.Fatalf("expected an error of the client's own type, got %v", err)
	}
	return failed
}

// A day that does not exist is a request of wrong form, and the field is named.
func TestBadDate(t *testing.T) {
	request := eligible(t)
	request.Order.ImportDate = client.Date(2026, time.February, 30)
	_, err := gate.ProcessOrder(t.Context(), request)
	failed := typed(t, err)
	if expected := origingatev1.ErrorReason_ERROR_REASON_REQUEST_INVALID; expected != failed.Reason {
		t.Errorf("expected %v, got %v", expected, failed)
	}
	fields := []string{}
	for _, violation := range failed.Violations {
		fields = append(fields, violation.Field)
	}
	if expected := []string{"order.import_date"}; !slices.Equal(expected, fields) {
		t.Errorf("expected %q, got %q", expected, fields)
	}
}

// A request_id that comes back with another content is refused, and the error tells which it was.
func TestRequestIDReused(t *testing.T) {
	request := eligible(t)
	if _, err := gate.ProcessOrder(t.Context(), request); err != nil {
		t.Fatal(err)
	}
	request.Order.Lines.Items[0].Quantity.Value = "9"
	_, err := gate.ProcessOrder(t.Context(), request)
	failed := typed(t, err)
	if expected := origingatev1.ErrorReason_ERROR_REASON_REQUEST_ID_REUSED; expected != failed.Reason {
		t.Errorf("expected %v, got %v", expected, failed)
	}
	if expected := request.RequestId; expected != failed.RequestID {
		t.Errorf("expected %q, got %q", expected, failed.RequestID)
	}
}

// A case that does not exist is a typed error, and gRPC's own code is there too.
func TestCaseNotFound(t *testing.T) {
	_, err := gate.GetCase(t.Context(), "cases/00000000000000000000000000000000")
	if expected := origingatev1.ErrorReason_ERROR_REASON_CASE_NOT_FOUND; expected != client.ReasonOf(err) {
		t.Errorf("expected %v, got %v", expected, err)
	}
	if expected := codes.NotFound; expected != status.Code(err) {
		t.Errorf("expected %v, got %v", expected, status.Code(err))
	}
	if typed(t, err).CallID == "" {
		t.Errorf("expected the id with which the server logs the call, got %#v", err)
	}
}

// A call whose context ran out is the context's error and a typed one.
func TestDeadline(t *testing.T) {
	ctx, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	request := eligible(t)
	_, err := gate.ProcessOrder(ctx, request)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("expected %v, got %v", context.DeadlineExceeded, err)
	}
	if expected := request.RequestId; expected != typed(t, err).RequestID {
		t.Errorf("expected %q, got %q", expected, typed(t, err).RequestID)
	}
}
