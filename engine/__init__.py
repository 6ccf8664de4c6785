"""The pure core of Origin Gate: rule files in, answers out. No clock, disk, network, process, SQL, gRPC or protobuf."""
