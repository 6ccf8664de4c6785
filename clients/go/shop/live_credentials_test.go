package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"origingate.dev/client/internal/gatetest"
)

// What Origin Gate does not take of us is a failure with a sentence that says so, and the order is kept; once it is mended, the
// order is asked about without anybody sending it again.
func TestCredentials(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	ours, others := gatetest.NewAuthority(t), gatetest.NewAuthority(t)
	gateFiles, shopFiles, otherFiles := ours.Write(t, folder, "gate"), ours.Write(t, folder, "shop"), others.Write(t, folder, "other")
	if err := gatetest.Identify(folder); err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, folder: folder}
	w.with = []string{"--identify",
		"--tls-cert", gateFiles.Certificate, "--tls-key", gateFiles.Key, "--tls-client-ca", gateFiles.Authority}
	w.begin("127.0.0.1:0")
	t.Cleanup(w.gate.Kill)

	keyFile := filepath.Join(folder, "api.key")
	key := func(value string) {
		t.Helper()
		if err := os.WriteFile(keyFile, []byte(value+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	made := func(more ...string) string {
		t.Helper()
		key, err := gatetest.NewKey(folder, "orders", more...)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	expired, right := made("--expires", "1s"), made()
	shown := []string{"-certificate", shopFiles.Certificate, "-key", shopFiles.Key}
	trusted := []string{"-plaintext=false", "-api-key-file", keyFile, "-authorities", shopFiles.Authority}

	key(right)
	shop := w.opened(t, "aceros-shop", "-plaintext=false", "-api-key-file", keyFile, "-authorities", otherFiles.Authority)
	fails := func(number, because string) {
		t.Helper()
		told := shop.post("/orders", eligible(t, number))
		if told.State != Failed || !strings.Contains(told.Because, because) {
			t.Errorf("expected it to fail because %q, got %+v", because, told)
		}
	}
	with := func(settings ...string) {
		t.Helper()
		if err := shop.Stop(); err != nil {
			t.Fatal(err)
		}
		shop.begin(append(trusted, settings...)...)
	}
	const unreachable, unknown = "its certificate and ours do not agree", "does not know our API key"
	fails("GO-authority", unreachable)
	with()
	fails("GO-certificate", unreachable)
	key("og_0000000000000000_nobody")
	with(shown...)
	fails("GO-unknown", unknown)
	key(expired)
	with(shown...)
	fails("GO-expired", unknown)

	key(right)
	with(shown...)
	for _, number := range []string{"GO-authority", "GO-certificate", "GO-unknown", "GO-expired"} {
		shop.ends(number, Confirmed)
	}
	if err := gatetest.Revoke(folder, right); err != nil {
		t.Fatal(err)
	}
	revoked := 0
	until(t, "the key is refused", func() bool {
		revoked++
		return shop.post("/orders", eligible(t, "GO-revoked-"+strings.Repeat("i", revoked))).State == Failed
	})
	fails("GO-revoked", unknown)
	key(made())
	with(shown...)
	shop.ends("GO-revoked", Confirmed)
}
