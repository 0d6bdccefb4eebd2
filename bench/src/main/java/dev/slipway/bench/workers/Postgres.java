package dev.slipway.bench.workers;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL with all that must be flushed flushed, which can be stopped, crashed and started.
 */
public final class Postgres implements AutoCloseable {
  private final Path folder;
  private final int port;
  private EmbeddedPostgres running;

  /** Starts one. */
  public Postgres(Path folder, int port) throws IOException {
    this.folder = folder;
    this.port = port;
    this.running = start();
  }

  private EmbeddedPostgres start() throws IOException {
    return EmbeddedPostgres.builder()
        .setDataDirectory(folder.toFile())
        .setCleanDataDirectory(false)
        .setRegisterShutdownHook(false)
        .setPort(port)
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("full_page_writes", "on")
        .setServerConfig("max_connections", "300")
        .setServerConfig("shared_preload_libraries", "pg_stat_statements")
        .setServerConfig("listen_addresses", "127.0.0.1")
        .setPGStartupWait(Duration.ofSeconds(60))
        .start();
  }

  public PGSimpleDataSource dataSource() {
    var database = new PGSimpleDataSource();
    database.setUrl(url());
    database.setUser("postgres");
    return database;
  }

  public String url() {
    return "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(port);
  }

  /**
   * Its first process, of which all others are children.
   *
   * @throws IOException when it does not run
   */
  public ProcessHandle server() throws IOException {
    var pid = Files.readAllLines(folder.resolve("postmaster.pid")).getFirst().strip();
    return ProcessHandle.of(Long.parseLong(pid))
        .orElseThrow(() -> new IOException("PostgreSQL does not run"));
  }

  /** Ends it in the middle of everything: what was not flushed is gone. */
  void crash() throws IOException, InterruptedException {
    var server = server();
    new ProcessBuilder("kill", "-s", "QUIT", String.valueOf(server.pid())).start().waitFor();
    server.onExit().orTimeout(60, TimeUnit.SECONDS).join();
    running.close();
  }

  /** Ends it in good order. */
  public void stop() throws IOException {
    running.close();
  }

  /** Starts it again after a stop or a crash. */
  public void restart() throws IOException {
    running = start();
  }

  @Override
  public void close() throws IOException {
    running.close();
  }
}
