package client

import (
	"encoding/json"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	origingatev1 "origingate.dev/client/origingate/v1"
)

// mostAttempts is as many as gRPC makes.
const mostAttempts = 5

// contract is every file of the contract that has services.
var contract = []protoreflect.FileDescriptor{
	origingatev1.File_origingate_v1_case_service_proto,
	origingatev1.File_origingate_v1_certificate_service_proto,
	origingatev1.File_origingate_v1_evidence_service_proto,
	origingatev1.File_origingate_v1_operator_service_proto,
	origingatev1.File_origingate_v1_rulebook_service_proto,
	origingatev1.File_origingate_v1_screening_service_proto,
	origingatev1.File_origingate_v1_site_service_proto,
}

type methodName struct {
	Service string `json:"service"`
	Method  string `json:"method"`
}

// serviceConfig is gRPC's own: calls go round all addresses of a name, and those that are safe to repeat are repeated
// where no server can be reached. The contract says by idempotency_level which these are: reads, and calls whose
// request_id makes them safe.
func serviceConfig(attempts int) string {
	config := map[string]any{"loadBalancingConfig": []any{map[string]any{"round_robin": struct{}{}}}}
	if attempts > 1 {
		config["methodConfig"] = []any{map[string]any{
			"name": safeToRepeat(),
			"retryPolicy": map[string]any{
				"maxAttempts": min(attempts, mostAttempts), "initialBackoff": "0.1s", "maxBackoff": "2s",
				"backoffMultiplier": 2, "retryableStatusCodes": []string{"UNAVAILABLE"},
			},
		}}
	}
	// No error is possible: these are texts and numbers.
	text, _ := json.Marshal(config)
	return string(text)
}

func safeToRepeat() []methodName {
	safe := []methodName{}
	for _, file := range contract {
		for i := range file.Services().Len() {
			service := file.Services().Get(i)
			for j := range service.Methods().Len() {
				method := service.Methods().Get(j)
				options, _ := method.Options().(*descriptorpb.MethodOptions)
				unknown := descriptorpb.MethodOptions_IDEMPOTENCY_UNKNOWN
				if !method.IsStreamingClient() && !method.IsStreamingServer() && options.GetIdempotencyLevel() != unknown {
					safe = append(safe, methodName{string(service.FullName()), string(method.Name())})
				}
			}
		}
	}
	return safe
}
