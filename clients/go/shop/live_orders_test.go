package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"origingate.dev/client/internal/gatetest"
)

// ends are the states in which the example orders end.
var ends = map[string]State{
	"01-eligible.json":              Confirmed,
	"02-marketplace.json":           Confirmed,
	"03-to-canada.json":             Confirmed,
	"04-no-claim.json":              Confirmed,
	"05-site-not-connected.json":    Refused,
	"06-connection-not-known.json":  Questions,
	"07-certification-invalid.json": Refused,
	"08-hs-too-short.json":          Refused,
	"09-blanket-two-readings.json":  Refused,
	"10-destination-not-given.json": Questions,
	"11-signature-not-given.json":   Questions,
	"12-changed-after-issue.json":   Refused,
}

// Faults of platform and server, one after the other, on one platform and one server that comes back.
func TestShop(t *testing.T) {
	t.Parallel()
	rulebook := copied(t)
	w := newWorld(t, nil, "--rulebook", rulebook)
	w.rulebook = rulebook
	shop := w.opened(t, "aceros-shop")
	t.Run("examples", w.examples)
	t.Run("answers", func(t *testing.T) { answers(t, shop) })
	t.Run("receipt", func(t *testing.T) { receipts(t, shop) })
	t.Run("same number", func(t *testing.T) { sameNumber(t, shop) })
	t.Run("wrong form", func(t *testing.T) { wrongForm(t, shop) })
	t.Run("trace", func(t *testing.T) { w.trace(t, shop) })
	t.Run("slow platform", w.slowPlatform)
	t.Run("server killed before the answer", w.serverKilled)
	t.Run("shop killed before the answer", w.shopKilled)
	t.Run("shop stopped", w.shopStopped)
	t.Run("reply of the platform lost", w.replyLost)
	t.Run("rulebook changed", w.rulebookChanged)
	t.Run("database lost", w.databaseLost)
}

// Each order of examples/ ends as examples/expected.json says.
func (w *world) examples(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(gatetest.Repository(), "examples", "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var expected map[string]struct {
		Scope, Certification, Prereview string
		Certificate                     bool `json:"e_cert_id"`
		Missing                         []string
	}
	if err := json.Unmarshal(text, &expected); err != nil {
		t.Fatal(err)
	}
	shops := map[string]*shop{}
	for _, one := range examples {
		t.Run(one.file, func(t *testing.T) {
			place := one.site
			if one.file == "12-changed-after-issue.json" {
				// The shop that sent the first one would say 409.
				place = "another shop of aceros-shop"
			}
			if shops[place] == nil {
				shops[place] = w.opened(w.t, one.site)
			}
			told := shops[place].post("/orders", one.order(t))
			if ends[one.file] != told.State {
				t.Errorf("expected %s, got %+v", ends[one.file], told)
			}
			want := expected[one.file]
			outcomes := []string{told.outcome("scope"), told.outcome("certification"), told.outcome("prereview")}
			if !slices.Equal([]string{want.Scope, want.Certification, want.Prereview}, outcomes) {
				t.Errorf("expected %+v, got %q", want, outcomes)
			}
			if want.Certificate != (told.ECertID != "") {
				t.Errorf("expected a certificate: %v, got %q", want.Certificate, told.ECertID)
			}
			missing := []string{}
			for _, question := range told.Questions {
				missing = append(missing, question.Fact)
			}
			if !slices.Equal(want.Missing, missing) {
				t.Errorf("expected the questions %q, got %q", want.Missing, missing)
			}
			if told.State == Refused && (len(told.Findings) == 0 || told.Findings[0].Because == "") {
				t.Errorf("expected findings, got %+v", told)
			}
		})
	}
}

