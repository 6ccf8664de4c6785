package dev.origingate.shop;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.h2.jdbcx.JdbcConnectionPool;

/** The shop's database: one H2 file, that one process has open. */
final class Transactions implements AutoCloseable {
    private final JdbcConnectionPool pool;

    /** What is done in one transaction. */
    interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    /** Opens the file, and makes it with its tables where it is not there; ".mv.db" is added to its name. */
    Transactions(Path file) {
        // What is committed is with the operating system before the answer, and only we say when the database ends.
        String url = "jdbc:h2:file:" + file.toAbsolutePath() + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
        pool = JdbcConnectionPool.create(url, "shop", "");
        pool.setMaxConnections(40);
        run(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute(schema());
            }
        });
    }

    /** Does all of it or nothing. */
    <T> T run(Work<T> work) {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try {
                T done = work.with(connection);
                connection.commit();
                return done;
            } catch (SQLException | RuntimeException failed) {
                connection.rollback();
                throw failed;
            }
        } catch (SQLException failed) {
            throw new IllegalStateException("the shop's database failed: " + failed.getMessage(), failed);
        }
    }

    @Override
    public void close() {
        run(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute("CHECKPOINT SYNC");
            }
        });
        pool.dispose();
    }

    private static String schema() {
        try (InputStream text = Transactions.class.getResourceAsStream("schema.sql")) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the shop's jar is broken: schema.sql", unreadable);
        }
    }
}
