package dev.origingate.shop;

import io.javalin.http.Handler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Counts requests under way, and takes no new ones once the shop stops. */
final class Drain {
    private final Phaser underWay = new Phaser(1);
    private volatile boolean stopping;

    boolean stopping() {
        return stopping;
    }

    /** Counts a request, or refuses it. */
    Handler counted(Handler next) {
        return request -> {
            underWay.register();
            try {
                // Looked at after it counts: who stops waits for it, or it sees the stop.
                if (stopping) {
                    throw new Refused(503, "The shop is stopping. Send it again; another one takes it.", List.of());
                }
                next.handle(request);
            } finally {
                underWay.arriveAndDeregister();
            }
        };
    }

    /** Takes no more from now on, and waits until what is under way has ended, or the grace is over. */
    void stop(Duration grace) {
        stopping = true;
        try {
            underWay.awaitAdvanceInterruptibly(underWay.arrive(), grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            return;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
