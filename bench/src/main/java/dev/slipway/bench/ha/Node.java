package dev.slipway.bench.ha;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One PostgreSQL server of a pair, with all flushed that must be. */
final class Node implements AutoCloseable {
  /** What each server has of its own, or makes anew. */
  private static final Set<String> OWN =
      Set.of("postmaster.pid", "postmaster.opts", "epg-lock", "standby.signal");

  private static final Set<String> EMPTY = Set.of("pg_wal", "pg_replslot", "pg_stat_tmp");

  private final Path folder;
  private final int port;
  private @Nullable EmbeddedPostgres running;

  Node(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  /** Starts it, on an empty folder as a primary without any data. */
  void start() throws IOException {
    running =
        EmbeddedPostgres.builder()
            .setDataDirectory(folder.toFile())
            .setCleanDataDirectory(false)
            .setRegisterShutdownHook(false)
            .setPort(port)
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("max_connections", "200")
            .setServerConfig("listen_addresses", "127.0.0.1")
            .setServerConfig("wal_keep_size", "512MB")
            .setPGStartupWait(Duration.ofSeconds(60))
            .start();
  }

  int port() {
    return port;
  }

  JdbcClient jdbc() {
    return JdbcClient.create(dataSource());
  }

  PGSimpleDataSource dataSource() {
    var database = new PGSimpleDataSource();
    database.setUrl("jdbc:postgresql://127.0.0.1:%d/postgres".formatted(port));
    database.setUser("postgres");
    return database;
  }

  /** Becomes a standby of a primary: takes a copy of its files, starts, and follows its log. */
  void follow(Node primary) throws IOException, SQLException {
    try (var connection = primary.dataSource().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("select pg_backup_start('standby', true)");
      copy(primary.folder);
      try (var label = statement.executeQuery("select labelfile from pg_backup_stop(false)")) {
        label.next();
        Files.writeString(folder.resolve("backup_label"), label.getString(1));
      }
    }
    Files.createFile(folder.resolve("standby.signal"));
    Files.writeString(
        folder.resolve("postgresql.auto.conf"),
        "primary_conninfo = 'host=127.0.0.1 port=%d user=postgres'%n".formatted(primary.port),
        StandardOpenOption.APPEND);
    start();
  }

  /** The files of a server that writes; what is torn, its log mends. */
  private void copy(Path from) throws IOException {
    delete();
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(
                there(path),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return EMPTY.contains(path.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
              throws IOException {
            if (!OWN.contains(path.getFileName().toString())) {
              try {
                Files.copy(path, there(path));
              } catch (NoSuchFileException dropped) {
                // a table or a temporary file that was there a moment ago
              }
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path path, IOException failed) throws IOException {
            if (failed instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw failed;
          }

          private Path there(Path path) {
            return folder.resolve(from.relativize(path));
          }
        });
  }

  private void delete() throws IOException {
    if (Files.exists(folder)) {
      try (var files = Files.walk(folder)) {
        for (var file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** Every process of it is killed, as when its host loses power. */
  void kill() throws IOException {
    var server = running;
    if (server == null) {
      return;
    }
    var processes = processes();
    processes.forEach(ProcessHandle::destroyForcibly);
    processes.forEach(gone -> gone.onExit().orTimeout(60, TimeUnit.SECONDS).join());
    running = null;
    server.close();
  }

  private List<ProcessHandle> processes() throws IOException {
    var pid = Files.readAllLines(folder.resolve("postmaster.pid")).getFirst().strip();
    return ProcessHandle.of(Long.parseLong(pid)).stream()
        .flatMap(server -> Stream.concat(Stream.of(server), server.descendants()))
        .toList();
  }

  @Override
  public void close() throws IOException {
    var server = running;
    if (server != null) {
      running = null;
      server.close();
    }
  }
}
