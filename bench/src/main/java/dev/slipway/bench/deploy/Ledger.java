package dev.slipway.bench.deploy;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What the database knows. Triggers write down every move of a deployment, and what must not be.
 */
final class Ledger {
  private final JdbcClient jdbc;

  Ledger(JdbcClient jdbc) {
    this.jdbc = jdbc;
    jdbc.sql(
            "create table drill_move (id bigint generated always as identity, deployment bigint, status text)")
        .update();
    jdbc.sql("create table drill_violation (what text)").update();
    onDeployments();
    onRevisions("target", "region || '/' || new.app");
    onRevisions("machine_app", "machine || '/' || new.app");
  }

  private void onDeployments() {
    jdbc.sql(
            """
            create function drill_moved() returns trigger language plpgsql as $$
            begin
              insert into drill_move (deployment, status) values (new.id, new.status);
              return new;
            end $$
            """)
        .update();
    jdbc.sql(
            """
            create trigger drill_moved after insert or update of status on deployment
            for each row execute function drill_moved()
            """)
        .update();
  }

  private void onRevisions(String table, String key) {
    jdbc.sql(
            """
            create function drill_%1$s() returns trigger language plpgsql as $$
            begin
              insert into drill_violation
              values ('%1$s ' || new.%2$s || ' went from revision ' || old.revision || ' down to ' || new.revision);
              return new;
            end $$
            """
                .formatted(table, key))
        .update();
    jdbc.sql(
            """
            create trigger drill_%1$s after update on %1$s
            for each row when (new.revision < old.revision) execute function drill_%1$s()
            """
                .formatted(table))
        .update();
  }

  /** The newest deployment of a build, if there is any. */
  @Nullable Long deploymentOf(long build) {
    return jdbc.sql("select max(id) from deployment where job = :build")
        .param("build", build)
        .query((row, n) -> row.getObject(1, Long.class))
        .list()
        .getFirst();
  }

  /** What became of a deployment. */
  record Fate(String status, @Nullable String reason) {
    boolean isEnd() {
      return !List.of("PENDING", "ROLLING", "PAUSED").contains(status);
    }
  }

  Fate fateOf(long deployment) {
    return jdbc.sql("select status, reason from deployment where id = :id")
        .param("id", deployment)
        .query((row, n) -> new Fate(row.getString(1), row.getString(2)))
        .single();
  }

  /** How many machines the centre has heard of. */
  long machines() {
    return jdbc.sql("select count(*) from machine").query(Long.class).single();
  }

  /** How many machines say that they run a build and are well. */
  long running(long build) {
    return jdbc.sql(
            "select count(*) from machine_app where state = 'RUNNING' and running = :build and build = :build")
        .param("build", build)
        .query(Long.class)
        .single();
  }

  /** Deployments that began to roll while another one of the same app rolled. */
  long together() {
    return jdbc.sql(
            """
            select count(*) from drill_move begun where status = 'ROLLING' and exists (
              select from (
                select distinct on (deployment) status from drill_move
                where id < begun.id and deployment <> begun.deployment order by deployment, id desc) other
              where other.status in ('ROLLING', 'PAUSED'))
            """)
        .query(Long.class)
        .single();
  }

  /** What the triggers saw that must not be. */
  List<String> violations() {
    return jdbc.sql("select what from drill_violation")
        .query((row, n) -> row.getString("what"))
        .list();
  }
}
