package dev.slipway.standalone;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/**
 * The embedded PostgreSQL: a real one, with its data in a folder and everything flushed that must
 * be.
 */
final class Database implements AutoCloseable {
  private final EmbeddedPostgres postgres;
  private final int port;

  private Database(EmbeddedPostgres postgres, int port) {
    this.postgres = postgres;
    this.port = port;
  }

  /**
   * Ends a server that an installation left running on the folder because it was killed.
   *
   * @throws IOException when it does not end
   */
  static void endLeftOver(Path folder) throws IOException {
    var pidFile = folder.resolve("postmaster.pid");
    if (Files.notExists(pidFile)) {
      return;
    }
    var pid = Files.readAllLines(pidFile).getFirst().strip();
    var server =
        ProcessHandle.of(Long.parseLong(pid))
            .filter(p -> p.info().command().filter(c -> c.endsWith("/postgres")).isPresent());
    if (server.isPresent()) {
      server.get().destroy();
      try {
        server.get().onExit().get(30, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException | InterruptedException e) {
        throw new IOException(
            "PostgreSQL, process " + pid + ", left over on " + folder + ", does not end", e);
      }
    }
  }

  /** Starts it, on the data that the folder has, and brings the schema up to date. */
  static Database start(Path folder, int port) throws IOException {
    var postgres =
        EmbeddedPostgres.builder()
            .setDataDirectory(folder.toFile())
            .setCleanDataDirectory(false)
            // it ends after the services, not with the first signal
            .setRegisterShutdownHook(false)
            .setPort(port)
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("max_connections", "100")
            .setServerConfig("shared_buffers", "64MB")
            .setServerConfig("listen_addresses", "127.0.0.1")
            .setPGStartupWait(Duration.ofSeconds(60))
            .start();
    var database = new Database(postgres, port);
    Flyway.configure().dataSource(database.dataSource()).load().migrate();
    return database;
  }

  DataSource dataSource() {
    return postgres.getPostgresDatabase();
  }

  String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  @Override
  public void close() throws IOException {
    postgres.close();
  }
}
