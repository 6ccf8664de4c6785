"""The gRPC services: each method reads, asks, and writes the answer."""
