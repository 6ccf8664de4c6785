package main

import (
	"testing"

	"google.golang.org/grpc/codes"

	"origingate.dev/client"
	origingatev1 "origingate.dev/client/origingate/v1"
)

const (
	yes      = origingatev1.Favourable_FAVOURABLE_YES
	no       = origingatev1.Favourable_FAVOURABLE_NO
	unknown  = origingatev1.Favourable_FAVOURABLE_UNKNOWN
	declared = origingatev1.CaseState_CASE_STATE_DECLARED
)

// What is answered of a case means one state for the shop, and says what it does next. A repeated request answers what was decided
// before: where the case has left that behind, its state counts.
func TestAnswered(t *testing.T) {
	for name, one := range map[string]struct {
		state      origingatev1.CaseState
		favourable origingatev1.Favourable
		missing    []string
		attempts   int
		expected   State
		next       next
	}{
		"certified":                        {origingatev1.CaseState_CASE_STATE_CERTIFIED, yes, nil, 1, Confirmed, nothing},
		"handed off":                       {origingatev1.CaseState_CASE_STATE_HANDED_OFF, yes, nil, 1, Confirmed, nothing},
		"out of scope":                     {declared, yes, nil, 0, Confirmed, nothing},
		"out of scope, undeclared":         {origingatev1.CaseState_CASE_STATE_ORDERED, yes, nil, 0, Confirmed, nothing},
		"suspended":                        {declared, no, nil, 0, Refused, nothing},
		"rejected":                         {origingatev1.CaseState_CASE_STATE_REJECTED, no, nil, 1, Refused, nothing},
		"rejected after it was so":         {origingatev1.CaseState_CASE_STATE_REJECTED, yes, nil, 2, Refused, nothing},
		"being asked":                      {origingatev1.CaseState_CASE_STATE_VERIFYING, unknown, []string{"certificate.status"}, 1, Pending, nothing},
		"being found out":                  {origingatev1.CaseState_CASE_STATE_RECONCILING, unknown, []string{"certificate.status"}, 1, Pending, nothing},
		"with a person":                    {origingatev1.CaseState_CASE_STATE_IN_REVIEW, unknown, []string{"certificate.status"}, 1, Pending, nothing},
		"with the operator":                {origingatev1.CaseState_CASE_STATE_MANUAL, unknown, []string{"certificate.status"}, 1, Pending, nothing},
		"not taken":                        {declared, unknown, []string{"certificate.status"}, 1, Failed, askAnew},
		"facts are missing":                {declared, unknown, []string{"certificate.status", "order.destination"}, 0, Questions, nothing},
		"revoked after it was so":          {origingatev1.CaseState_CASE_STATE_REVOKED, yes, nil, 1, Refused, nothing},
		"expired after it was so":          {origingatev1.CaseState_CASE_STATE_EXPIRED, yes, nil, 1, Refused, nothing},
		"being superseded":                 {origingatev1.CaseState_CASE_STATE_SUPERSEDING, yes, nil, 1, Pending, nothing},
		"being certified anew":             {origingatev1.CaseState_CASE_STATE_VERIFYING, yes, nil, 2, Pending, nothing},
		"certified, now with the operator": {origingatev1.CaseState_CASE_STATE_MANUAL, yes, nil, 1, Pending, nothing},
		"being cancelled":                  {origingatev1.CaseState_CASE_STATE_CANCELLING, yes, nil, 1, Refused, nothing},
		"cancelled":                        {origingatev1.CaseState_CASE_STATE_CANCELLED, yes, nil, 1, Refused, nothing},
	} {
		t.Run(name, func(t *testing.T) {
			actual := answered(&origingatev1.ProcessOrderResponse{
				Case:      &origingatev1.Case{State: one.state, Attempts: make([]*origingatev1.Attempt, one.attempts)},
				Prereview: &origingatev1.Decision{Favourable: one.favourable, Missing: one.missing},
			})
			if one.expected != actual.State || one.next != actual.next {
				t.Errorf("expected %s and %d, got %s and %d", one.expected, one.next, actual.State, actual.next)
			}
		})
	}
}

// What may have been done, and what somebody can mend, is asked again under the same request_id; a wrong form is not.
func TestFailed(t *testing.T) {
	for code, one := range map[codes.Code]struct {
		expected State
		next     next
	}{
		codes.Unavailable:      {Failed, askAgain},
		codes.DeadlineExceeded: {Pending, askAgain},
		codes.Unauthenticated:  {Failed, askAgain},
		codes.DataLoss:         {Failed, askAgain},
		codes.InvalidArgument:  {Failed, nothing},
	} {
		actual := failed(&client.Error{Code: code})
		if one.expected != actual.State || one.next != actual.next || actual.Because == "" {
			t.Errorf("%v: expected %s and %d, with a sentence, got %+v", code, one.expected, one.next, actual)
		}
	}
}
