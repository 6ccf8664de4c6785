package main

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// callers send orders at the same time.
const callers = 24

// faults befall 2 % of what the platform is asked.
const faults = `faults:
  - {fault: latency, operation: any, rate: 0.004, seed: 1, seconds: {uniform: [0.5, 2]}}
  - {fault: drop_reply, rate: 0.003, seed: 2}
  - {fault: half_reply, rate: 0.003, seed: 3}
  - {fault: error_before_commit, rate: 0.002, seed: 4}
  - {fault: error_after_commit, rate: 0.002, seed: 5}
  - {fault: too_many, rate: 0.002, seed: 6, seconds: 1}
  - {fault: pending, rate: 0.002, seed: 7, polls: 2}
  - {fault: reject, rate: 0.002, seed: 8}
`

// Every order ends confirmed or refused, each once, whatever befalls platform and server: the server is stopped and killed in
// the midst, and begun again. ORIGINGATE_TEST_ORDERS says how many there are.
func TestLoad(t *testing.T) {
	orders := 150
	if said := os.Getenv("ORIGINGATE_TEST_ORDERS"); said != "" {
		var err error
		if orders, err = strconv.Atoi(said); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(t.TempDir(), "faults.yaml")
	if err := os.WriteFile(file, []byte(faults), 0o600); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, []string{"--faults", file})
	shop := w.opened(t, "aceros-shop", "-deadline", "8s")
	began := time.Now()

	var taken, unsettled atomic.Int64
	var calls sync.WaitGroup
	numbers := make(chan string)
	for range callers {
		calls.Go(func() {
			for number := range numbers {
				told, err := shop.ask(http.MethodPost, "/orders", eligible(t, number))
				if err != nil || told.code != http.StatusCreated {
					t.Errorf("%s was not taken: %+v, %v", number, told, err)
				}
				if told.State != Confirmed && told.State != Refused {
					unsettled.Add(1)
				}
				taken.Add(1)
			}
		})
	}
	calls.Go(func() {
		defer close(numbers)
		for i := range orders {
			numbers <- fmt.Sprintf("GO-load-%05d", i)
		}
	})
	w.restarted(t, "stopped", func() bool { return taken.Load() >= int64(orders/3) })
	w.restarted(t, "killed", func() bool { return taken.Load() >= int64(2*orders/3) })
	calls.Wait()
	sent := time.Since(began)

	ended := shop.settled(t)
	if orders != len(ended) {
		t.Errorf("expected %d orders, got %d", orders, len(ended))
	}
	states, known := map[State]int{}, map[string]bool{}
	for number, answer := range ended {
		states[answer.State]++
		if answer.State == Confirmed && (answer.ECertID == "" || known[answer.ECertID]) {
			t.Errorf("expected %s to have an e-Cert ID of its own, got %q", number, answer.ECertID)
		}
		if answer.ECertID != "" {
			known[answer.ECertID] = true
		}
	}
	if active := w.active(); !maps.Equal(active, known) {
		t.Errorf("expected the certificates in force to be those that the shop knows: %d there, %d here", len(active), len(known))
	}
	if states[Confirmed]+states[Refused] != orders || states[Confirmed] < orders*9/10 {
		t.Errorf("expected all to be confirmed or refused, and most to be confirmed, got %v", states)
	}
	fmt.Printf("load: %d orders by %d callers, %d confirmed, %d refused; sent in %.0f s, settled in %.0f s; 2 restarts, %d orders "+
		"not settled at once; %d certificates in force, none twice\n", orders, callers, states[Confirmed], states[Refused],
		sent.Seconds(), time.Since(began).Seconds(), unsettled.Load(), len(known))
}

// restarted ends the server when the time has come, and begins it again.
func (w *world) restarted(t *testing.T, how string, come func() bool) {
	t.Helper()
	for !come() {
		time.Sleep(10 * time.Millisecond)
	}
	if how == "killed" {
		w.gate.Kill()
	} else if err := w.gate.Stop(); err != nil {
		t.Error(err)
	}
	w.again()
}

// settled waits until no order waits for anything, and gives the answers as the shop's store has them.
func (s *shop) settled(t *testing.T) map[string]Answer {
	t.Helper()
	store := s.store(t)
	for late := time.Now().Add(3 * time.Minute); ; time.Sleep(200 * time.Millisecond) {
		waiting, err := store.ToAsk(t.Context(), true)
		if err != nil {
			t.Fatal(err)
		}
		if len(waiting) == 0 {
			break
		}
		if time.Now().After(late) {
			t.Fatalf("%d orders are not settled, the first: %+v", len(waiting), waiting[0].Answer)
		}
	}
	rows, err := store.db.Query(`SELECT number FROM orders`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var numbers []string
	for rows.Next() {
		var number string
		if err := rows.Scan(&number); err != nil {
			t.Fatal(err)
		}
		numbers = append(numbers, number)
	}
	ended := map[string]Answer{}
	for _, number := range numbers {
		record, err := store.Find(t.Context(), number)
		if err != nil {
			t.Fatal(err)
		}
		ended[number] = record.Answer
	}
	return ended
}
