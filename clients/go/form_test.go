package client_test

import (
	"slices"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"origingate.dev/client"
	origingatev1 "origingate.dev/client/origingate/v1"
)

// broken has two fields that the contract refuses.
func broken() *origingatev1.ProcessOrderRequest {
	request := order("short")
	request.Order.Lines = &origingatev1.OrderLines{Items: []*origingatev1.OrderLine{{LineId: "1", Hs: new("bars")}}}
	return request
}

func violationsOf(err error) []client.Violation {
	failed, ok := err.(*client.Error)
	if !ok {
		return nil
	}
	return failed.Violations
}

// What the contract refuses is the error that the server would give, with every field at fault.
func TestValidate(t *testing.T) {
	err := client.Validate(broken())
	if expected := origingatev1.ErrorReason_ERROR_REASON_REQUEST_INVALID; expected != client.ReasonOf(err) {
		t.Fatalf("expected %v, got %v", expected, err)
	}
	fields, reasons := []string{}, []string{}
	for _, violation := range violationsOf(err) {
		fields, reasons = append(fields, violation.Field), append(reasons, violation.Reason)
	}
	if expected := []string{"request_id", "order.lines.items[0].hs"}; !slices.Equal(expected, fields) {
		t.Errorf("expected %q, got %q", expected, fields)
	}
	if expected := []string{"STRING_MIN_LEN", "STRING_PATTERN"}; !slices.Equal(expected, reasons) {
		t.Errorf("expected %q, got %q", expected, reasons)
	}
	if expected := codes.InvalidArgument; expected != status.Code(err) {
		t.Errorf("expected %v, got %v", expected, status.Code(err))
	}
}

// A request that the contract takes has no error, and neither has a batch for the sake of one bad item.
func TestValid(t *testing.T) {
	if err := client.Validate(order("request-1")); err != nil {
		t.Error(err)
	}
	item := &origingatev1.CheckScopeRequest{Order: broken().Order}
	batch := &origingatev1.BatchCheckScopeRequest{Items: []*origingatev1.CheckScopeRequest{item}}
	if err := client.Validate(batch); err != nil {
		t.Error(err)
	}
}

// What the contract refuses is not sent, and the error tells the request_id; a client can leave that to the server.
func TestNotSent(t *testing.T) {
	service, target := served(t)
	_, err := connect(t, target).ProcessOrder(t.Context(), broken())
	failed, ok := err.(*client.Error)
	if !ok || failed.Reason != origingatev1.ErrorReason_ERROR_REASON_REQUEST_INVALID || failed.RequestID != "short" {
		t.Errorf("expected REQUEST_INVALID of short, got %v", err)
	}
	if came := service.came.Load(); came != 0 {
		t.Errorf("expected no call, got %d", came)
	}
	left := connect(t, target, client.WithFormLeftToServer())
	if _, err := left.ProcessOrder(t.Context(), broken()); err != nil {
		t.Error(err)
	}
}