// A question that is answered confirms the order; the same answer again changes nothing, and another one is not asked for.
func answers(t *testing.T, shop *shop) {
	order := eligible(t, "GO-answers")
	order.Lines[0].ClaimsPreference, order.Lines[1].ClaimsPreference = nil, nil
	told := shop.post("/orders", order)
	if told.State != Questions || !slices.ContainsFunc(told.Questions, func(q Question) bool {
		return q.Where == "/lines/1/claimsPreference" && q.Whom == "buyer"
	}) {
		t.Fatalf("expected to be asked for the claim of line 2, got %+v", told)
	}
	given := map[string]any{"answers": map[string]any{
		"/lines/0/claimsPreference": true, "/lines/1/claimsPreference": true,
	}}
	first := shop.post("/orders/GO-answers/answers", given)
	if first.State != Confirmed || first.ECertID == "" {
		t.Fatalf("expected it to be confirmed, got %+v", first)
	}
	if again := shop.post("/orders/GO-answers/answers", given); again.ECertID != first.ECertID {
		t.Errorf("expected %s, got %+v", first.ECertID, again)
	}
	for _, where := range []string{"/destination", "", "/lines/1000000000/unit"} {
		other := map[string]any{"answers": map[string]any{where: "CA"}}
		if refused := shop.post("/orders/GO-answers/answers", other); refused.code != http.StatusConflict {
			t.Errorf("expected 409 at %q, got %+v", where, refused)
		}
	}
}

// The kept receipt proves the e-Cert ID, without anybody being asked.
func receipts(t *testing.T, shop *shop) {
	response, err := http.Get(shop.url + "/orders/GO-answers/receipt")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var proof Proof
	if err := json.NewDecoder(response.Body).Decode(&proof); err != nil {
		t.Fatal(err)
	}
	if told := shop.order("GO-answers"); !proof.Holds || proof.ECertID != told.ECertID || proof.Case != told.Case {
		t.Errorf("expected a proof of %s, got %+v", told.ECertID, proof)
	}
}

// The same order again is the one that is there; another content under its number is refused.
func sameNumber(t *testing.T, shop *shop) {
	first := shop.post("/orders", eligible(t, "GO-same"))
	again := shop.post("/orders", eligible(t, "GO-same"))
	if first.code != http.StatusCreated || again.code != http.StatusOK || again.ECertID != first.ECertID {
		t.Errorf("expected the same order, got %+v and %+v", first, again)
	}
	other := eligible(t, "GO-same")
	other.Destination = "CA"
	if refused := shop.post("/orders", other); refused.code != http.StatusConflict {
		t.Errorf("expected 409, got %+v", refused)
	}
}

// A form that only Origin Gate can refuse is a failure that names the place; the mended order takes its number.
func wrongForm(t *testing.T, shop *shop) {
	order := eligible(t, "GO-form")
	order.Destination = "XX"
	told := shop.post("/orders", order)
	if told.State != Failed || len(told.Faults) != 1 || told.Faults[0].Where != "/destination" {
		t.Errorf("expected the destination to be named, got %+v", told)
	}
	if mended := shop.post("/orders", eligible(t, "GO-form")); mended.State != Confirmed {
		t.Errorf("expected it to be confirmed, got %+v", mended)
	}
}

// The trace of a buyer's request goes on in Origin Gate, and nothing personal stands in the shop's log.
func (w *world) trace(t *testing.T, shop *shop) {
	const trace = "4bf92f3577b34da6a3ce929d0e0e4736"
	text := eligible(t, "GO-trace").Text()
	request, err := http.NewRequest(http.MethodPost, shop.url+"/orders", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Traceparent", "00-"+trace+"-00f067aa0ba902b7-01")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	until(t, "the server's log names the trace", func() bool { return strings.Contains(w.gate.Log(), trace) })
	for _, personal := range []string{"Cascade", "Treviño", "Tacoma", "@", "5550 0140", "555 0122"} {
		if !strings.Contains(text, personal) || strings.Contains(shop.Log(), personal) {
			t.Errorf("expected %q in the order, and not in the shop's log", personal)
		}
	}
}

// copied is a copy of the shipped rulebook that can be changed, with the tests of one question, so that trying it takes little.
func copied(t *testing.T) string {
	t.Helper()
	folder, shipped := t.TempDir(), filepath.Join(gatetest.Repository(), "rules", "usmca")
	if err := os.CopyFS(folder, os.DirFS(shipped)); err != nil {
		t.Fatal(err)
	}
	tests, err := filepath.Glob(filepath.Join(folder, "*_test.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range tests {
		if filepath.Base(file) != "scope_test.yaml" {
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
		}
	}
	return folder
}
