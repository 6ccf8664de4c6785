// Package live holds the client against a real server, with the orders of examples/.
package live

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protojson"

	"origingate.dev/client"
	origingatev1 "origingate.dev/client/origingate/v1"
)

const (
	repository   = "../../.."
	patience     = 60 * time.Second
	callDeadline = 20 * time.Second
)

var gate *client.Client

// logKey is the file of the public key that signs the server's log.
var logKey string

// The server lives as long as the tests, and a signal must end it with exit code 0.
func TestMain(m *testing.M) {
	code, err := withServer(func(target string) (int, error) {
		var err error
		gate, err = client.Connect(target, client.WithPlaintext(), client.WithDeadline(callDeadline))
		if err != nil {
			return 1, err
		}
		return m.Run(), gate.Close()
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func withServer(use func(target string) (int, error)) (code int, err error) {
	folder, err := os.MkdirTemp("", "origingate-go-")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(folder)
	logKey = filepath.Join(folder, "og.db.log-key.pub.pem")
	running, err := start(folder, "127.0.0.1:0")
	if err != nil {
		return 1, err
	}
	// Whatever happens below, no server is left behind.
	defer running.kill()
	code, err = use(running.target)
	if err == nil {
		err = running.stop()
	}
	if err != nil || code != 0 {
		text, _ := os.ReadFile(filepath.Join(folder, "log"))
		fmt.Fprintf(os.Stderr, "The server's log:\n%s", text)
	}
	return code, err
}

// server is a process that serves at target.
type server struct {
	command *exec.Cmd
	ended   chan error
	target  string
}

// start begins a server with its database and its log in the folder, and waits until it serves.
func start(folder, listen string) (*server, error) {
	executable := os.Getenv("ORIGINGATE")
	if executable == "" {
		executable = filepath.Join(repository, ".venv", "bin", "origingate")
	}
	ready := filepath.Join(folder, "ready.json")
	if err := os.Remove(ready); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	command := exec.Command(executable, "serve",
		"--listen", listen,
		"--embedded-sandbox",
		"--database", "sqlite:///"+filepath.Join(folder, "og.db"),
		"--sites", filepath.Join(repository, "examples", "sites.yaml"),
		"--ready-file", ready)
	log, err := os.OpenFile(filepath.Join(folder, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	command.Stdout, command.Stderr = log, log
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("the server did not start (make install, or set ORIGINGATE to its executable): %w", err)
	}
	running := &server{command: command, ended: make(chan error, 1)}
	go func() { running.ended <- command.Wait() }()
	if running.target, err = untilReady(ready, running.ended); err != nil {
		running.kill()
		return nil, err
	}
	return running, nil
}

// kill ends it as a power cut would.
func (s *server) kill() { s.command.Process.Kill() }

func untilReady(file string, ended <-chan error) (target string, err error) {
	late := time.After(patience)
	for {
		text, err := os.ReadFile(file)
		if err == nil {
			var ready struct{ GRPC string }
			err := json.Unmarshal(text, &ready)
			return ready.GRPC, err
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		select {
		case err := <-ended:
			return "", fmt.Errorf("the server ended before it was ready: %w", err)
		case <-late:
			return "", fmt.Errorf("the server was not ready within %v", patience)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// stop ends it in order.
func (s *server) stop() error {
	if err := s.command.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("the server ended by itself: %w", err)
	}
	select {
	case err := <-s.ended:
		if err != nil {
			return fmt.Errorf("a signal should end the server with exit code 0: %w", err)
		}
		return nil
	case <-time.After(patience):
		return fmt.Errorf("the server did not stop within %v after the signal", patience)
	}
}

// example reads an order of examples/orders.
func example(t *testing.T, file string) *origingatev1.ProcessOrderRequest {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(repository, "examples", "orders", file))
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
