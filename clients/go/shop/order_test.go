package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"origingate.dev/client"
	"origingate.dev/client/internal/gatetest"
	origingatev1 "origingate.dev/client/origingate/v1"
)

// eligible is example.json under another number.
func eligible(t testing.TB, number string) Order {
	t.Helper()
	text, err := os.ReadFile("example.json")
	if err != nil {
		t.Fatal(err)
	}
	order, err := ReadOrder(text)
	if err != nil {
		t.Fatal(err)
	}
	order.Number = number
	return order
}

// example is one of the orders of examples/, in the shop's form.
type example struct {
	file, site, number string
	change             func(*Order)
}

// examples are in the order in which they are sent.
var examples = []example{
	{"01-eligible.json", "aceros-shop", "AN-1001", func(*Order) {}},
	{"02-marketplace.json", "plaza-market", "PM-77", func(o *Order) { o.Origin.Signed = new(false) }},
	{"03-to-canada.json", "aceros-shop", "AN-1002", func(o *Order) { o.Destination = "CA" }},
	{"04-no-claim.json", "aceros-shop", "AN-1003", func(o *Order) {
		o.Lines[0].ClaimsPreference, o.Lines[1].ClaimsPreference = new(false), new(false)
	}},
	{"05-site-not-connected.json", "tornillos-shop", "TS-5", func(*Order) {}},
	{"06-connection-not-known.json", "valvulas-shop", "VS-12", func(*Order) {}},
	{"07-certification-invalid.json", "aceros-shop", "AN-1004", func(o *Order) {
		o.Buyer.Name, o.Buyer.City, o.Buyer.Region = "Rhein GmbH", "Köln", "NRW"
		o.Buyer.PostalCode, o.Buyer.Country = "50667", "DE"
		o.Origin.Statement, o.Origin.Signed, o.Origin.Language = new(false), new(false), "zh"
	}},
	{"08-hs-too-short.json", "aceros-shop", "AN-1005", func(o *Order) { o.Lines[0].HSCode = "8471.3" }},
	{"09-blanket-two-readings.json", "aceros-shop", "AN-1006", func(o *Order) {
		o.Origin.Invoice, o.Origin.SignedOn = "", "2025-12-15"
		o.Origin.BlanketPeriod = &Period{From: "2026-01-01", To: "2026-12-31", GoodsIdentical: new(true)}
	}},
	{"10-destination-not-given.json", "aceros-shop", "AN-1007", func(o *Order) { o.Destination = "" }},
	{"11-signature-not-given.json", "aceros-shop", "AN-1008", func(o *Order) { o.Origin.Signed = nil }},
	{"12-changed-after-issue.json", "aceros-shop", "AN-1001", func(o *Order) { o.Lines[1].Quantity = "40" }},
}

func (e example) order(t testing.TB) Order {
	t.Helper()
	order := eligible(t, e.number)
	e.change(&order)
	return order
}

// Each order of examples/ can be said in the shop's form, and is asked about word for word.
func TestExamplesAreMapped(t *testing.T) {
	for _, one := range examples {
		t.Run(one.file, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join(gatetest.Repository(), "examples", "orders", one.file))
			if err != nil {
				t.Fatal(err)
			}
			expected := &origingatev1.ProcessOrderRequest{}
			if err := protojson.Unmarshal(text, expected); err != nil {
				t.Fatal(err)
			}
			expected.RequestId = client.NewRequestID()
			actual, faults := one.order(t).Request(one.site, expected.RequestId)
			if len(faults) > 0 || !proto.Equal(expected, actual) {
				t.Errorf("expected %v\ngot      %v\nfaults   %v", expected, actual, faults)
			}
		})
	}
}

// What is wrong with an order is named by its place in the order, all at once.
func TestFaults(t *testing.T) {
	order := eligible(t, "AN-1")
	order.ImportDate = "2026-02-30"
	order.Claim.When = "AT_NIGHT"
	order.Lines[1].Value.Amount = "1e3"
	_, faults := order.Request("aceros-shop", client.NewRequestID())
	expected := `[{"where":"/importDate","because":"\"2026-02-30\" is no day such as 2026-07-15"},` +
		`{"where":"/lines/1/value","because":"\"1e3\" is not a plain decimal amount, such as 2500.00"},` +
		`{"where":"/claim/when","because":"\"AT_NIGHT\" is none of AT_ENTRY, POST_IMPORTATION"}]`
	if actual, _ := json.Marshal(faults); expected != string(actual) {
		t.Errorf("expected %s\ngot      %s", expected, actual)
	}
}

// What the contract refuses is named by its place in the order too.
func TestFaultsOfTheContract(t *testing.T) {
	order := eligible(t, "AN-1")
	order.Lines[1].HSCode = "bars"
	_, faults := order.Request("aceros-shop", client.NewRequestID())
	if len(faults) != 2 || faults[0].Where != "/lines/1/hsCode" || faults[1].Where != "/origin/goods/1/hsCode" {
		t.Errorf("expected the HS code of line and good, got %v", faults)
	}
}
