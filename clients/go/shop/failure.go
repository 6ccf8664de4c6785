package main

import (
	"errors"
	"fmt"

	"google.golang.org/grpc/codes"

	"origingate.dev/client"
	origingatev1 "origingate.dev/client/origingate/v1"
)

// sayings are what people are told where Origin Gate gave no answer, by the code of the call.
var sayings = map[codes.Code]string{
	codes.DeadlineExceeded:   "Origin Gate did not answer in time; what it does goes on, and it is asked again.",
	codes.Unavailable:        "Origin Gate cannot be reached, or its certificate and ours do not agree; it is asked again.",
	codes.Canceled:           "Origin Gate stopped while it was asked; it is asked again.",
	codes.Unauthenticated:    "Origin Gate does not know our API key, or does not take it any more; our operator has to mend that.",
	codes.PermissionDenied:   "Our API key is not for this; our operator has to mend that.",
	codes.ResourceExhausted:  "Origin Gate takes no more calls just now; it is asked again.",
	codes.FailedPrecondition: "Origin Gate cannot take the order as the case stands; our operator has to look at it.",
	codes.Internal:           "Origin Gate has a fault; it is asked again.",
	codes.InvalidArgument:    "Origin Gate does not take the order in this form; mend what is named and send it again.",
}

// failed is what an error means for the shop. What may have been done is asked again under the same request_id, and so is
// what an operator can mend; only a request that is refused for what it says is not.
func failed(err error) Answer {
	var refused *client.Error
	if !errors.As(err, &refused) {
		return Answer{State: Failed, Because: "Origin Gate could not be asked; it is asked again.", next: askAgain}
	}
	answer := Answer{State: Failed, Because: sayings[refused.Code], next: askAgain}
	switch {
	case answer.Because == "":
		answer.Because = fmt.Sprintf("Origin Gate gave no answer (%v); it is asked again.", refused.Code)
	case refused.Code == codes.DeadlineExceeded:
		answer.State = Pending
	case refused.Code == codes.InvalidArgument:
		answer.Faults, answer.next = faultsOf(err), nothing
	}
	if refused.Reason == origingatev1.ErrorReason_ERROR_REASON_NO_PLATFORM {
		answer.Because = "No origin verification platform is set up for our shop; our operator has to mend that."
	}
	return answer
}
