package live

import (
	"os"
	"testing"

	"origingate.dev/client"
)

// The receipt of an order that was just processed is verified with the server's public key, and names its e-Cert ID.
func TestReceiptOfAnOrder(t *testing.T) {
	response, err := gate.ProcessOrder(t.Context(), eligible(t))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(first.LogKey)
	if err != nil {
		t.Fatal(err)
	}
	key, err := client.LogKey(text)
	if err != nil {
		t.Fatal(err)
	}
	proved, err := client.VerifyReceipt(response.GetReceipt(), key)
	if err != nil {
		t.Fatal(err)
	}
	if proved.ECertID != response.GetECertId() || proved.Subject != response.GetCase().GetName() {
		t.Errorf("expected %s of %s, got %+v", response.GetECertId(), response.GetCase().GetName(), proved)
	}
	if proved.FactsDigest != response.GetPrereview().GetFactsDigest() {
		t.Errorf("expected %s, got %s", response.GetPrereview().GetFactsDigest(), proved.FactsDigest)
	}
}
