package dev.slipway.deploy;

import static dev.slipway.deploy.World.APP;

import dev.slipway.common.machine.Labels;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.Group;
import dev.slipway.common.target.Target;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every write of a target and every change of a deployment, kept by triggers with how things stood
 * at that moment: also of what others write over in the next.
 */
@NullMarked
final class RolloutJournal {
  private final World world;
  private long lastWrite;
  private long lastMove;

  RolloutJournal(World world) {
    this.world = world;
    world
        .jdbc
        .sql(
            """
            create table written (id bigint generated always as identity, region text, build bigint, share int, groups jsonb,
                                  revision bigint, deployment bigint, status text, wave int, promoted text)
            """)
        .update();
    world
        .jdbc
        .sql(
            """
            create function keep_written() returns trigger language plpgsql as $$
            begin
              insert into written (region, build, share, groups, revision, deployment, status, wave, promoted)
              select new.region, new.job, new.share, new.groups, new.revision, id, status, wave, promoted
              from deployment where id = new.deployment;
              return new;
            end $$
            """)
        .update();
    world
        .jdbc
        .sql(
            """
            create trigger written after insert or update of job, share, revision, deployment on target
            for each row execute function keep_written()
            """)
        .update();
    world
        .jdbc
        .sql(
            """
            create table moved (id bigint generated always as identity, deployment bigint, cause text, was text, status text,
                                was_wave int, wave int, promoted text, pinned boolean, unapproved boolean, seq bigint,
                                told bigint, open bigint, revisions jsonb)
            """)
        .update();
    world
        .jdbc
        .sql(
            """
            create function keep_moved() returns trigger language plpgsql as $$
            declare was text; was_wave int; was_promoted text;
            begin
              if tg_op = 'UPDATE' then
                was := old.status; was_wave := old.wave; was_promoted := old.promoted;
              end if;
              insert into moved (deployment, cause, was, status, was_wave, wave, promoted, pinned, unapproved, seq, told, open, revisions)
              select new.id, new.cause, was, new.status, was_wave, new.wave, coalesce(was_promoted, new.promoted),
                     pinned_at is not null, needs_approval and new.approved_by is null,
                     (select seq from job where id = new.job),
                     (select max(seq) from target join job on job.id = target.job where target.app = new.app),
                     (select max(seq) from deployment d join job on job.id = d.job
                      where d.app = new.app and d.id <> new.id and d.status in ('PENDING', 'ROLLING', 'PAUSED')),
                     (select jsonb_object_agg(region, revision) from target where app = new.app)
              from app where name = new.app;
              return new;
            end $$
            """)
        .update();
    world
        .jdbc
        .sql(
            "create trigger moved after insert or update on deployment for each row execute function keep_moved()")
        .update();
  }

  /** What stands in the way of deployments. */
  record State(boolean frozen, Set<Long> deployable, Set<Long> unended) {}

  record Written(
      long id,
      RegionName region,
      long build,
      int share,
      List<Group> groups,
      long revision,
      long deployment,
      String status,
      int wave,
      @Nullable String promoted) {
    boolean tells(Word word) {
      return Target.slot(APP, word.machine) < share
          || groups.stream().anyMatch(group -> group.has(APP, word.machine, word.labels));
    }
  }

  /**
   * What became of a deployment in one statement, and how things stood at that moment.
   *
   * @param was none: it is new
   * @param revisions of the targets
   */
  record Moved(
      long id,
      long deployment,
      Cause cause,
      @Nullable DeploymentStatus was,
      DeploymentStatus status,
      int wasWave,
      int wave,
      @Nullable String promoted,
      boolean pinned,
      boolean unapproved,
      long seq,
      long told,
      long open,
      Map<RegionName, Long> revisions) {}

  record Word(
      RegionName region,
      MachineId machine,
      Labels labels,
      @Nullable Long running,
      @Nullable String state,
      long revision,
      boolean silent) {}

  State state() {
    return world
        .jdbc
        .sql(
            """
            select exists (select from freeze_window where ends_at > now()) as frozen,
                   array(select id from job where replicated_at is not null and retired_at is null and not exists (
                     select from region where wanted and not exists (
                       select from replica where job = job.id and region = region.name and status = 'VERIFIED'))) as deployable,
                   array(select seq from job where status in ('QUEUED', 'RUNNING')) as unended
            from app where name = :app
            """)
        .param("app", APP.value())
        .query((row, n) ->
            new State(row.getBoolean("frozen"), longs(row, "deployable"), longs(row, "unended")))
        .single();
  }

  private static Set<Long> longs(ResultSet row, String column) throws SQLException {
    return new HashSet<>(List.of((Long[]) row.getArray(column).getArray()));
  }

  /** Writes of targets since this was asked last, in order. */
  List<Written> written() {
    var written =
        world
            .jdbc
            .sql("select * from written where id > :last order by id")
            .param("last", lastWrite)
            .query((row, n) ->
                new Written(
                    row.getLong("id"),
                    new RegionName(row.getString("region")),
                    row.getLong("build"),
                    row.getInt("share"),
                    List.of(JsonMapper.shared().readValue(row.getString("groups"), Group[].class)),
                    row.getLong("revision"),
                    row.getLong("deployment"),
                    row.getString("status"),
                    row.getInt("wave"),
                    row.getString("promoted")))
            .list();
    written.forEach(w -> lastWrite = w.id);
    return written;
  }

  /** Changes of deployments since this was asked last, in order. */
  List<Moved> moved() {
    var moved =
        world
            .jdbc
            .sql("select * from moved where id > :last order by id")
            .param("last", lastMove)
            .query((row, n) -> {
              var was = row.getString("was");
              return new Moved(
                  row.getLong("id"),
                  row.getLong("deployment"),
                  Cause.valueOf(row.getString("cause")),
                  was == null ? null : DeploymentStatus.valueOf(was),
                  DeploymentStatus.valueOf(row.getString("status")),
                  row.getInt("was_wave"),
                  row.getInt("wave"),
                  row.getString("promoted"),
                  row.getBoolean("pinned"),
                  row.getBoolean("unapproved"),
                  row.getLong("seq"),
                  row.getLong("told"),
                  row.getLong("open"),
                  revisions(row.getString("revisions")));
            })
            .list();
    moved.forEach(m -> lastMove = m.id);
    return moved;
  }

  private static Map<RegionName, Long> revisions(@Nullable String json) {
    var revisions = new HashMap<RegionName, Long>();
    if (json != null) {
      JsonMapper.shared()
          .readTree(json)
          .properties()
          .forEach(r -> revisions.put(new RegionName(r.getKey()), r.getValue().asLong()));
    }
    return revisions;
  }

  /** What machines said last. */
  List<Word> words() {
    return new ArrayList<>(
        world
            .jdbc
            .sql(
                """
                select m.region, m.id, m.labels, a.running, a.state, coalesce(a.revision, 0) as revision,
                       m.seen_at < now() - interval '1 minute' as silent
                from machine m left join machine_app a on a.region = m.region and a.machine = m.id
                """)
            .query((row, n) ->
                new Word(
                    new RegionName(row.getString("region")),
                    new MachineId(row.getString("id")),
                    Labels.of((String[]) row.getArray("labels").getArray()),
                    row.getObject("running", Long.class),
                    row.getString("state"),
                    row.getLong("revision"),
                    row.getBoolean("silent")))
            .list());
  }
}
