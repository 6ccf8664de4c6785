// Command shop is the order system of a small web shop, as its team would write it: it takes orders over HTTP, asks Origin Gate
// about each before it is confirmed, and keeps what was answered.
//
//	go run . -site aceros-shop -gate 127.0.0.1:50051 -plaintext
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
)

func main() {
	settings, err := ReadSettings(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		os.Exit(0)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	if err := run(ctx, settings, log); err != nil {
		log.Error("the shop ends", "error", err)
		os.Exit(1)
	}
}

// run serves until the context ends. Then no new order is taken, those in flight are answered within the grace, and the watch
// ends with its token kept.
func run(ctx context.Context, settings Settings, log *slog.Logger) (err error) {
	traced, err := followTraces(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, traced(context.WithoutCancel(ctx))) }()
	logKey, err := settings.LogKey()
	if err != nil {
		return err
	}
	gate, err := settings.Connect()
	if err != nil {
		return err
	}
	defer gate.Close()
	store, err := OpenStore(settings.Database)
	if err != nil {
		return fmt.Errorf("the database %s: %w", settings.Database, err)
	}
	defer func() { err = errors.Join(err, store.Close()) }()

	desk := &Desk{store: store, gate: gate, site: settings.Site, deadline: settings.Deadline, log: log}
	behind, leave := context.WithCancel(context.WithoutCancel(ctx))
	var working sync.WaitGroup
	working.Go(func() { desk.Follow(behind) })
	working.Go(func() { desk.AskAgain(behind, settings.Pause) })
	defer func() { leave(); working.Wait() }()

	api := &API{desk: desk, logKey: logKey, log: log}
	server := &http.Server{
		Handler:     otelhttp.NewHandler(api.Routes(), "shop"),
		ReadTimeout: 10 * time.Second,
		ErrorLog:    slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	listener, err := net.Listen("tcp", settings.Listen)
	if err != nil {
		return err
	}
	log.Info("the shop is open", "address", listener.Addr().String(), "gate", settings.Gate, "site", settings.Site)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	log.Info("the shop is closing", "grace", settings.Grace.String())
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), settings.Grace)
	defer cancel()
	if err := api.Close(grace); err != nil {
		log.Warn("calls in flight were cut off", "error", err)
	}
	return server.Shutdown(grace)
}
