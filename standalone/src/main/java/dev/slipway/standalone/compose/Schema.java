package dev.slipway.standalone.compose;

import dev.slipway.common.access.Role;
import dev.slipway.common.access.TokenStore;
import dev.slipway.standalone.Keys;
import java.io.IOException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Brings the database up to date, once, before any service starts; and puts the tokens in. */
final class Schema {
  private static final String URL = "jdbc:postgresql://postgres:5432/slipway";

  /** Flyway waits 1, 2, 4 … seconds between them. */
  private static final int CONNECT_RETRIES = 5;

  private final Keys keys;

  Schema(Keys keys) {
    this.keys = keys;
  }

  void run() throws IOException {
    var database = database();
    Flyway.configure().dataSource(database).connectRetries(CONNECT_RETRIES).load().migrate();
    var tokens = new TokenStore(JdbcClient.create(database));
    tokens.put("workers", Role.WORKER, null, keys.secret("worker"));
    for (var region : Composed.SIZE.regions()) {
      tokens.put("region-" + region, Role.REGION, region.value(), keys.secret("region-" + region));
    }
  }

  private DataSource database() throws IOException {
    var database = new PGSimpleDataSource();
    database.setUrl(URL);
    database.setUser("slipway");
    database.setPassword(keys.secret("database"));
    return database;
  }
}
