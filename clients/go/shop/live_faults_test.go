package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// slow lets the platform take nearly as long as an attempt may: what a test does meanwhile has to fit in.
const slow = `{"fault": "latency", "seconds": 3.5}`

// sent posts an order, and gives what was told or what befell the connection.
func (s *shop) sent(order Order) <-chan seen {
	answered := make(chan seen, 1)
	go func() {
		told, err := s.ask(http.MethodPost, "/orders", order)
		if err != nil {
			told.Error = err.Error()
		}
		answered <- told
	}()
	return answered
}

// issued waits until the platform was asked for one certificate more.
func (w *world) issued(t *testing.T, before int) {
	t.Helper()
	until(t, "the platform is asked", func() bool { return w.arrived(t) > before })
}

func (w *world) arrived(t *testing.T) int {
	t.Helper()
	arrived, err := w.platform.Arrived()
	if err != nil {
		t.Fatal(err)
	}
	return arrived["submit"]
}

// once says that an order ended confirmed, with the one certificate that came of it.
func (w *world) once(t *testing.T, told seen, before map[string]bool) {
	t.Helper()
	after := w.active()
	if told.State != Confirmed || !after[told.ECertID] || before[told.ECertID] || len(after) != len(before)+1 {
		t.Errorf("expected one certificate more, and the order to have it; before %d, after %d, got %+v", len(before), len(after), told)
	}
}

// A deadline in the middle of a slow platform leaves the order pending; it is followed, and ends confirmed.
func (w *world) slowPlatform(t *testing.T) {
	shop, before := w.opened(t, "aceros-shop", "-deadline", "1500ms"), w.active()
	w.fault(slow)
	if told := shop.post("/orders", eligible(t, "GO-slow")); told.State != Pending {
		t.Errorf("expected it to be pending, got %+v", told)
	}
	w.once(t, shop.ends("GO-slow", Confirmed), before)
}

// The platform's reply is lost: the server finds out what was done, and the shop follows.
func (w *world) replyLost(t *testing.T) {
	shop, before := w.opened(t, "aceros-shop", "-deadline", "1s"), w.active()
	w.fault(`{"fault": "drop_reply"}`)
	shop.post("/orders", eligible(t, "GO-lost"))
	w.once(t, shop.ends("GO-lost", Confirmed), before)
}

// The server is killed between request and answer, and begun again: the same request brings one certificate.
func (w *world) serverKilled(t *testing.T) {
	shop, before, arrived := w.opened(t, "aceros-shop"), w.active(), w.arrived(t)
	w.fault(slow)
	waits := shop.sent(eligible(t, "GO-killed"))
	w.issued(t, arrived)
	w.gate.Kill()
	if told := <-waits; told.State != Failed || !strings.Contains(told.Because, "cannot be reached") {
		t.Errorf("expected it to have failed for now, got %+v", told)
	}
	w.again()
	w.once(t, shop.ends("GO-killed", Confirmed), before)
	if again := shop.post("/orders", eligible(t, "GO-killed")); again.State != Confirmed {
		t.Errorf("expected the same order, got %+v", again)
	}
}

// The shop is killed between keeping the order and the answer, and begun again: the order is asked about under its request_id.
func (w *world) shopKilled(t *testing.T) {
	shop, before, arrived := w.opened(t, "aceros-shop"), w.active(), w.arrived(t)
	w.fault(slow)
	waits := shop.sent(eligible(t, "GO-shop"))
	w.issued(t, arrived)
	shop.Kill()
	if told := <-waits; told.Error == "" {
		t.Errorf("expected the connection to break, got %+v", told)
	}
	shop.begin()
	w.once(t, shop.ends("GO-shop", Confirmed), before)
	store := shop.store(t)
	var earlier string
	if err := store.db.QueryRow(`SELECT earlier_request_ids FROM orders`).Scan(&earlier); err != nil || earlier != "[]" {
		t.Errorf("expected one request_id, got others before it: %s, %v", earlier, err)
	}
}

// A shop that is stopped takes no new orders, ends those that it has, keeps its token and ends with exit code 0.
func (w *world) shopStopped(t *testing.T) {
	shop, arrived := w.opened(t, "aceros-shop", "-grace", "30s"), w.arrived(t)
	store := shop.store(t)
	until(t, "the watch has begun", func() bool { return tokenIn(t, store) != "" })
	w.fault(slow)
	waits := shop.sent(eligible(t, "GO-stop"))
	w.issued(t, arrived)
	shop.Signal(syscall.SIGTERM)
	until(t, "the shop is closing", func() bool {
		told, err := shop.ask(http.MethodGet, "/health", nil)
		return err == nil && told.code == http.StatusServiceUnavailable
	})
	if told := shop.post("/orders", eligible(t, "GO-late")); told.code != http.StatusServiceUnavailable {
		t.Errorf("expected 503, got %+v", told)
	}
	if told := <-waits; told.State != Confirmed {
		t.Errorf("expected the order in flight to be confirmed, got %+v", told)
	}
	if err := shop.Stop(); err != nil {
		t.Fatal(err)
	}
	if tokenIn(t, store) == "" {
		t.Error("expected the watch's token to be kept")
	}
	shop.begin()
	if late := shop.order("GO-late"); late.code != http.StatusNotFound {
		t.Errorf("expected 404, got %+v", late)
	}
}

// A rulebook that changes during traffic loses no order, and no answer is by two of them.
func (w *world) rulebookChanged(t *testing.T) {
	shop := w.opened(t, "aceros-shop")
	file := filepath.Join(w.rulebook, "rulebook.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	rulebook := func() string {
		t.Helper()
		count++
		told := shop.post("/orders", eligible(t, fmt.Sprintf("GO-rules-%d", count)))
		for _, decision := range told.Decisions {
			if decision.Rulebook != told.Decisions[0].Rulebook {
				t.Errorf("expected one rulebook, got %+v", told.Decisions)
			}
		}
		if told.State != Confirmed || len(told.Decisions) == 0 {
			t.Fatalf("expected it to be confirmed, got %+v", told)
		}
		return told.Decisions[0].Rulebook
	}
	before := rulebook()
	title := regexp.MustCompile(`(?m)^title: .*$`)
	if err := os.WriteFile(file, title.ReplaceAll(text, []byte("title: Another one")), 0o600); err != nil {
		t.Fatal(err)
	}
	until(t, "another rulebook decides", func() bool { return before != rulebook() })
	rulebook()
}

// The server's database is lost, and with it what the watch's token stands for: the watch begins anew, and what is pending is
// followed as before.
func (w *world) databaseLost(t *testing.T) {
	shop := w.opened(t, "aceros-shop")
	if told := shop.post("/orders", eligible(t, "GO-before")); told.State != Confirmed {
		t.Fatalf("expected it to be confirmed, got %+v", told)
	}
	store := shop.store(t)
	until(t, "the watch's token is kept", func() bool { return tokenIn(t, store) != "" })
	if err := shop.Stop(); err != nil {
		t.Fatal(err)
	}
	w.gate.Kill()
	for _, file := range []string{"og.db", "og.db-wal", "og.db-shm"} {
		if err := os.Remove(filepath.Join(w.folder, file)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	w.again()
	shop.begin("-deadline", "1500ms")
	until(t, "the watch finds its token to be another log's", func() bool { return strings.Contains(shop.Log(), "TOKEN_INVALID") })
	w.fault(slow)
	if told := shop.post("/orders", eligible(t, "GO-after")); told.State != Pending {
		t.Errorf("expected it to be pending, got %+v", told)
	}
	shop.ends("GO-after", Confirmed)
}
