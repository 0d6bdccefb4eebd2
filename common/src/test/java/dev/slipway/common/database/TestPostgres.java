package dev.slipway.common.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A real PostgreSQL server for tests: an embedded one, or with {@code
 * -Dslipway.test.postgres=container} one in a container of the Docker engine that is there.
 */
public abstract sealed class TestPostgres implements AutoCloseable {
  private static final String SWITCH = "slipway.test.postgres";
  private static final String IMAGE = "postgres:17";

  /** As the embedded one is set, which the tests were written on. */
  private static final String[] SETTINGS = {
    "postgres", "-c", "fsync=off", "-c", "max_connections=300"
  };

  private TestPostgres() {}

  /**
   * Starts a server, and says on standard output which.
   *
   * @throws IllegalArgumentException when the switch is neither {@code embedded} nor {@code
   *     container}
   * @throws IllegalStateException when a container is asked for and there is no engine: tests must
   *     not pass on another server than the one that was meant
   */
  public static TestPostgres start() {
    var chosen = System.getProperty(SWITCH, "embedded");
    return switch (chosen) {
      case "embedded" -> new Embedded();
      case "container" -> new Container();
      default ->
          throw new IllegalArgumentException(
              SWITCH + " must be embedded or container, not " + chosen);
    };
  }

  /** A database's JDBC address, which holds the credentials of a superuser. */
  public abstract String url(String database);

  @Override
  public abstract void close();

  static void say(String which) {
    System.out.println("\n*** PostgreSQL of the tests: " + which + " (" + SWITCH + ") ***\n");
  }

  private static final class Embedded extends TestPostgres {
    private final EmbeddedPostgres server;

    Embedded() {
      try {
        server = EmbeddedPostgres.builder().start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      say("embedded");
    }

    @Override
    public String url(String database) {
      return server.getJdbcUrl("postgres", database);
    }

    @Override
    public void close() {
      try {
        server.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class Container extends TestPostgres {
    private static final String PASSWORD = "only-for-tests";

    private final PostgreSQLContainer server =
        new PostgreSQLContainer(IMAGE)
            .withUsername("postgres")
            .withPassword(PASSWORD)
            .withDatabaseName("postgres")
            .withCommand(SETTINGS);

    Container() {
      server.start();
      // the engine's own reaper may be switched off
      Runtime.getRuntime().addShutdownHook(new Thread(server::stop, "end postgres container"));
      say(
          "container of "
              + IMAGE
              + ", engine's API "
              + DockerClientFactory.instance().getActiveApiVersion());
    }

    @Override
    public String url(String database) {
      return "jdbc:postgresql://%s:%d/%s?user=postgres&password=%s"
          .formatted(
              server.getHost(),
              server.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
              database,
              PASSWORD);
    }

    @Override
    public void close() {
      server.stop();
    }
  }
}
