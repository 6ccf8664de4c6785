package client_test

import (
	"context"
	"net"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	client "origingate.dev/client"
	origingatev1 "origingate.dev/client/origingate/v1"
)

// keeper answers GetCase with the key that was shown, as the case's name.
type keeper struct {
	origingatev1.UnimplementedCaseServiceServer
}

func (keeper) GetCase(ctx context.Context, _ *origingatev1.GetCaseRequest) (*origingatev1.GetCaseResponse, error) {
	shown, _ := metadata.FromIncomingContext(ctx)
	name := ""
	for _, value := range shown.Get("authorization") {
		name += value
	}
	return &origingatev1.GetCaseResponse{Case: &origingatev1.Case{Name: name}}, nil
}

func serve(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer()
	origingatev1.RegisterCaseServiceServer(server, keeper{})
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	return listener.Addr().String()
}

func shownBy(t *testing.T, options ...client.Option) string {
	t.Helper()
	gate, err := client.Connect(serve(t), append(options, client.WithPlaintext())...)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = gate.Close() }()
	found, err := gate.GetCase(t.Context(), caseName)
	if err != nil {
		t.Fatal(err)
	}
	return found.GetName()
}

// A key goes with every call.
func TestAPIKey(t *testing.T) {
	if shown := shownBy(t, client.WithAPIKey("og_1_secret")); shown != "Bearer og_1_secret" {
		t.Errorf("the server is shown %q", shown)
	}
}

// Without one nothing is shown.
func TestNoAPIKey(t *testing.T) {
	if shown := shownBy(t); shown != "" {
		t.Errorf("the server is shown %q", shown)
	}
}
