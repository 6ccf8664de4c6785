package client

import "context"

// apiKey shows a key with every call. It is shown in the open only where the caller asked for plaintext.
type apiKey struct {
	key  string
	open bool
}

// GetRequestMetadata returns the metadata that show the key.
func (k apiKey) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": "Bearer " + k.key}, nil
}

// RequireTransportSecurity says whether the connection has to be encrypted.
func (k apiKey) RequireTransportSecurity() bool {
	return !k.open
}
