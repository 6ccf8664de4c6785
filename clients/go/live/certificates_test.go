package live

import (
	"testing"

	origingatev1 "origingate.dev/client/origingate/v1"
)

// verdicts are the five parts of a verification.
type verdicts struct{ transport, document, status, match, use origingatev1.Verdict }

const (
	good = origingatev1.Verdict_VERDICT_GOOD
	bad  = origingatev1.Verdict_VERDICT_BAD
)

func verdictsOf(response *origingatev1.VerifyCertificateResponse) verdicts {
	return verdicts{
		response.GetTransport().GetVerdict(),
		response.GetDocument().GetVerdict(),
		response.GetStatus().GetVerdict(),
		response.GetMatch().GetVerdict(),
		response.GetUse().GetVerdict(),
	}
}

// certified returns an order with a certificate, as the request that verifies it.
func certified(t *testing.T) *origingatev1.VerifyCertificateRequest {
	t.Helper()
	request := eligible(t)
	response, err := gate.ProcessOrder(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	return &origingatev1.VerifyCertificateRequest{
		ECertId:     response.GetECertId(),
		Site:        request.Site,
		Order:       request.Order,
		Declaration: request.Declaration,
	}
}

// The e-Cert ID that an order was answered with is good in all five parts for that order, and says that it is a sandbox's.
func TestVerifyCertificate(t *testing.T) {
	response, err := gate.VerifyCertificate(t.Context(), certified(t))
	if err != nil {
		t.Fatal(err)
	}
	if expected, actual := (verdicts{good, good, good, good, good}), verdictsOf(response); expected != actual {
		t.Errorf("expected %v, got %v: %v", expected, actual, response)
	}
	if !response.GetSandbox() {
		t.Error("expected a certificate of the sandbox")
	}
}

// For an order with another quantity the certificate holds all the same, but does not match.
func TestVerifyCertificateOfAnotherOrder(t *testing.T) {
	request := certified(t)
	request.Order.Lines.Items[0].Quantity.Value = "80"
	response, err := gate.VerifyCertificate(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	if expected, actual := (verdicts{good, good, good, bad, good}), verdictsOf(response); expected != actual {
		t.Errorf("expected %v, got %v: %v", expected, actual, response)
	}
}
