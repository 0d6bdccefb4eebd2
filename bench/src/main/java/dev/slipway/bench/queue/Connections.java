package dev.slipway.bench.queue;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** One connection a worker, all open before the clock starts. */
final class Connections implements AutoCloseable {
  private final List<Connection> connections = new ArrayList<>();

  Connections(Server.Place place, int count) throws SQLException {
    try {
      for (var i = 0; i < count; i++) {
        connections.add(place.connect());
      }
    } catch (SQLException failed) {
      close();
      throw failed;
    }
  }

  List<Connection> all() {
    return connections;
  }

  @Override
  public void close() throws SQLException {
    for (var connection : connections) {
      connection.close();
    }
  }
}
