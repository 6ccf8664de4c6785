package client

import (
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/resolver"
	"google.golang.org/grpc/resolver/manual"
)

// Addresses is the target of [Connect] for servers that share no name: calls go round all that can be reached. Each is
// "host:port", and shows a certificate for its own host.
//
//	target, several := client.Addresses("gate-1.example:50051", "gate-2.example:50051")
//	gate, err := client.Connect(target, several)
//
// The option is for one client. Where a name stands for all of them, "dns:///gate.example:50051" does the same.
func Addresses(addresses ...string) (target string, several Option) {
	const scheme = "origingate"
	known := manual.NewBuilderWithScheme(scheme)
	var state resolver.State
	for _, address := range addresses {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			host = address // gRPC says what is wrong with it when it connects.
		}
		state.Endpoints = append(state.Endpoints, resolver.Endpoint{
			Addresses: []resolver.Address{{Addr: address, ServerName: host}},
		})
	}
	known.InitialState(state)
	return scheme + ":///gate", WithDialOptions(grpc.WithResolvers(known))
}
