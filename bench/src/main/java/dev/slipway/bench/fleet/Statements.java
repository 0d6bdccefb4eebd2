package dev.slipway.bench.fleet;

import org.springframework.jdbc.core.simple.JdbcClient;

/** What PostgreSQL was asked to do since {@link #reset}. */
public final class Statements {
  private final JdbcClient jdbc;

  public Statements(JdbcClient jdbc) {
    this.jdbc = jdbc;
    jdbc.sql("create extension if not exists pg_stat_statements").update();
  }

  public void reset() {
    jdbc.sql("select pg_stat_statements_reset()").query((row, n) -> n).list();
  }

  /** All of them. */
  public long count() {
    return calls("true");
  }

  /** Those that write what machines reported. */
  long reports() {
    return calls("query like 'with report as%'");
  }

  /** Machines' states that these wrote. */
  long states() {
    return jdbc.sql(
            "select coalesce(sum(rows), 0)::bigint from pg_stat_statements where query like 'with report as%'")
        .query(Long.class)
        .single();
  }

  private long calls(String which) {
    return jdbc.sql("select coalesce(sum(calls), 0)::bigint from pg_stat_statements where " + which)
        .query(Long.class)
        .single();
  }
}
