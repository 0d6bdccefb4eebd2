package dev.slipway.bench.ha;

import dev.slipway.common.region.RegionName;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the database says, whichever server it is on; triggers note what must not be. */
final class Ledger {
  private final Pair pair;
  private int watched;

  /** Makes the triggers. */
  Ledger(Pair pair) {
    this.pair = pair;
    sql("create table drill_violation (what text)");
    watch(
        "target",
        "new.revision < old.revision",
        "'the target of ' || new.region || ' went down from revision ' || old.revision");
    watch(
        "target",
        "new.job < old.job",
        "'the target of ' || new.region || ' went back from build ' || old.job");
    watch(
        "machine_app",
        "new.revision < old.revision",
        "new.machine || ' went down from revision ' || old.revision");
    watch(
        "job",
        "old.status = 'SUCCEEDED' and (new.status, new.attempt, new.sha256) is distinct from (old.status, old.attempt, old.sha256)",
        "'job ' || new.id || ' had a second result'");
  }

  private void sql(String statement) {
    pair.jdbc().sql(statement).update();
  }

  private void watch(String table, String condition, String what) {
    var name = "drill_" + ++watched;
    sql(
        """
        create function %s() returns trigger language plpgsql as $$
        begin
          insert into drill_violation values (%s);
          return new;
        end $$
        """
            .formatted(name, what));
    sql(
        "create trigger %1$s after update on %2$s for each row when (%3$s) execute function %1$s()"
            .formatted(name, table, condition));
  }

  /**
   * How far everything has come.
   *
   * @param claimed when a job was claimed last
   * @param moved when a target was written last
   */
  record Mark(@Nullable OffsetDateTime claimed, @Nullable OffsetDateTime moved) {}

  Mark mark() {
    return pair.jdbc()
        .sql(
            "select (select max(started_at) from job) as claimed, (select max(updated_at) from target) as moved")
        .query((row, n) ->
            new Mark(
                row.getObject("claimed", OffsetDateTime.class),
                row.getObject("moved", OffsetDateTime.class)))
        .single();
  }

  /** Jobs that have not ended. */
  long open() {
    return number("select count(*) from job where status in ('QUEUED', 'RUNNING')");
  }

  /** The time of the database's clock. */
  OffsetDateTime now() {
    return pair.jdbc().sql("select clock_timestamp()").query(OffsetDateTime.class).single();
  }

  /** How many attempts of a worker began since. */
  long claimedBy(String worker, OffsetDateTime since) {
    return pair.jdbc()
        .sql(
            "select count(*) from job_attempt where worker like :worker || '/%' and started_at > :since")
        .param("worker", worker)
        .param("since", since)
        .query(Long.class)
        .single();
  }

  /** How many jobs have succeeded. */
  long built() {
    return number("select count(*) from job where status = 'SUCCEEDED'");
  }

  /** The newest build. */
  long newest() {
    return number("select coalesce(max(id), 0) from job");
  }

  /** How many machines say that they run a build, or a later one, and are well. */
  long running(long build) {
    return number(
        "select count(*) from machine_app where state = 'RUNNING' and running >= " + build);
  }

  /** The same of one region. */
  long running(RegionName region, long build) {
    return number(
        "select count(*) from machine_app where state = 'RUNNING' and region = '%s' and running >= %d"
            .formatted(region, build));
  }

  /** The newest build that every region is told to run. */
  long aimed() {
    return number("select coalesce(min(job), 0) from target");
  }

  private long number(String query) {
    return pair.jdbc().sql(query).query(Long.class).single();
  }

  /** By commit, what became of its job. */
  Map<String, String> fates() {
    return pair
        .jdbc()
        .sql("select commit_sha, status || coalesce(': ' || failure, '') as fate from job")
        .query((row, n) -> Map.entry(row.getString("commit_sha"), row.getString("fate")))
        .list()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  List<String> violations() {
    return pair.jdbc()
        .sql("select what from drill_violation")
        .query((row, n) -> row.getString("what"))
        .list();
  }
}
