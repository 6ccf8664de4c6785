package dev.origingate.shop;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after orders that wait, in the background: those that a webhook told of at once, the others now and then. */
final class Following implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Following.class);
    private static final Duration TICK = Duration.ofMillis(200);
    private static final int AT_ONCE = 8;

    private final Orders orders;
    private final Duration grace;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE);

    Following(Orders orders, Duration grace) {
        this.orders = orders;
        this.grace = grace;
    }

    void begin() {
        orders.resume();
        clock.scheduleWithFixedDelay(told(this::look), 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
        clock.scheduleWithFixedDelay(told(orders::tidy), 1, 1, TimeUnit.HOURS);
    }

    /** Ends once the orders under way are looked after, within the grace. */
    @Override
    public void close() {
        clock.shutdown();
        try {
            clock.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        workers.shutdownNow();
    }

    private void look() {
        try {
            List<Callable<Void>> work = orders.due(2 * AT_ONCE).stream().map(this::following).toList();
            workers.invokeAll(work);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A clock drops work that throws: what fails is told, and tried at the next tick. */
    private static Runnable told(Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException failed) {
                LOG.atError().setCause(failed).log("orders are not looked after");
            }
        };
    }

    private Callable<Void> following(String number) {
        return () -> {
            try {
                orders.follow(number);
            } catch (RuntimeException failed) {
                // It is due again later; the others go on.
                LOG.atError().addKeyValue("order", number).setCause(failed).log("not looked after");
            }
            return null;
        };
    }
}
