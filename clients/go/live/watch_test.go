package live

import (
	"context"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"origingate.dev/client"
	"origingate.dev/client/internal/gatetest"
	origingatev1 "origingate.dev/client/origingate/v1"
)

// follower collects the cases of which a watch told that they are certified.
type follower struct {
	mutex sync.Mutex
	cases map[string]bool
}

func (c *follower) has(name string) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.cases[name]
}

// follow watches until its context ends.
func (c *follower) follow(ctx context.Context, t *testing.T, gate *client.Client) {
	for answer, err := range gate.WatchCases(ctx, &origingatev1.WatchCasesRequest{Start: origingatev1.WatchStart_WATCH_START_BEGINNING}) {
		if err != nil {
			if ctx.Err() == nil {
				t.Errorf("the watch ended: %v", err)
			}
			return
		}
		if event := answer.GetEvent(); event.GetToState() == origingatev1.CaseState_CASE_STATE_CERTIFIED {
			c.mutex.Lock()
			c.cases[event.GetCaseName()] = true
			c.mutex.Unlock()
		}
	}
}

// A watch goes on over a server that is killed and begun again, and so does the client that asks it.
func TestWatchOverARestart(t *testing.T) {
	folder := t.TempDir()
	killed, err := gatetest.Serve(folder, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer killed.Kill()
	own, err := client.Connect(killed.Target, client.WithPlaintext(), client.WithDeadline(callDeadline))
	if err != nil {
		t.Fatal(err)
	}
	defer own.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	told := &follower{cases: map[string]bool{}}
	go told.follow(ctx, t, own)

	seen := func() {
		t.Helper()
		// As an order system does: the same request again, until a server is there.
		request := eligible(t)
		answer, err := own.ProcessOrder(t.Context(), request)
		for late := time.Now().Add(gatetest.Patience); status.Code(err) == codes.Unavailable && time.Now().Before(late); {
			time.Sleep(100 * time.Millisecond)
			answer, err = own.ProcessOrder(t.Context(), request)
		}
		if err != nil {
			t.Fatal(err)
		}
		for late := time.Now().Add(gatetest.Patience); !told.has(answer.GetCase().GetName()); time.Sleep(20 * time.Millisecond) {
			if time.Now().After(late) {
				t.Fatalf("the watch did not tell of %v", answer.GetCase().GetName())
			}
		}
	}
	seen()
	killed.Kill()
	second, err := gatetest.Serve(folder, killed.Target)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Kill()
	seen()
}
