package main

import (
	"cmp"
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"
	"google.golang.org/grpc"

	"origingate.dev/client"
)

// Settings say how the shop runs. Each is a flag, or an environment variable: -api-key-file is SHOP_API_KEY_FILE.
type Settings struct {
	Listen, Database, Site              string
	Gate, Authorities, Certificate, Key string
	Plaintext                           bool
	APIKeyFile, LogKeyFile              string
	Deadline, Grace, Pause              time.Duration
}

// ReadSettings reads the flags; those that are not there are taken from the environment.
func ReadSettings(arguments []string) (Settings, error) {
	var s Settings
	flags := flag.NewFlagSet("shop", flag.ContinueOnError)
	flags.StringVar(&s.Listen, "listen", "127.0.0.1:8080", "host:port to serve the shop on")
	flags.StringVar(&s.Database, "database", "shop.db", "file of the shop's own database")
	flags.StringVar(&s.Site, "site", "", "id of our site in Origin Gate's records")
	flags.StringVar(&s.Gate, "gate", "127.0.0.1:50051", "addresses of Origin Gate, host:port, with commas between; or dns:///host:port")
	flags.BoolVar(&s.Plaintext, "plaintext", false, "speak without TLS: on loopback only")
	flags.StringVar(&s.Authorities, "authorities", "", "PEM file of the authorities that are trusted; empty: the system's")
	flags.StringVar(&s.Certificate, "certificate", "", "PEM file of our own certificate, where one is asked for")
	flags.StringVar(&s.Key, "key", "", "PEM file of its private key")
	flags.StringVar(&s.APIKeyFile, "api-key-file", "", "file with our API key, where one is asked for")
	flags.StringVar(&s.LogKeyFile, "log-key", "", "PEM file of the log's public key, to verify receipts")
	flags.DurationVar(&s.Deadline, "deadline", 8*time.Second, "how long an order may be asked about while the buyer waits")
	flags.DurationVar(&s.Grace, "grace", 15*time.Second, "how long calls in flight may take when the shop stops")
	flags.DurationVar(&s.Pause, "pause", 5*time.Second, "pause before orders are asked about again that got no answer")
	var wrong error
	flags.VisitAll(func(f *flag.Flag) {
		if value, given := os.LookupEnv("SHOP_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))); given {
			if err := f.Value.Set(value); err != nil {
				wrong = errors.Join(wrong, fmt.Errorf("-%s: %w", f.Name, err))
			}
		}
	})
	if err := cmp.Or(wrong, flags.Parse(arguments)); err != nil {
		return Settings{}, err
	}
	if s.Site == "" {
		return Settings{}, errors.New("-site is missing: the id of our site, as Origin Gate's operator recorded it")
	}
	return s, nil
}

// Connect makes the client of Origin Gate.
func (s Settings) Connect() (*client.Client, error) {
	options := []client.Option{
		client.WithDeadline(s.Deadline),
		client.WithDialOptions(grpc.WithStatsHandler(otelgrpc.NewClientHandler())),
	}
	secured, err := s.secured()
	if err != nil {
		return nil, err
	}
	options = append(options, secured)
	if s.APIKeyFile != "" {
		key, err := os.ReadFile(s.APIKeyFile)
		if err != nil {
			return nil, fmt.Errorf("-api-key-file: %w", err)
		}
		options = append(options, client.WithAPIKey(strings.TrimSpace(string(key))))
	}
	target := s.Gate
	if several := strings.Split(s.Gate, ","); len(several) > 1 {
		named, round := client.Addresses(several...)
		target, options = named, append(options, round)
	}
	return client.Connect(target, options...)
}

func (s Settings) secured() (client.Option, error) {
	if s.Plaintext {
		return client.WithPlaintext(), nil
	}
	var authorities []byte
	var shown []tls.Certificate
	if s.Authorities != "" {
		text, err := os.ReadFile(s.Authorities)
		if err != nil {
			return nil, fmt.Errorf("-authorities: %w", err)
		}
		authorities = text
	}
	if s.Certificate != "" {
		ours, err := tls.LoadX509KeyPair(s.Certificate, s.Key)
		if err != nil {
			return nil, fmt.Errorf("-certificate and -key: %w", err)
		}
		shown = append(shown, ours)
	}
	return client.WithTLS(authorities, shown...)
}

// LogKey reads the log's public key; nil where none is set.
func (s Settings) LogKey() (ed25519.PublicKey, error) {
	if s.LogKeyFile == "" {
		return nil, nil
	}
	text, err := os.ReadFile(s.LogKeyFile)
	if err != nil {
		return nil, fmt.Errorf("-log-key: %w", err)
	}
	return client.LogKey(text)
}
