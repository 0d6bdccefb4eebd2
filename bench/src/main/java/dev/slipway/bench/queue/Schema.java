package dev.slipway.bench.queue;

import java.util.List;
import org.flywaydb.core.Flyway;

/** Slipway's own schema, with apps to build. */
final class Schema {
  /** So many that pushes, which are taken one by one in an app, seldom wait for each other. */
  static final int APPS = 200;

  static final List<String> TABLES = List.of("job", "app");

  private Schema() {}

  static void create(Server.Place place) {
    Flyway.configure().dataSource(place.dataSource()).load().migrate();
    place
        .jdbc()
        .sql(
            """
            insert into app (name, repository, webhook_secret)
            select 'app-' || n, 'https://example.org/app-' || n || '.git', repeat('s', 16)
            from generate_series(0, :apps - 1) as n
            """)
        .param("apps", APPS)
        .update();
  }
}
