package dev.slipway.deploy.console;

import dev.slipway.common.job.CommitSha;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What lists show of builds beyond their rows: copies and commits. */
final class BuildStore {
  private final JdbcClient jdbc;

  BuildStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** By build the states of its copies, by region; a build with none is left out. */
  Map<Long, SortedMap<String, String>> copyStates(Collection<Long> builds) {
    var states = new HashMap<Long, SortedMap<String, String>>();
    if (!builds.isEmpty()) {
      jdbc.sql("select job, region, status from replica where job in (:builds)")
          .param("builds", builds)
          .query(row -> {
            states
                .computeIfAbsent(row.getLong("job"), job -> new TreeMap<>())
                .put(row.getString("region"), row.getString("status"));
          });
    }
    return states;
  }

  /** By build the first digits of its commit. */
  Map<Long, String> commits(Collection<Long> builds) {
    if (builds.isEmpty()) {
      return Map.of();
    }
    return jdbc
        .sql("select id, commit_sha from job where id in (:builds)")
        .param("builds", builds)
        .query((row, n) ->
            Map.entry(row.getLong("id"), new CommitSha(row.getString("commit_sha")).abbreviated()))
        .list()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
