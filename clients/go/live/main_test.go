// Package live holds the client against a real server, with the orders of examples/.
package live

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protojson"

	"origingate.dev/client"
	"origingate.dev/client/internal/gatetest"
	origingatev1 "origingate.dev/client/origingate/v1"
)

const callDeadline = 20 * time.Second

var gate *client.Client

// first is the server that gate speaks to.
var first *gatetest.Server

// The server lives as long as the tests, and a signal must end it with exit code 0.
func TestMain(m *testing.M) {
	code, err := withServer(m.Run)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	if code != 0 && first != nil {
		fmt.Fprintf(os.Stderr, "The server's log:\n%s", first.Log())
	}
	os.Exit(code)
}

func withServer(use func() int) (code int, err error) {
	folder, err := os.MkdirTemp("", "origingate-go-")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(folder)
	if first, err = gatetest.Serve(folder, "127.0.0.1:0"); err != nil {
		return 1, err
	}
	// Whatever happens below, no server is left behind.
	defer first.Kill()
	if gate, err = client.Connect(first.Target, client.WithPlaintext(), client.WithDeadline(callDeadline)); err != nil {
		return 1, err
	}
	code = use()
	return code, errors.Join(gate.Close(), first.Stop())
}

// example reads an order of examples/orders.
func example(t *testing.T, file string) *origingatev1.ProcessOrderRequest {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(gatetest.Repository(), "examples", "orders", file))
	if err != nil {
		t.Fatal(err)
	}
	request := &origingatev1.ProcessOrderRequest{}
	if err := protojson.Unmarshal(text, request); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return request
}

// eligible is the example order that stands in no one's way, under an order id of the test's own.
func eligible(t *testing.T) *origingatev1.ProcessOrderRequest {
	t.Helper()
	request := example(t, "01-eligible.json")
	request.RequestId = client.NewRequestID()
	request.Order.OrderId = new("GO-" + request.RequestId)
	return request
}
