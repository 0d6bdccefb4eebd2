package dev.slipway.common.notice;

import dev.slipway.common.loop.Loop;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/**
 * Listens on one connection for all of a service's channels and calls what waits for each. After a
 * lost connection it calls everything once, because notifications sent meanwhile are gone.
 */
public final class ListenerStore implements AutoCloseable {
  private static final int WAIT_MILLIS = 1_000;

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
          hear(connection.unwrap(PGConnection.class));
        } finally {
          if (!connection.isClosed()) {
            statement.execute("unlisten *");
          }
        }
      }
    }
    return false;
  }

  private void hear(PGConnection connection) throws SQLException {
    while (!Thread.currentThread().isInterrupted()) {
      var notices = connection.getNotifications(WAIT_MILLIS);
      if (notices == null) {
        continue;
      }
      for (var entry : wakes.entrySet()) {
        for (var notice : notices) {
          if (notice.getName().equals(entry.getKey().id())) {
            entry.getValue().run();
            break;
          }
        }
      }
    }
  }

  @Override
  public void close() {
    loop.close();
  }
}
