package gatetest

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Server is a server of Origin Gate that can be asked.
type Server struct {
	*Process
	// Target is its address for gRPC, Sandbox that of its platform.
	Target, Sandbox string
	// LogKey is the file of the public key that signs its log.
	LogKey string
}

// Serve begins a server on the database of a folder, with the sites of examples/, and waits until it serves. Without
// `--sandbox-url` among the arguments it has a sandbox platform of its own.
func Serve(folder, listen string, arguments ...string) (*Server, error) {
	ready := filepath.Join(folder, "ready.json")
	if err := os.Remove(ready); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	all := append([]string{
		"serve", "--listen", listen, "--database", databaseOf(folder), "--ready-file", ready,
		"--sites", filepath.Join(Repository(), "examples", "sites.yaml"), "--log-format", "json",
	}, arguments...)
	if !strings.Contains(strings.Join(arguments, " "), "--sandbox-url") {
		all = append(all, "--embedded-sandbox")
	}
	process, err := Start(filepath.Join(folder, "log"), exec.Command(executable(), all...))
	if err != nil {
		return nil, err
	}
	var addresses struct{ GRPC, Sandbox string }
	err = process.until(func() bool {
		text, err := os.ReadFile(ready)
		return err == nil && json.Unmarshal(text, &addresses) == nil
	})
	if err != nil {
		return nil, err
	}
	return &Server{process, addresses.GRPC, addresses.Sandbox, filepath.Join(folder, "og.db.log-key.pub.pem")}, nil
}

// Platform is a sandbox platform, a process that outlives the servers which ask it.
type Platform struct {
	*Process
	URL string
}

// Sandbox begins a sandbox platform with its certificates in memory.
func Sandbox(folder string, arguments ...string) (*Platform, error) {
	all := append([]string{"sandbox", "--listen", "127.0.0.1:0"}, arguments...)
	process, err := Start(filepath.Join(folder, "platform.log"), exec.Command(executable(), all...))
	if err != nil {
		return nil, err
	}
	platform := &Platform{Process: process}
	err = process.until(func() bool {
		_, after, found := strings.Cut(process.Log(), "Sandbox platform at ")
		platform.URL, _, _ = strings.Cut(after, ". ")
		return found
	})
	return platform, err
}

// Submission is what a platform knows of one that came to it.
type Submission struct {
	Reference, Digest, State, Status string
	ECertID                          string `json:"e_cert_id"`
}

// Submissions are all that ever came.
func (p *Platform) Submissions() ([]Submission, error) {
	var ledger struct{ Entries []Submission }
	return ledger.Entries, p.read("/ledger", &ledger)
}

// Arrived counts the requests that came, by operation.
func (p *Platform) Arrived() (map[string]int, error) {
	arrived := map[string]int{}
	return arrived, p.read("/arrived", &arrived)
}

// Fault sets what goes wrong next, e.g. {"fault": "drop_reply"}.
func (p *Platform) Fault(fault string) error {
	answer, err := http.Post(p.URL+"/faults", "application/json", strings.NewReader(fault))
	if err != nil {
		return err
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return errors.New("the sandbox refuses the fault " + fault)
	}
	return nil
}

// Mend takes all faults away.
func (p *Platform) Mend() error {
	request, err := http.NewRequest(http.MethodDelete, p.URL+"/faults", nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	return answer.Body.Close()
}

func (p *Platform) read(path string, into any) error {
	answer, err := http.Get(p.URL + path)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	return json.NewDecoder(answer.Body).Decode(into)
}
