// Command provider is an example of a platform as a process of its own, which Origin Gate asks by PlatformProviderService.
//
//	go run ./provider --listen unix:/run/example/provider.sock
//	go run ./provider --listen 127.0.0.1:7443 --certificate p.pem --key p.key --clients ca.pem
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	providerv1 "origingate.dev/client/origingate/provider/v1"
)

func main() {
	var ask options
	flag.StringVar(&ask.listen, "listen", "", "unix:/PATH, or HOST:PORT with the three below")
	flag.StringVar(&ask.certificate, "certificate", "", "our certificate, PEM")
	flag.StringVar(&ask.key, "key", "", "its private key, PEM")
	flag.StringVar(&ask.clients, "clients", "", "the authority that signs the certificates of those who may ask, PEM")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := serve(ctx, ask, func(address string) { fmt.Println("serving at", address) }); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type options struct{ listen, certificate, key, clients string }

// serve serves until the context ends; `told` gets the address once it can be asked.
func serve(ctx context.Context, ask options, told func(address string)) error {
	behind, err := newPlatform(time.Now)
	if err != nil {
		return err
	}
	listener, credentials, err := listen(ask)
	if err != nil {
		return err
	}
	server := grpc.NewServer(append(credentials, grpc.MaxRecvMsgSize(4<<20))...)
	providerv1.RegisterPlatformProviderServiceServer(server, &service{platform: behind})
	context.AfterFunc(ctx, server.GracefulStop)
	told(ask.listen[:strings.LastIndex(ask.listen, ":")+1] + after(listener))
	return server.Serve(listener)
}

// after gives what follows the last colon of an address: the socket's path, or the port that was free.
func after(listener net.Listener) string {
	address := listener.Addr().String()
	return address[strings.LastIndex(address, ":")+1:]
}

func listen(ask options) (net.Listener, []grpc.ServerOption, error) {
	if path, socket := strings.CutPrefix(ask.listen, "unix:"); socket {
		listener, err := listenSocket(path)
		return listener, nil, err
	}
	if ask.listen == "" || ask.certificate == "" || ask.key == "" || ask.clients == "" {
		return nil, nil, errors.New("give --listen unix:/PATH, or --listen HOST:PORT with --certificate, --key and --clients")
	}
	mutual, err := mutualTLS(ask)
	if err != nil {
		return nil, nil, err
	}
	listener, err := net.Listen("tcp", ask.listen)
	return listener, []grpc.ServerOption{grpc.Creds(credentials.NewTLS(mutual))}, err
}

// listenSocket listens at a path, for our own user only. A socket that a provider before us left is replaced.
func listenSocket(path string) (net.Listener, error) {
	if known, err := os.Lstat(path); err == nil && known.Mode().Type() == os.ModeSocket {
		if other, err := net.Dial("unix", path); err == nil {
			other.Close()
			return nil, fmt.Errorf("%s: another provider serves there", path)
		}
		if err := os.Remove(path); err != nil {
			return nil, err
		}
	}
	mask := syscall.Umask(0o177)
	defer syscall.Umask(mask)
	return net.Listen("unix", path)
}

func mutualTLS(ask options) (*tls.Config, error) {
	own, err := tls.LoadX509KeyPair(ask.certificate, ask.key)
	if err != nil {
		return nil, err
	}
	authority, err := os.ReadFile(ask.clients)
	if err != nil {
		return nil, err
	}
	clients := x509.NewCertPool()
	if !clients.AppendCertsFromPEM(authority) {
		return nil, fmt.Errorf("%s holds no certificate in PEM", ask.clients)
	}
	return &tls.Config{
		Certificates: []tls.Certificate{own},
		ClientAuth:   tls.RequireAndVerifyClientCert,
		ClientCAs:    clients,
		MinVersion:   tls.VersionTLS13,
	}, nil
}
