package dev.slipway.queue.app;

import dev.slipway.common.app.AppName;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Finds the app that builds a repository, however its address is written. */
public final class RepositoryStore {
  private static final long REGISTRATION_LOCK = 0x511b_0a11L;

  private final JdbcClient jdbc;

  public RepositoryStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** The app of the repository that any of the addresses names. */
  public Optional<AppName> appOf(Collection<String> addresses) {
    var keys =
        addresses.stream()
            .flatMap(address -> RepositoryAddress.keyOf(address).stream())
            .collect(Collectors.toSet());
    // an organisation has some hundreds of apps: reading them is cheaper than keeping a second key
    // in step
    return jdbc
        .sql("select name, repository from app order by name")
        .query((row, n) ->
            RepositoryAddress.keyOf(row.getString("repository")).filter(keys::contains).isPresent()
                ? Optional.of(new AppName(row.getString("name")))
                : Optional.<AppName>empty())
        .list()
        .stream()
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** The paths of all repositories on a host, by their apps' names. */
  public Map<String, String> pathsOf(String host) {
    var paths = new HashMap<String, String>();
    jdbc.sql("select name, repository from app")
        .query(row -> {
          var app = row.getString("name");
          RepositoryAddress.keyOf(row.getString("repository"))
              .filter(key -> key.startsWith(host + "/"))
              .ifPresent(key -> paths.put(app, key.substring(host.length() + 1)));
        });
    return paths;
  }

  /** Registrations go one by one until their transactions end. */
  void lock() {
    jdbc.sql("select pg_advisory_xact_lock(:lock)")
        .param("lock", REGISTRATION_LOCK)
        .query((row, n) -> true)
        .single();
  }
}
