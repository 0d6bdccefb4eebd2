package dev.slipway.common.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A fresh database with Slipway's schema, on one real PostgreSQL server a JVM. */
public final class TestDatabase {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final PGSimpleDataSource dataSource;

  private TestDatabase(PGSimpleDataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** Makes a new database and migrates it. */
  public static TestDatabase create() {
    var name = "test" + COUNT.incrementAndGet();
    var server = Server.POSTGRES;
    JdbcClient.create(server.getPostgresDatabase()).sql("create database " + name).update();
    var database = new PGSimpleDataSource();
    database.setUrl(server.getJdbcUrl("postgres", name));
    Flyway.configure().dataSource(database).load().migrate();
    return new TestDatabase(database);
  }

  public DataSource dataSource() {
    return dataSource;
  }

  public JdbcClient jdbc() {
    return JdbcClient.create(dataSource);
  }

  /** For {@code spring.datasource.url}; it holds the user's name too. */
  public String url() {
    return dataSource.getURL() + "?user=postgres";
  }

  /** Starts the server when the first database is asked for; it ends with the JVM. */
  private static final class Server {
    static final EmbeddedPostgres POSTGRES = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder().start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
