package client

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"buf.build/go/protovalidate"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	origingatev1 "origingate.dev/client/origingate/v1"
)

// Validate holds a request against the contract's rules of form, without a server. Its error is the one that the server
// would give, REQUEST_INVALID with every field at fault, but for the [Error.CallID]. Only the server knows the rest, e.g.
// whether a country exists; so nil is no promise that the request is taken.
//
// A [Client] does so with each call before it is sent, unless [WithFormLeftToServer] says otherwise.
func Validate(request proto.Message) error {
	var breach *protovalidate.ValidationError
	switch err := protovalidate.Validate(request); {
	case err == nil:
		return nil
	case !errors.As(err, &breach):
		// The rules themselves cannot be read here: the server holds the request against its own.
		return nil
	}
	broken := &errdetails.BadRequest{}
	for _, violation := range breach.Violations {
		said := violation.Proto
		broken.FieldViolations = append(broken.FieldViolations, &errdetails.BadRequest_FieldViolation{
			Field:       protovalidate.FieldPathString(said.GetField()),
			Description: said.GetMessage(),
			Reason:      strings.ToUpper(strings.ReplaceAll(said.GetRuleId(), ".", "_")),
		})
	}
	return fromStatus(requestInvalid(broken))
}

func requestInvalid(broken *errdetails.BadRequest) *status.Status {
	first, others := broken.GetFieldViolations()[0], ""
	if more := len(broken.GetFieldViolations()) - 1; more > 0 {
		others = fmt.Sprintf(" And %d more.", more)
	}
	where := ""
	if first.GetField() != "" {
		where = first.GetField() + ": "
	}
	reason := origingatev1.ErrorReason_ERROR_REASON_REQUEST_INVALID.String()
	refused := status.New(codes.InvalidArgument, "The request breaks a rule of form: "+where+first.GetDescription()+"."+others)
	// No error is possible: the code is not OK, and these are messages.
	detailed, _ := refused.WithDetails(
		&errdetails.ErrorInfo{Reason: strings.TrimPrefix(reason, reasonPrefix), Domain: domain}, broken,
	)
	return detailed
}

// holdForm fails a call whose request the contract refuses before it is sent.
func holdForm(
	ctx context.Context, method string, request, reply any,
	connection *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption,
) error {
	if message, ok := request.(proto.Message); ok {
		if err := Validate(message); err != nil {
			return err
		}
	}
	return invoke(ctx, method, request, reply, connection, options...)
}
