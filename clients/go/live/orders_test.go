package live

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"origingate.dev/client/internal/gatetest"
	origingatev1 "origingate.dev/client/origingate/v1"
)

// answer is what examples/expected.json says about an order.
type answer struct {
	Scope         string   `json:"scope"`
	Certification string   `json:"certification"`
	Prereview     string   `json:"prereview"`
	Favourable    string   `json:"favourable"`
	ECertID       bool     `json:"e_cert_id"`
	Missing       []string `json:"missing"`
}

func answerOf(response *origingatev1.ProcessOrderResponse) answer {
	return answer{
		Scope:         response.GetScope().GetOutcome(),
		Certification: response.GetCertification().GetOutcome(),
		Prereview:     response.GetPrereview().GetOutcome(),
		Favourable:    strings.TrimPrefix(response.GetPrereview().GetFavourable().String(), "FAVOURABLE_"),
		ECertID:       response.ECertId != nil,
		Missing:       append([]string{}, response.GetPrereview().GetMissing()...),
	}
}

// Every example order, sent in the order of the files, gets the answer that is written down for it.
func TestExampleOrders(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(gatetest.Repository(), "examples", "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var expected map[string]answer
	if err := json.Unmarshal(text, &expected); err != nil {
		t.Fatal(err)
	}
	for _, file := range slices.Sorted(maps.Keys(expected)) {
		t.Run(file, func(t *testing.T) {
			response, err := gate.ProcessOrder(t.Context(), example(t, file))
			if err != nil {
				t.Fatal(err)
			}
			if actual := answerOf(response); !reflect.DeepEqual(expected[file], actual) {
				t.Errorf("expected %+v\ngot %+v", expected[file], actual)
			}
		})
	}
}

// An order that was changed after its certificate was issued is answered with the line, the field and both values.
func TestChangedAfterIssue(t *testing.T) {
	request := eligible(t)
	if _, err := gate.ProcessOrder(t.Context(), request); err != nil {
		t.Fatal(err)
	}
	request.RequestId = ""
	request.Order.Lines.Items[1].Quantity.Value = "40"
	response, err := gate.ProcessOrder(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	if len(response.GetDifferences()) != 1 {
		t.Fatalf("expected one difference, got %v", response.GetDifferences())
	}
	expected := [...]string{"2", "quantity", "4", "40"}
	difference := response.GetDifferences()[0]
	actual := [...]string{difference.GetItem(), difference.GetField(), difference.GetWas(), difference.GetNow()}
	if expected != actual {
		t.Errorf("expected %q, got %q", expected, actual)
	}
}

// A request that is sent again with its request_id gets the same case and the same e-Cert ID.
func TestSameRequestAgain(t *testing.T) {
	request := eligible(t)
	first, err := gate.ProcessOrder(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	second, err := gate.ProcessOrder(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	expected := [...]string{first.GetCase().GetName(), first.GetECertId()}
	actual := [...]string{second.GetCase().GetName(), second.GetECertId()}
	if expected != actual || expected[1] == "" {
		t.Errorf("expected %q, got %q", expected, actual)
	}
}

// A request without a request_id is sent with one; the caller's own message stays as it was.
func TestRequestWithoutID(t *testing.T) {
	request := eligible(t)
	request.RequestId = ""
	before := proto.CloneOf(request)
	if _, err := gate.ProcessOrder(t.Context(), request); err != nil {
		t.Fatal(err)
	}
	if !proto.Equal(before, request) {
		t.Errorf("expected %v, got %v", before, request)
	}
}

// A case can be read again by its name, with its certificate.
func TestGetCase(t *testing.T) {
	response, err := gate.ProcessOrder(t.Context(), eligible(t))
	if err != nil {
		t.Fatal(err)
	}
	found, err := gate.GetCase(t.Context(), response.GetCase().GetName())
	if err != nil {
		t.Fatal(err)
	}
	if expected := response.GetCase(); !proto.Equal(expected, found) {
		t.Errorf("expected %v\ngot %v", expected, found)
	}
	if found.GetCertificate().GetECertId() == "" {
		t.Error("expected a certificate")
	}
}
