// Package gatetest starts real servers and sandbox platforms for tests, kills them and begins them again.
package gatetest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// Patience is how long anything that has to happen may take.
const Patience = 2 * time.Minute

// Repository is the checkout that these tests stand in.
func Repository() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "..", "..")
}

// executable is `origingate`; the environment may name another one.
func executable() string {
	if named := os.Getenv("ORIGINGATE"); named != "" {
		return named
	}
	return filepath.Join(Repository(), ".venv", "bin", "origingate")
}

// Run runs `origingate` to its end and returns what it printed.
func Run(arguments ...string) (string, error) {
	var said, failed bytes.Buffer
	command := exec.Command(executable(), arguments...)
	command.Stdout, command.Stderr = &said, &failed
	if err := command.Run(); err != nil {
		return "", fmt.Errorf("origingate %s: %w\n%s", strings.Join(arguments, " "), err, failed.String())
	}
	return strings.TrimSpace(said.String()), nil
}

// Process is a program that runs, with all that it says in a file.
type Process struct {
	command *exec.Cmd
	log     string
	ended   chan struct{}
	err     error
}

// Start begins a program; what it says is added to the file log.
func Start(log string, command *exec.Cmd) (*Process, error) {
	file, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	command.Stdout, command.Stderr = file, file
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("%s did not start (make install, or set ORIGINGATE to its executable): %w", command.Path, err)
	}
	running := &Process{command: command, log: log, ended: make(chan struct{})}
	go func() {
		running.err = command.Wait()
		close(running.ended)
	}()
	return running, nil
}

// Kill ends it as a power cut would, and waits until it is gone.
func (p *Process) Kill() {
	p.command.Process.Kill()
	<-p.ended
}

// Signal sends it a signal.
func (p *Process) Signal(signal os.Signal) { p.command.Process.Signal(signal) }

// Stop ends it in order: it has to end with exit code 0.
func (p *Process) Stop() error {
	p.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
		if p.err != nil {
			return fmt.Errorf("a signal should end it with exit code 0: %w\n%s", p.err, p.Log())
		}
		return nil
	case <-time.After(Patience):
		return fmt.Errorf("it did not stop within %v after the signal\n%s", Patience, p.Log())
	}
}

// Log is all that it has said.
func (p *Process) Log() string {
	text, _ := os.ReadFile(p.log)
	return string(text)
}

// until waits for something of a process that is not there yet.
func (p *Process) until(there func() bool) error {
	late := time.After(Patience)
	for !there() {
		select {
		case <-p.ended:
			return fmt.Errorf("it ended before it was ready: %v\n%s", p.err, p.Log())
		case <-late:
			p.Kill()
			return fmt.Errorf("it was not ready within %v\n%s", Patience, p.Log())
		case <-time.After(50 * time.Millisecond):
		}
	}
	return nil
}
