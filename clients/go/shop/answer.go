package main

import (
	"slices"

	"google.golang.org/protobuf/proto"

	origingatev1 "origingate.dev/client/origingate/v1"
)

// State is where an order stands for the shop.
type State string

const (
	// Confirmed: nothing stands against the order. It has an e-Cert ID where it needs one.
	Confirmed State = "CONFIRMED"
	// Questions: something has to be told first.
	Questions State = "QUESTIONS"
	// Refused: it cannot go on as it is; the findings say why, and what would mend it.
	Refused State = "REFUSED"
	// Pending: the answer is not there yet, and comes by itself.
	Pending State = "PENDING"
	// Failed: nothing could be asked.
	Failed State = "FAILED"
)

// Answer is what the shop knows of an order from Origin Gate.
type Answer struct {
	State       State        `json:"state"`
	Because     string       `json:"because,omitempty"`
	ECertID     string       `json:"eCertId,omitempty"`
	Case        string       `json:"case,omitempty"`
	Questions   []Question   `json:"questions,omitempty"`
	Findings    []Finding    `json:"findings,omitempty"`
	Differences []Difference `json:"differences,omitempty"`
	Decisions   []Decision   `json:"decisions,omitempty"`
	Faults      []Fault      `json:"faults,omitempty"`

	// version counts what happened to the case: an answer never takes the place of a later one.
	version int32
	receipt []byte
	next    next
}

// next is what the shop does about an order by itself.
type next int

const (
	nothing  next = iota // what is there to do is done, or comes by the watch
	askAgain             // with the request_id that was sent: it is not known what became of it
	askAnew              // with another request_id: it is known that nothing became of it
)

// Finding is why an order is refused.
type Finding struct {
	Reason  string `json:"reason"`
	Because string `json:"because"`
	Remedy  string `json:"remedy,omitempty"`
	Place   string `json:"place,omitempty"`
}

// Difference is where an order differs from what its certificate certifies.
type Difference struct {
	Path string `json:"path"`
	Was  string `json:"was"`
	Now  string `json:"now"`
}

// Decision is the answer to one question, with the rulebook that gave it.
type Decision struct {
	Question string `json:"question"`
	Outcome  string `json:"outcome"`
	Rulebook string `json:"rulebook"`
}

// underWay are the states of a case in which its answer still comes.
var underWay = map[origingatev1.CaseState]string{
	origingatev1.CaseState_CASE_STATE_VERIFYING:   "The platform is being asked.",
	origingatev1.CaseState_CASE_STATE_RECONCILING: "It is being found out what the platform did.",
	origingatev1.CaseState_CASE_STATE_IN_REVIEW:   "A person at the platform looks at it.",
	origingatev1.CaseState_CASE_STATE_MANUAL:      "The operator of Origin Gate has to settle it with the platform.",
	origingatev1.CaseState_CASE_STATE_SUPERSEDING: "An earlier certificate is being voided first.",
}

// ended are the states of a case whose order cannot go on, whatever was decided before.
var ended = map[origingatev1.CaseState]string{
	origingatev1.CaseState_CASE_STATE_REVOKED:    "The certificate was revoked.",
	origingatev1.CaseState_CASE_STATE_EXPIRED:    "The certificate has expired.",
	origingatev1.CaseState_CASE_STATE_CANCELLING: "The order is being cancelled.",
	origingatev1.CaseState_CASE_STATE_CANCELLED:  "The order was cancelled.",
}

// answered is what Origin Gate's answer means for the shop.
func answered(response *origingatev1.ProcessOrderResponse) Answer {
	prereview, state := response.GetPrereview(), response.GetCase().GetState()
	answer := Answer{
		ECertID: response.GetECertId(),
		Case:    response.GetCase().GetName(),
		version: response.GetCase().GetVersion(),
	}
	if response.GetReceipt() != nil {
		// No error is possible: it was read as such a message.
		answer.receipt, _ = proto.Marshal(response.GetReceipt())
	}
	for _, decision := range []*origingatev1.Decision{
		response.GetScope(), response.GetCertification(), response.GetOrigin(), prereview,
	} {
		answer.Decisions = append(answer.Decisions,
			Decision{decision.GetQuestion(), decision.GetOutcome(), decision.GetRulebookDigest()})
	}
	for _, difference := range response.GetDifferences() {
		answer.Differences = append(answer.Differences, Difference{difference.GetPath(), difference.GetWas(), difference.GetNow()})
	}
	favourable := prereview.GetFavourable()
	switch because, isUnderWay := underWay[state]; {
	case ended[state] != "":
		answer.State, answer.Because = Refused, ended[state]
	case favourable == origingatev1.Favourable_FAVOURABLE_NO:
		answer.State, answer.Findings = Refused, findingsOf(prereview)
	case state == origingatev1.CaseState_CASE_STATE_REJECTED:
		answer.State, answer.Because = Refused, "The platform rejected the declaration."
	case isUnderWay:
		// Also where it was favourable: the certificate that was there then is being replaced, or in doubt.
		answer.State, answer.Because = Pending, because
	case favourable == origingatev1.Favourable_FAVOURABLE_YES:
		answer.State = Confirmed
	case len(response.GetCase().GetAttempts()) > 0 && slices.Equal(prereview.GetMissing(), []string{"certificate.status"}):
		// The platform surely did not take it: nothing else is missing, and nobody is at work on it any more.
		answer.State, answer.next = Failed, askAnew
		answer.Because = "The platform cannot take the order just now; it is asked again."
	default:
		answer.State = Questions
		for _, fact := range prereview.GetMissing() {
			answer.Questions = append(answer.Questions, questionFor(fact))
		}
	}
	return answer
}

func findingsOf(decision *origingatev1.Decision) []Finding {
	said := decision.GetFindings()
	if len(said) == 0 && decision.GetOtherwise() != nil {
		said = []*origingatev1.Finding{decision.GetOtherwise()}
	}
	var findings []Finding
	for _, finding := range said {
		findings = append(findings,
			Finding{finding.GetReason(), finding.GetBecause(), finding.GetRemedy(), finding.GetPlace()})
	}
	return findings
}
