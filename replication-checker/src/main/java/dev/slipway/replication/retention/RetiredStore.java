package dev.slipway.replication.retention;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.Sha256;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which builds are kept, retired, and gone. All times are the database's. */
final class RetiredStore {
  private static final int AT_ONCE = 500;

  private static final String RETIRED =
      """
      select job.app, job.id, job.sha256, job.size_bytes, job.attempt,
             exists (select from job kept where kept.app = job.app and kept.sha256 = job.sha256
                     and kept.status = 'SUCCEEDED' and kept.retired_at is null) as shared
      from job where job.retired_at is not null and job.swept_at is null
      """;

  private final JdbcClient jdbc;

  RetiredStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  List<AppName> apps() {
    return jdbc.sql("select name from app order by name")
        .query((row, n) -> new AppName(row.getString("name")))
        .list();
  }

  /** The addresses of all regions' buckets, of excluded ones too. */
  List<String> regionBuckets() {
    return jdbc.sql("select distinct bucket from region order by bucket")
        .query((row, n) -> row.getString("bucket"))
        .list();
  }

  /**
   * Retires an app's builds that nothing keeps: not the number of newest ones, not being the newest
   * that is replicated, not a target, not a deployment that has not ended, not a way back (any that
   * can be asked for is one of the two builds that were deployed well last), and not the line of
   * those that auto-deploy will take. In a transaction: from here to its end nobody else makes a
   * deployment of the app.
   *
   * @return their ids
   */
  List<Long> retire(AppName app) {
    jdbc.sql("select from app where name = :app for update")
        .param("app", app.value())
        .query(row -> {});
    return jdbc.sql(
            """
            with kept as (
              (select id from job where app = :app and status = 'SUCCEEDED' and retired_at is null
               order by seq desc limit (select keep_builds from app where name = :app))
              union all
              (select id from job where app = :app and replicated_at is not null and retired_at is null
               order by seq desc limit 1)
              union all
              select unnest(array[job, previous, ahead]) from target where app = :app
              union all
              select job from deployment where app = :app and status in ('PENDING', 'ROLLING', 'PAUSED')
              union all
              (select job from deployment where app = :app and status = 'SUCCEEDED'
               group by job order by max(id) desc limit 2)
              union all
              select id from job
              where app = :app and status = 'SUCCEEDED' and (rollout ->> 'auto')::boolean and found_by <> 'PERSON'
                and (select pinned_at is null from app where name = :app)
                and seq > (select coalesce(max(deployed.seq), 0)
                           from deployment join job deployed on deployed.id = deployment.job
                           where deployment.app = :app and deployment.cause <> 'ROLLBACK' and deployed.found_by <> 'PERSON')
            ), retired as (
              update job set retired_at = now()
              where app = :app and status = 'SUCCEEDED' and retired_at is null
                and not exists (select from kept where kept.id = job.id)
              returning id
            ), copies as (
              delete from replica using retired where replica.job = retired.id
            )
            select id from retired order by id
            """)
        .param("app", app.value())
        .query((row, n) -> row.getLong("id"))
        .list();
  }

  /** An app's builds that are retired and not yet gone. */
  List<Retired> of(AppName app) {
    return jdbc.sql(RETIRED + " and job.app = :app order by job.id")
        .param("app", app.value())
        .query(RetiredStore::read)
        .list();
  }

  /** Builds that have been retired for so long, in no order, so that none holds up the others. */
  List<Retired> due(Duration grace) {
    return jdbc.sql(
            RETIRED
                + " and job.retired_at <= now() - make_interval(secs => :grace) order by random() limit :limit")
        .param("grace", grace.toSeconds())
        .param("limit", AT_ONCE)
        .query(RetiredStore::read)
        .list();
  }

  /** Whether a build that is not retired has this content. */
  boolean isKept(AppName app, Sha256 sha256) {
    return jdbc.sql(
            """
            select exists (select from job where app = :app and sha256 = :sha256 and status = 'SUCCEEDED'
                           and retired_at is null)
            """)
        .param("app", app.value())
        .param("sha256", sha256.value())
        .query(Boolean.class)
        .single();
  }

  /**
   * Notes that all objects of a build are gone, or put aside.
   *
   * @return whether this was news
   */
  boolean swept(Retired build) {
    jdbc.sql("delete from replica where job = :job").param("job", build.build()).update();
    return jdbc.sql(
                "update job set swept_at = now() where id = :job and retired_at is not null and swept_at is null")
            .param("job", build.build())
            .update()
        == 1;
  }

  /** Whether everybody who had this content has been swept for so long. */
  boolean isForgotten(AppName app, Sha256 sha256, Duration grace) {
    return jdbc.sql(
            """
            select coalesce(bool_and(swept_at <= now() - make_interval(secs => :grace)), false) from (
              select coalesce(swept_at, 'infinity') as swept_at from job where app = :app and sha256 = :sha256) had
            """)
        .param("app", app.value())
        .param("sha256", sha256.value())
        .param("grace", grace.toSeconds())
        .query(Boolean.class)
        .single();
  }

  /** Has the copies of what is kept with this content read back again. */
  void readAgain(AppName app, Sha256 sha256) {
    jdbc.sql(
            """
            update replica set status = 'PRESENT', present_at = now() from job
            where job.id = replica.job and job.app = :app and job.sha256 = :sha256 and job.retired_at is null
              and replica.status = 'VERIFIED'
            """)
        .param("app", app.value())
        .param("sha256", sha256.value())
        .update();
  }

  private static Retired read(ResultSet row, int n) throws SQLException {
    return new Retired(
        new AppName(row.getString("app")),
        row.getLong("id"),
        new Sha256(row.getString("sha256")),
        row.getLong("size_bytes"),
        row.getInt("attempt"),
        row.getBoolean("shared"));
  }
}
