package dev.slipway.common.notice;

import dev.slipway.common.loop.Loop;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Listens on one connection for all of a service's channels and calls what waits for each. After a
 * lost connection it calls everything once, because notifications sent meanwhile are gone. Silence
 * looks the same from a quiet database and from one that is frozen or cut off, so in silence it
 * asks.
 */
public final class ListenerStore implements AutoCloseable {
  private static final int WAIT_MILLIS = 1_000;

  /** Waits without a word before the database is asked whether it is there. */
  private static final int QUIET_WAITS = 5;

  private static final int ANSWER_SECONDS = 3;

  private final DataSource database;
  private final Map<Channel, Runnable> wakes;
  private final Loop loop;

  /** Starts listening. The wakes must be quick. */
  public ListenerStore(DataSource database, Map<Channel, Runnable> wakes, MeterRegistry meters) {
    this.database = database;
    this.wakes = new EnumMap<>(wakes);
    this.loop = new Loop("notices", Duration.ofSeconds(1), this::listen, meters).start();
  }

  private boolean listen() throws SQLException {
    try (var connection = database.getConnection()) {
      connection.setAutoCommit(true);
      try (var statement = connection.createStatement()) {
        for (var channel : wakes.keySet()) {
          statement.execute("listen " + channel.id());
        }
        wakes.values().forEach(Runnable::run);
        try {
          hear(connection, connection.unwrap(PGConnection.class));
        } finally {
          if (!connection.isClosed()) {
            statement.execute("unlisten *");
          }
        }
      }
    }
    return false;
  }

  private void hear(Connection connection, PGConnection postgres) throws SQLException {
    var quiet = 0;
    while (!Thread.currentThread().isInterrupted()) {
      var notices = postgres.getNotifications(WAIT_MILLIS);
      if (notices != null && notices.length > 0) {
        quiet = 0;
        call(notices);
      } else if (++quiet == QUIET_WAITS) {
        quiet = 0;
        requireAlive(connection);
      }
    }
  }

  private static void requireAlive(Connection connection) throws SQLException {
    if (!connection.isValid(ANSWER_SECONDS)) {
      // whoever closes it in good order would wait for an answer as well
      connection.abort(Runnable::run);
      throw new SQLException("the database does not answer on the connection that listens");
    }
  }

  private void call(PGNotification[] notices) {
    for (var entry : wakes.entrySet()) {
      for (var notice : notices) {
        if (notice.getName().equals(entry.getKey().id())) {
          entry.getValue().run();
          break;
        }
      }
    }
  }

  @Override
  public void close() {
    loop.close();
  }
}
