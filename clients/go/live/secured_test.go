package live

import (
	"crypto/tls"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"origingate.dev/client"
	"origingate.dev/client/internal/gatetest"
)

// A server that asks for TLS, a certificate and a key answers who shows all three; what is missing is told.
func TestSecured(t *testing.T) {
	folder := t.TempDir()
	ours := gatetest.NewAuthority(t)
	others := gatetest.NewAuthority(t)
	files := ours.Write(t, folder, "gate")
	if err := gatetest.Identify(folder); err != nil {
		t.Fatal(err)
	}
	key, err := gatetest.NewKey(folder, "orders")
	if err != nil {
		t.Fatal(err)
	}
	server, err := gatetest.Serve(folder, "127.0.0.1:0", "--identify",
		"--tls-cert", files.Certificate, "--tls-key", files.Key, "--tls-client-ca", files.Authority)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Kill()
	shown := ours.Issue(t, "shop")
	for _, one := range []struct {
		name     string
		trusted  *gatetest.Authority
		shown    []tls.Certificate
		key      string
		expected codes.Code
	}{
		{"all three", ours, []tls.Certificate{shown}, key, codes.OK},
		{"no certificate", ours, nil, key, codes.Unavailable},
		{"another authority", others, []tls.Certificate{shown}, key, codes.Unavailable},
		{"no key", ours, []tls.Certificate{shown}, "", codes.Unauthenticated},
		{"a key that nobody made", ours, []tls.Certificate{shown}, "og_0000000000000000_nobody", codes.Unauthenticated},
	} {
		t.Run(one.name, func(t *testing.T) {
			secured, err := client.WithTLS(one.trusted.PEM, one.shown...)
			if err != nil {
				t.Fatal(err)
			}
			own, err := client.Connect(server.Target, secured, client.WithAPIKey(one.key), client.WithDeadline(callDeadline))
			if err != nil {
				t.Fatal(err)
			}
			defer own.Close()
			_, err = own.ProcessOrder(t.Context(), eligible(t))
			if code := status.Code(err); one.expected != code {
				t.Errorf("expected %v, got %v", one.expected, err)
			}
		})
	}
	t.Run("by address, of several", func(t *testing.T) {
		secured, err := client.WithTLS(ours.PEM, shown)
		if err != nil {
			t.Fatal(err)
		}
		target, several := client.Addresses("127.0.0.1:1", server.Target)
		own, err := client.Connect(target, several, secured, client.WithAPIKey(key), client.WithDeadline(callDeadline))
		if err != nil {
			t.Fatal(err)
		}
		defer own.Close()
		if _, err := own.ProcessOrder(t.Context(), eligible(t)); err != nil {
			t.Errorf("expected the one that is there to be believed by its own host, got %v", err)
		}
	})
}
