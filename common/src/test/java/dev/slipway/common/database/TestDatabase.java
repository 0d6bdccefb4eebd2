package dev.slipway.common.database;

import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A fresh database with Slipway's schema, on one real PostgreSQL server a JVM. */
public final class TestDatabase {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String name;
  private final String url;
  private final DataSource dataSource;

  private TestDatabase(String name) {
    this.name = name;
    this.url = Server.POSTGRES.url(name);
    this.dataSource = dataSource(url);
  }

  /** Makes a new database and migrates it. */
  public static TestDatabase create() {
    var name = "test" + COUNT.incrementAndGet();
    administrator().sql("create database " + name).update();
    var database = new TestDatabase(name);
    Flyway.configure().dataSource(database.dataSource()).load().migrate();
    return database;
  }

  private static JdbcClient administrator() {
    return JdbcClient.create(dataSource(Server.POSTGRES.url("postgres")));
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

  /** Lets connections in again, or ends those that are there and lets none in. */
  public void reachable(boolean yes) {
    administrator().sql("alter database " + name + " with allow_connections " + yes).update();
    if (!yes) {
      administrator()
          .sql("select pg_terminate_backend(pid) from pg_stat_activity where datname = :name")
          .param("name", name)
          .query((row, n) -> true)
          .list();
    }
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
