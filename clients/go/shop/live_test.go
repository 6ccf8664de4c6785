package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"origingate.dev/client/internal/gatetest"
)

// built is the shop's executable.
var built string

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "origingate-shop-")
	if err != nil {
		panic(err)
	}
	built = filepath.Join(folder, "shop")
	if text, err := exec.Command("go", "build", "-o", built, ".").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v\n%s", err, text)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(folder)
	os.Exit(code)
}

// patient are a server's times that make it find out soon what became of attempts that it lost.
var patient = []string{"ORIGINGATE_ATTEMPT_TIMEOUT=4", "ORIGINGATE_LEASE=7", "ORIGINGATE_SETTLE=1", "ORIGINGATE_LOG_CALLS=true",
	"ORIGINGATE_RULEBOOK_DOUBTS=0", "ORIGINGATE_RULEBOOK_LOOK_EVERY=0.2"}

// world is a platform and a server that asks it, which can die and come back without the platform.
type world struct {
	t        testing.TB
	folder   string
	platform *gatetest.Platform
	gate     *gatetest.Server
	with     []string
	rulebook string
}

func newWorld(t testing.TB, platform []string, with ...string) *world {
	t.Helper()
	w := &world{t: t, folder: t.TempDir()}
	var err error
	if w.platform, err = gatetest.Sandbox(w.folder, platform...); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.platform.Kill)
	w.with = append([]string{"--sandbox-url", w.platform.URL}, with...)
	for _, setting := range patient {
		name, value, _ := strings.Cut(setting, "=")
		if err := os.Setenv(name, value); err != nil {
			t.Fatal(err)
		}
	}
	w.begin("127.0.0.1:0")
	t.Cleanup(func() { w.gate.Kill() })
	return w
}

// begin begins the server, on the database that is there.
func (w *world) begin(listen string) {
	w.t.Helper()
	var err error
	if w.gate, err = gatetest.Serve(w.folder, listen, w.with...); err != nil {
		w.t.Fatal(err)
	}
}

// again begins the server again where it was.
func (w *world) again() {
	w.t.Helper()
	w.begin(w.gate.Target)
}

func (w *world) fault(fault string) {
	w.t.Helper()
	if err := w.platform.Fault(fault); err != nil {
		w.t.Fatal(err)
	}
}

// active counts the certificates in force, and fails where two are for one content.
func (w *world) active() map[string]bool {
	w.t.Helper()
	submissions, err := w.platform.Submissions()
	if err != nil {
		w.t.Fatal(err)
	}
	active, contents := map[string]bool{}, map[string]bool{}
	for _, one := range submissions {
		if one.Status != "active" {
			continue
		}
		if contents[one.Digest] {
			w.t.Errorf("two certificates are for the content %s", one.Digest)
		}
		active[one.ECertID], contents[one.Digest] = true, true
	}
	return active
}

// shop is a shop that runs.
type shop struct {
	*gatetest.Process
	t         testing.TB
	url       string
	arguments []string
	folder    string
}

// opened begins a shop of a site on a database of its own. It asks for longer than a server waits for a platform, so that a slow
// machine changes no answer.
func (w *world) opened(t testing.TB, site string, arguments ...string) *shop {
	t.Helper()
	folder := t.TempDir()
	s := &shop{t: t, folder: folder, arguments: append([]string{
		"-site", site, "-gate", w.gate.Target, "-listen", "127.0.0.1:0", "-database", filepath.Join(folder, "shop.db"),
		"-log-key", w.gate.LogKey, "-pause", "1s", "-deadline", "20s", "-plaintext",
	}, arguments...)}
	s.begin()
	t.Cleanup(func() { s.Kill() })
	return s
}

// begin begins the shop, on the database that is there.
func (s *shop) begin(more ...string) {
	s.t.Helper()
	s.url = ""
	log := filepath.Join(s.folder, fmt.Sprintf("log-%d", time.Now().UnixNano()))
	var err error
	if s.Process, err = gatetest.Start(log, exec.Command(built, append(s.arguments, more...)...)); err != nil {
		s.t.Fatal(err)
	}
	until(s.t, "the shop is open", func() bool {
		for line := range strings.Lines(s.Log()) {
			var said struct{ Msg, Address string }
			if json.Unmarshal([]byte(line), &said) == nil && said.Msg == "the shop is open" {
				s.url = "http://" + said.Address
			}
		}
		return s.url != ""
	})
}

// seen is what the shop says of an order.
type seen struct {
	told
	Error string
	code  int
}

func (s seen) outcome(question string) string {
	for _, decision := range s.Decisions {
		if decision.Question == question {
			return decision.Outcome
		}
	}
	return ""
}

// ask sends a request; the error is of the connection.
func (s *shop) ask(method, path string, body any) (seen, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return seen{}, err
	}
	request, err := http.NewRequest(method, s.url+path, bytes.NewReader(text))
	if err != nil {
		return seen{}, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return seen{}, err
	}
	defer response.Body.Close()
	told := seen{code: response.StatusCode}
	text, err = io.ReadAll(response.Body)
	if err != nil {
		return seen{}, err
	}
	return told, json.Unmarshal(text, &told)
}

// post sends a request that has to be answered.
func (s *shop) post(path string, body any) seen {
	s.t.Helper()
	told, err := s.ask(http.MethodPost, path, body)
	if err != nil {
		s.t.Fatalf("%s: %v\n%s", path, err, s.Log())
	}
	return told
}

// order is an order as it is now.
func (s *shop) order(number string) seen {
	s.t.Helper()
	told, err := s.ask(http.MethodGet, "/orders/"+number, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return told
}

// store is the shop's own database, beside the shop.
func (s *shop) store(t testing.TB) *Store {
	t.Helper()
	store, err := OpenStore(filepath.Join(s.folder, "shop.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

// tokenIn is where the watch of a shop stands.
func tokenIn(t testing.TB, store *Store) string {
	t.Helper()
	token, err := store.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// ends waits until an order is in a state.
func (s *shop) ends(number string, state State) seen {
	s.t.Helper()
	var told seen
	until(s.t, number+" is "+string(state), func() bool {
		told = s.order(number)
		return told.State == state
	})
	return told
}

func until(t testing.TB, what string, there func() bool) {
	t.Helper()
	for late := time.Now().Add(gatetest.Patience); !there(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(late) {
			t.Fatalf("it did not come about within %v that %s", gatetest.Patience, what)
		}
	}
}
