package dev.slipway.bench.day;

import dev.slipway.bench.day.Schedule.Push;
import dev.slipway.bench.day.Travel.Span;
import dev.slipway.bench.fleet.Machines.Back;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What became of the day's pushes, read from the database. */
final class Ledger {
  private final JdbcClient jdbc;

  Ledger(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Seconds by the database's clock. */
  double now() {
    return jdbc.sql("select extract(epoch from clock_timestamp())::float8")
        .query(Double.class)
        .single();
  }

  /** How far the builds are. */
  record Progress(long queued, long running, long replicated, long deployed) {}

  Progress progress() {
    return jdbc.sql(
            """
            select (select count(*) from job where status = 'QUEUED'),
                   (select count(*) from job where status = 'RUNNING'),
                   (select count(*) from job where replicated_at is not null),
                   (select count(*) from deployment where finished_at is not null)
            """)
        .query((row, n) ->
            new Progress(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)))
        .single();
  }

  /** Worker processes that were heard of. */
  long workers() {
    return count("select count(*) from worker");
  }

  long machines() {
    return count("select count(*) from machine");
  }

  /** Attempts that ended so. */
  long attempts(String outcome) {
    return jdbc.sql("select count(*) from past_attempt where outcome = :outcome")
        .param("outcome", outcome)
        .query(Long.class)
        .single();
  }

  /** A build with its deployment. */
  private record Row(
      long id,
      String app,
      String commit,
      double created,
      double started,
      double finished,
      double replicated,
      double begun,
      double running,
      boolean toLostRegion) {}

  /**
   * The ways of all pushes that have come to their machines, by their commits, in the order of the
   * pushes.
   *
   * @param lostRegion the one that was away
   */
  Map<String, Travel> travels(List<Push> pushes, Repositories repositories, String lostRegion) {
    var lost = lost();
    var rows = rows(lostRegion);
    var earlier = new HashMap<Integer, Double>();
    var travels = new LinkedHashMap<String, Travel>();
    for (var push : pushes) {
      var row = rows.get(repositories.commit(push));
      if (row != null) {
        travels.put(
            row.commit(),
            new Travel(
                row.app(),
                row.created(),
                lost.getOrDefault(row.id(), List.of()),
                row.started(),
                row.finished(),
                row.replicated(),
                earlier.getOrDefault(push.app(), 0.0),
                row.begun(),
                row.running(),
                push.takes() / Clockwork.COMPRESSION,
                row.toLostRegion()));
        earlier.merge(push.app(), row.replicated(), Math::max);
      }
    }
    return travels;
  }

  private Map<String, Row> rows(String lostRegion) {
    var rows = new HashMap<String, Row>();
    jdbc.sql(
            """
            select j.id, j.app, j.commit_sha,
                   extract(epoch from j.created_at)::float8, extract(epoch from j.started_at)::float8,
                   extract(epoch from j.finished_at)::float8, extract(epoch from j.replicated_at)::float8,
                   extract(epoch from d.created_at)::float8, extract(epoch from d.finished_at)::float8,
                   d.plan::text like '%"' || :lost || '"%'
            from job j join deployment d on d.job = j.id and d.status = 'SUCCEEDED' and d.cause = 'AUTO'
            where j.status = 'SUCCEEDED' and j.replicated_at is not null
            """)
        .param("lost", lostRegion)
        .query((row, n) ->
            new Row(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getDouble(4),
                row.getDouble(5),
                row.getDouble(6),
                row.getDouble(7),
                row.getDouble(8),
                row.getDouble(9),
                row.getBoolean(10)))
        .list()
        .forEach(row -> rows.put(row.commit(), row));
    return rows;
  }

  private Map<Long, List<Span>> lost() {
    var lost = new HashMap<Long, List<Span>>();
    jdbc.sql(
            """
            select job, extract(epoch from started_at)::float8, extract(epoch from finished_at)::float8
            from past_attempt order by job, attempt
            """)
        .query((row, n) ->
            lost.computeIfAbsent(row.getLong(1), job -> new ArrayList<>())
                .add(new Span(row.getDouble(2), row.getDouble(3))))
        .list();
    return lost;
  }

  /** Pushes without a build that succeeded, is in every region, and was deployed; with what is. */
  List<String> notThere(List<Push> pushes, Repositories repositories, Set<String> there) {
    var states = new HashMap<String, String>();
    jdbc.sql(
            """
            select j.commit_sha,
                   '#' || j.id || ' ' || j.status || coalesce(' (' || j.failure || ')', '')
                   || case when j.replicated_at is null then ', not replicated' else '' end
                   || coalesce((select ', deployment ' || string_agg(d.status || coalesce(' (' || d.reason || ')', ''), ', ' order by d.id)
                                from deployment d where d.job = j.id), ', no deployment')
            from job j
            """)
        .query((row, n) -> states.put(row.getString(1), row.getString(2)))
        .list();
    var lost = new ArrayList<String>();
    for (var push : pushes) {
      var commit = repositories.commit(push);
      if (!there.contains(commit)) {
        lost.add(
            Repositories.name(push.app())
                + " push "
                + push.number()
                + ": "
                + states.getOrDefault(commit, "no build"));
      }
    }
    return lost;
  }

  /** Builds whose place in their app's line is not their push's, by their commits. */
  long outOfLine(List<Push> pushes, Repositories repositories) {
    var places = new HashMap<String, Long>();
    jdbc.sql("select commit_sha, rank() over (partition by app order by seq) - 1 from job")
        .query((row, n) -> places.put(row.getString(1), row.getLong(2)))
        .list();
    return pushes.stream()
        .filter(push -> {
          @Nullable Long place = places.get(repositories.commit(push));
          return place != null && place != push.number();
        })
        .count();
  }

  /** Deployments of an app that began after one of a later build. */
  long wentBack() {
    return count(
        """
        select count(*)
        from (select j.seq, max(j.seq) over (partition by d.app order by d.id rows between unbounded preceding and 1 preceding) as before
              from deployment d join job j on j.id = d.job where d.cause = 'AUTO') as line
        where seq < before
        """);
  }

  /** How many of these lead from a build to one before it in the app's line. */
  long backInLine(List<Back> back) {
    var places = new HashMap<Long, Long>();
    jdbc.sql("select id, seq from job")
        .query((row, n) -> places.put(row.getLong(1), row.getLong(2)))
        .list();
    return back.stream()
        .filter(step -> places.getOrDefault(step.to(), 0L) < places.getOrDefault(step.from(), 0L))
        .count();
  }

  /**
   * Machines' apps that do not run the app's last build although they should by now. In a region
   * that was excluded when it was deployed they should not.
   */
  long behind() {
    return count(
        """
        select count(*)
        from machine_app m
        join (select distinct on (d.app) d.app, d.job, d.plan
              from deployment d join job j on j.id = d.job
              where d.status = 'SUCCEEDED' order by d.app, j.seq desc) last on last.app = m.app
        where last.plan::text like '%"' || m.region || '"%' and m.running is distinct from last.job
        """);
  }

  private long count(String sql) {
    return jdbc.sql(sql).query(Long.class).single();
  }
}
