package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	origingatev1 "origingate.dev/client/origingate/v1"
)

const (
	domain       = "origingate.dev"
	reasonPrefix = "ERROR_REASON_"
)

// Error says why no answer could be given. Every failed call of a [Client] returns one:
//
//	var failed *client.Error
//	if errors.As(err, &failed) && failed.Reason == origingatev1.ErrorReason_ERROR_REASON_REQUEST_INVALID {
//		for _, violation := range failed.Violations { ... }
//	}
type Error struct {
	// Code is gRPC's own status code.
	Code codes.Code
	// Reason is the stable reason. It is ERROR_REASON_UNSPECIFIED where the error did not come from Origin Gate itself,
	// e.g. when nothing could be reached, and where the server is newer and gives a reason that this package lacks.
	Reason origingatev1.ErrorReason
	// ReasonName is the reason as it was sent, e.g. "REQUEST_INVALID". It is empty where no reason was sent.
	ReasonName string
	// Message is the server's sentence about it, for people.
	Message string
	// Violations are the fields that are at fault. Empty where the reason is another one.
	Violations []Violation
	// Metadata has further values that belong to the reason, e.g. "site_id". It may be nil.
	Metadata map[string]string
	// RetryAfter is how long to wait before the call is repeated. Zero where the server named no time.
	RetryAfter time.Duration
	// RequestID is the request_id that ProcessOrder sent, with which the call can be repeated. Empty for other calls.
	RequestID string
	// CallID finds the call in the server's logs. Empty where the server did not answer.
	CallID string

	status *status.Status
}

// Violation is one field that is at fault.
type Violation struct {
	// Field is its path, e.g. "order.lines.items[0].hs".
	Field string
	// Reason is a stable code for what is wrong, e.g. "STRING_MIN_LEN".
	Reason string
	// Description says what is wrong with it, for people.
	Description string
}

// Error returns the reason and the server's sentence, which tells the first field at fault and how many there are.
func (e *Error) Error() string {
	name := e.ReasonName
	if name == "" {
		name = e.Code.String()
	}
	return fmt.Sprintf("origingate: %s: %s", name, e.Message)
}

// GRPCStatus returns the status as it came, so that gRPC's own functions know the error.
func (e *Error) GRPCStatus() *status.Status {
	return e.status
}

// Is says that a call that ran out of time or was cancelled is the context's error of that name.
func (e *Error) Is(target error) bool {
	switch target {
	case context.DeadlineExceeded:
		return e.Code == codes.DeadlineExceeded
	case context.Canceled:
		return e.Code == codes.Canceled
	}
	return false
}

// ReasonOf returns the reason of an error, however it was wrapped. It is ERROR_REASON_UNSPECIFIED for nil and for errors
// that are not of this package.
func ReasonOf(err error) origingatev1.ErrorReason {
	var failed *Error
	if errors.As(err, &failed) {
		return failed.Reason
	}
	return origingatev1.ErrorReason_ERROR_REASON_UNSPECIFIED
}

func typedErrors(
	ctx context.Context, method string, request, reply any,
	connection *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption,
) error {
	return typedError(invoke(ctx, method, request, reply, connection, options...))
}

// typedError is an error of gRPC as one of this package; nil and the end of a stream stay what they are.
func typedError(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	return fromStatus(status.Convert(err))
}

func fromStatus(from *status.Status) *Error {
	failed := &Error{Code: from.Code(), Message: from.Message(), status: from}
	for _, detail := range from.Details() {
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			if detail.GetDomain() == domain {
				failed.ReasonName = detail.GetReason()
				failed.Metadata = detail.GetMetadata()
				failed.Reason = origingatev1.ErrorReason(origingatev1.ErrorReason_value[reasonPrefix+detail.GetReason()])
			}
		case *errdetails.BadRequest:
			for _, violation := range detail.GetFieldViolations() {
				failed.Violations = append(failed.Violations, Violation{
					Field:       violation.GetField(),
					Reason:      violation.GetReason(),
					Description: violation.GetDescription(),
				})
			}
		case *errdetails.RetryInfo:
			failed.RetryAfter = detail.GetRetryDelay().AsDuration()
		case *errdetails.RequestInfo:
			failed.CallID = detail.GetRequestId()
		}
	}
	return failed
}

// withRequestID adds the request_id that was sent.
func withRequestID(err error, sent string) error {
	var failed *Error
	if errors.As(err, &failed) {
		failed.RequestID = sent
	}
	return err
}
