package gatetest

import "path/filepath"

// Tenant is whose sites those of examples/ are.
const Tenant = "dev"

// Identify makes the tenant on the database of a folder, before its first server; keys for it can be made then.
func Identify(folder string) error {
	if _, err := Run("db", "upgrade", "--database", databaseOf(folder)); err != nil {
		return err
	}
	_, err := Run("tenant", "create", Tenant, "--title", "Development", "--database", databaseOf(folder))
	return err
}

// NewKey makes an API key of an order system; more can be "--expires", "1h".
func NewKey(folder, name string, more ...string) (string, error) {
	return Run(append([]string{
		"tenant", "key", "new", Tenant, "--name", name, "--role", "ORDER_SYSTEM", "--database", databaseOf(folder),
	}, more...)...)
}

// Revoke takes an API key back. A server that runs refuses it within 5 seconds.
func Revoke(folder, key string) error {
	const prefix, id = len("og_"), 16
	_, err := Run("tenant", "key", "revoke", key[prefix:prefix+id], "--database", databaseOf(folder))
	return err
}

func databaseOf(folder string) string {
	return "sqlite:///" + filepath.Join(folder, "og.db")
}
