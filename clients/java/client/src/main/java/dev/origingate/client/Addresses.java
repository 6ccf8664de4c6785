package dev.origingate.client;

import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.Status;
import io.grpc.StatusOr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Several servers by their addresses, where no one name stands for them all: "addresses:///gate-1.example:443,gate-2.example:443".
 * Over TLS each has to show a certificate for its own host. gRPC finds this class by its service file.
 */
public final class Addresses extends NameResolverProvider {
    private static final String SCHEME = "addresses";
    private static final int USUAL_PRIORITY = 5;

    @Override
    public String getDefaultScheme() {
        return SCHEME;
    }

    @Override
    public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
        return List.of(InetSocketAddress.class);
    }

    /** Null for a target of another scheme, as gRPC asks every provider. */
    @Override
    public NameResolver newNameResolver(URI target, NameResolver.Args args) {
        if (!SCHEME.equals(target.getScheme())) {
            return null;
        }
        List<URI> servers = Arrays.stream(target.getPath().substring(1).split(",")).map(Addresses::server).toList();
        return new Listed(servers, args);
    }

    @Override
    protected boolean isAvailable() {
        return true;
    }

    @Override
    protected int priority() {
        return USUAL_PRIORITY;
    }

    private static URI server(String text) {
        URI server = URI.create("//" + text.strip());
        if (server.getHost() == null || server.getPort() < 0) {
            throw new IllegalArgumentException("\"" + text + "\" is no address; write host:port, and commas between several");
        }
        return server;
    }

    private static final class Listed extends NameResolver {
        private final List<URI> servers;
        private final Args args;
        private Listener2 listener;

        Listed(List<URI> servers, Args args) {
            this.servers = servers;
            this.args = args;
        }

        @Override
        public String getServiceAuthority() {
            return servers.get(0).getAuthority();
        }

        @Override
        public void start(Listener2 told) {
            listener = told;
            refresh();
        }

        @Override
        public void refresh() {
            // Asking the name service can take its time, and gRPC's own thread must not.
            args.getOffloadExecutor().execute(() -> {
                ResolutionResult found =
                        ResolutionResult.newBuilder().setAddressesOrError(found()).build();
                args.getSynchronizationContext().execute(() -> listener.onResult2(found));
            });
        }

        @Override
        public void shutdown() {}

        /** All that have an address; an error only where none has. */
        private StatusOr<List<EquivalentAddressGroup>> found() {
            List<EquivalentAddressGroup> groups = new ArrayList<>();
            UnknownHostException unknown = null;
            for (URI server : servers) {
                try {
                    groups.add(group(server));
                } catch (UnknownHostException nowhere) {
                    unknown = nowhere;
                }
            }
            return groups.isEmpty()
                    ? StatusOr.fromStatus(Status.UNAVAILABLE.withDescription("no address is known").withCause(unknown))
                    : StatusOr.fromValue(groups);
        }

        private static EquivalentAddressGroup group(URI server) throws UnknownHostException {
            List<SocketAddress> addresses = new ArrayList<>();
            for (InetAddress address : InetAddress.getAllByName(server.getHost())) {
                addresses.add(new InetSocketAddress(address, server.getPort()));
            }
            Attributes shows = Attributes.newBuilder()
                    .set(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE, server.getAuthority())
                    .build();
            return new EquivalentAddressGroup(addresses, shows);
        }
    }
}
