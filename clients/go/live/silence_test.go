package live

import (
	"net"
	"sync/atomic"
	"testing"
	"time"

	"origingate.dev/client"
)

// tunnel hands on what comes to its address until it falls silent: then connections that stand hand on nothing more and are
// not closed, and new ones are served.
type tunnel struct {
	address string
	target  string
	silence chan struct{}
	taken   atomic.Int32
}

func newTunnel(t *testing.T, target string) *tunnel {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	made := &tunnel{address: listener.Addr().String(), target: target, silence: make(chan struct{})}
	go func() {
		for {
			in, err := listener.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", made.target)
			if err != nil {
				in.Close()
				continue
			}
			t.Cleanup(func() { in.Close(); out.Close() })
			heard := made.silence
			if made.taken.Add(1) > 1 {
				heard = nil
			}
			go hand(in, out, heard)
			go hand(out, in, heard)
		}
	}()
	return made
}

// hand copies until either side ends; once silence is closed it drops what it reads.
func hand(from, to net.Conn, silence <-chan struct{}) {
	octets := make([]byte, 32*1024)
	for {
		count, err := from.Read(octets)
		select {
		case <-silence:
			if err != nil {
				return
			}
			continue
		default:
		}
		if _, failed := to.Write(octets[:count]); failed != nil || err != nil {
			to.Close()
			return
		}
	}
}

// A call whose server went without a word is made again over another connection, half a minute later.
func TestServerThatFallsSilent(t *testing.T) {
	t.Parallel()
	way := newTunnel(t, first.Target)
	own, err := client.Connect(way.address, client.WithPlaintext(), client.WithDeadline(2*time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	defer own.Close()
	answer, err := own.ProcessOrder(t.Context(), eligible(t))
	if err != nil {
		t.Fatal(err)
	}
	close(way.silence)
	found, err := own.GetCase(t.Context(), answer.GetCase().GetName())
	if err != nil {
		t.Fatal(err)
	}
	if found.GetName() != answer.GetCase().GetName() || way.taken.Load() != 2 {
		t.Errorf("expected %v over a second connection, got %v over %v", answer.GetCase().GetName(), found.GetName(), way.taken.Load())
	}
}
