package dev.slipway.common.database;

import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A fresh database with Slipway's schema, on one real PostgreSQL server a JVM. */
public final class TestDatabase {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String url;
  private final DataSource dataSource;

  private TestDatabase(String url) {
    this.url = url;
    this.dataSource = dataSource(url);
  }

  /** Makes a new database and migrates it. */
  public static TestDatabase create() {
    var name = "test" + COUNT.incrementAndGet();
    JdbcClient.create(dataSource(Server.POSTGRES.url("postgres")))
        .sql("create database " + name)
        .update();
    var database = new TestDatabase(Server.POSTGRES.url(name));
    Flyway.configure().dataSource(database.dataSource()).load().migrate();
    return database;
  }

  private static DataSource dataSource(String url) {
    var source = new PGSimpleDataSource();
    source.setUrl(url);
    return source;
  }

  public DataSource dataSource() {
    return dataSource;
  }

  public JdbcClient jdbc() {
    return JdbcClient.create(dataSource);
  }

  /** For {@code spring.datasource.url}; it holds the user's credentials too. */
  public String url() {
    return url;
  }

  /** Starts the server when the first database is asked for; it ends with the JVM. */
  private static final class Server {
    static final TestPostgres POSTGRES = TestPostgres.start();
  }
}
