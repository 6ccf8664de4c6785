package dev.origingate.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.origingate.live.GateServer;
import dev.origingate.v1.Case;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A server whose machine or network went without a word. */
@Timeout(120)
@ExtendWith(LiveServer.class)
final class SilenceTest {
    /**
     * Hands on what comes to its port until it falls silent: then connections that stand hand on nothing more and are not
     * closed, and new ones are served.
     */
    private static final class Tunnel implements AutoCloseable {
        private final ServerSocket port = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        private final List<Socket> sockets = new ArrayList<>();
        private final String host;
        private final int target;
        private volatile int taken;
        private volatile int silentUpTo;

        Tunnel(String target) throws IOException {
            int colon = target.lastIndexOf(':');
            host = target.substring(0, colon);
            this.target = Integer.parseInt(target.substring(colon + 1));
            daemon(this::serve);
        }

        String address() {
            return port.getInetAddress().getHostAddress() + ":" + port.getLocalPort();
        }

        void fallSilent() {
            silentUpTo = taken;
        }

        private static void daemon(Runnable work) {
            Thread thread = new Thread(work);
            thread.setDaemon(true);
            thread.start();
        }

        private void serve() {
            try {
                while (true) {
                    Socket in = port.accept();
                    Socket out = new Socket(host, target);
                    synchronized (sockets) {
                        sockets.addAll(List.of(in, out));
                    }
                    int number = ++taken;
                    daemon(() -> hand(number, in, out));
                    daemon(() -> hand(number, out, in));
                }
            } catch (IOException closed) {
                // The test is over.
            }
        }

        private void hand(int number, Socket from, Socket to) {
            byte[] octets = new byte[32 * 1024];
            try (from;
                    to) {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int count = in.read(octets); count >= 0; count = in.read(octets)) {
                    if (number > silentUpTo) {
                        out.write(octets, 0, count);
                    }
                }
            } catch (IOException ended) {
                // Either side is gone, and so is the other now.
            }
        }

        @Override
        public void close() throws IOException {
            port.close();
            synchronized (sockets) {
                for (Socket socket : sockets) {
                    socket.close();
                }
            }
        }
    }

    @Test
    @DisplayName("A call that is safe to repeat is made again over another connection")
    void fallsSilent(GateServer server) throws IOException {
        try (Tunnel way = new Tunnel(server.target());
                OriginGate gate = OriginGate.builder(way.address())
                        .plaintext()
                        .aliveWithin(Duration.ofSeconds(10), Duration.ofSeconds(1))
                        .connect()
                        .withDeadline(Duration.ofMinutes(1))) {
            Case placed = gate.processOrder(Examples.eligible().build()).getCase();
            way.fallSilent();
            assertEquals(placed.getName(), gate.getCase(placed.getName()).getName());
            assertEquals(2, way.taken);
        }
    }
}
