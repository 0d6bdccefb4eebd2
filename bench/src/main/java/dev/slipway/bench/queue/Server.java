package dev.slipway.bench.queue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The PostgreSQL that all systems share: everything is flushed that must be. */
final class Server implements AutoCloseable {
  private static final int CONNECTIONS = 400;

  private final EmbeddedPostgres postgres;
  private final int port;

  private Server(EmbeddedPostgres postgres, int port) {
    this.postgres = postgres;
    this.port = port;
  }

  static Server start(Path folder, int port) throws IOException {
    return new Server(
        EmbeddedPostgres.builder()
            .setDataDirectory(folder.toFile())
            .setRegisterShutdownHook(false)
            .setPort(port)
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("max_connections", "" + CONNECTIONS)
            .setServerConfig("shared_buffers", "512MB")
            .setServerConfig("max_wal_size", "4GB")
            // not in the middle of somebody's turn: everybody is vacuumed between turns
            .setServerConfig("autovacuum", "off")
            .setServerConfig("listen_addresses", "127.0.0.1")
            .setPGStartupWait(Duration.ofSeconds(60))
            .start(),
        port);
  }

  /** Makes an empty database. */
  Place database(String name) {
    JdbcClient.create(postgres.getPostgresDatabase()).sql("create database " + name).update();
    return new Place(name, port);
  }

  String version() {
    return JdbcClient.create(postgres.getPostgresDatabase())
        .sql("show server_version")
        .query(String.class)
        .single();
  }

  @Override
  public void close() throws IOException {
    postgres.close();
  }

  /** One database of it. */
  record Place(String name, int port) {
    String nodeUrl() {
      return "postgres://postgres@127.0.0.1:%d/%s".formatted(port, name);
    }

    PGSimpleDataSource dataSource() {
      var database = new PGSimpleDataSource();
      database.setUrl("jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, name));
      database.setUser("postgres");
      return database;
    }

    Connection connect() throws SQLException {
      return dataSource().getConnection();
    }

    JdbcClient jdbc() {
      return JdbcClient.create(dataSource());
    }

    /** A pool whose connections are all open. */
    HikariDataSource pool(int size) throws SQLException {
      var config = new HikariConfig();
      config.setDataSource(dataSource());
      config.setMaximumPoolSize(size);
      var pool = new HikariDataSource(config);
      fill(pool, size);
      return pool;
    }

    private static void fill(HikariDataSource pool, int size) throws SQLException {
      var taken = new ArrayList<Connection>();
      for (var i = 0; i < size; i++) {
        taken.add(pool.getConnection());
      }
      for (var connection : taken) {
        connection.close();
      }
    }

    /** Before each measurement, so that nobody pays for what another has left behind. */
    void quiet(List<String> tables) throws SQLException {
      try (var connection = connect();
          var statement = connection.createStatement()) {
        statement.execute("vacuum (analyze) " + String.join(", ", tables));
        statement.execute("checkpoint");
      }
    }
  }
}
