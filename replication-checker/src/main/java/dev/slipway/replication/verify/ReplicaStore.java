package dev.slipway.replication.verify;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.replica.ReplicaClaim;
import dev.slipway.common.replica.ReplicaStatus;
import dev.slipway.common.trace.TraceParent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The moves of replicas, and of builds to replicated. */
public final class ReplicaStore {
  /** How many copies of a region are handed out to be looked at in one go. */
  static final int MOST = 25;

  /** When a verified copy that could not be read is looked at again. */
  private static final Duration AGAIN = Duration.ofMinutes(5);

  private static final String COPY =
      """
      select replica.job, replica.region, replica.status, region.bucket, job.binary_name, job.manifest, job.size_bytes,
             job.sha256, job.crc32c, replica.generation, replica.read_whole, job.trace_parent
      """;

  private final JdbcClient jdbc;

  public ReplicaStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * A replica as people see it.
   *
   * @param agent who brings it, or brought it
   * @param checkedAt when it was last looked at and was right
   * @param readAt when all of it was last read and was right
   */
  public record Replica(
      String region,
      ReplicaStatus status,
      @Nullable Long movedBytes,
      @Nullable String problem,
      @Nullable String agent,
      @Nullable Instant checkedAt,
      @Nullable Instant readAt) {}

  /**
   * Notes that a region says it holds a copy; one that was verified stays verified.
   *
   * @return whether there is such a build and its size and digest are as the region says
   */
  public boolean claim(long job, RegionName region, ReplicaClaim claim) {
    return jdbc.sql(
                """
                insert into replica (job, region, status, present_at, moved_bytes, claim)
                select id, :region, 'PRESENT', now(), :moved, :claim from job
                where id = :job and status = 'SUCCEEDED' and retired_at is null and sha256 = :sha256 and size_bytes = :size
                on conflict (job, region) do update
                set status = case replica.status when 'VERIFIED' then 'VERIFIED' else 'PRESENT' end,
                    present_at = now(), problem = null, claim = excluded.claim,
                    moved_bytes = coalesce(replica.moved_bytes, 0)
                      + case when replica.claim = excluded.claim then 0 else excluded.moved_bytes end
                """)
            .param("job", job)
            .param("region", region.value())
            .param("moved", claim.movedBytes())
            .param("claim", claim.id())
            .param("sha256", claim.sha256().value())
            .param("size", claim.size())
            .update()
        == 1;
  }

  /**
   * Copies in wanted regions that wait to be judged, up to {@link #MOST} of each region, so that no
   * region holds up the others; the oldest claim first.
   */
  List<Copy> claimed() {
    return jdbc.sql(
            COPY
                + """
                from region cross join lateral (
                  select * from replica where replica.region = region.name and replica.status = 'PRESENT'
                  order by replica.present_at limit :most) as replica
                join job on job.id = replica.job and job.retired_at is null
                where region.wanted
                order by replica.present_at
                """)
        .param("most", MOST)
        .query(ReplicaStore::copy)
        .list();
  }

  /**
   * Verified copies in wanted regions that are to be looked at again, up to {@link #MOST} of each
   * region: those that somebody asked for, then those that wait longest. A time that is further
   * ahead than the interval was set by another clock, or another interval, and counts as come.
   *
   * @param interval between two looks at a copy
   */
  List<Copy> due(Duration interval) {
    return jdbc.sql(
            COPY
                + """
                from region cross join lateral (
                  (select job from replica
                   where replica.region = region.name and read_whole and status = 'VERIFIED' and recheck_at <= now()
                   limit :most)
                  union
                  (select job from replica
                   where replica.region = region.name and status = 'VERIFIED' and recheck_at <= now()
                   order by recheck_at limit :most)
                  union
                  (select job from replica
                   where replica.region = region.name and status = 'VERIFIED' and recheck_at > now() + :seconds * interval '1 s'
                   order by recheck_at desc limit :most)) as due
                join replica on replica.region = region.name and replica.job = due.job
                join job on job.id = replica.job and job.retired_at is null
                where region.wanted
                order by not replica.read_whole, replica.recheck_at
                """)
        .param("most", MOST)
        .param("seconds", interval.toSeconds())
        .query(ReplicaStore::copy)
        .list();
  }

  /** Puts a copy that could not be read behind those that wait to be looked at. */
  void postpone(Copy copy) {
    jdbc.sql(
            """
            update replica
            set present_at = case status when 'PRESENT' then now() else present_at end,
                recheck_at = case status when 'VERIFIED' then now() + :again * interval '1 s' else recheck_at end
            where job = :job and region = :region and status = :status
            """)
        .param("again", AGAIN.toSeconds())
        .param("job", copy.job())
        .param("region", copy.region())
        .param("status", copy.status().name())
        .update();
  }

  /** Nothing that is known of a region's copies holds any more: it has another bucket. */
  public void forget(RegionName region) {
    jdbc.sql(
            "update replica set status = 'WANTED' where region = :region and status in ('PRESENT', 'VERIFIED')")
        .param("region", region.value())
        .update();
  }

  /**
   * A copy was found right, so it is left alone for the interval, less up to a tenth.
   *
   * @param whole whether all of it was read
   */
  void verified(Copy copy, long generation, boolean whole, Duration interval) {
    jdbc.sql(
            """
            update replica
            set status = 'VERIFIED', generation = :generation, problem = null, checked_at = now(),
                verified_at = case status when 'PRESENT' then now() else verified_at end,
                read_at = case when :whole then now() else read_at end,
                read_whole = read_whole and not :whole,
                recheck_at = now() + (1 - random() / 10) * :seconds * interval '1 s'
            where job = :job and region = :region and status = :status
            """)
        .param("generation", generation)
        .param("whole", whole)
        .param("seconds", interval.toSeconds())
        .param("job", copy.job())
        .param("region", copy.region())
        .param("status", copy.status().name())
        .update();
  }

  /** A copy was found wrong: its region lacks it. */
  void corrupt(Copy copy, String problem) {
    jdbc.sql(
            """
            update replica set status = 'CORRUPT', problem = :problem, read_whole = false
            where job = :job and region = :region and status = :status
            """)
        .param("problem", problem)
        .param("job", copy.job())
        .param("region", copy.region())
        .param("status", copy.status().name())
        .update();
  }

  /**
   * Has the next look at a copy read all of it, and soon.
   *
   * @return whether there is a copy to read
   */
  boolean ask(long job, RegionName region) {
    return jdbc.sql(
                """
                update replica set read_whole = true, recheck_at = now()
                where job = :job and region = :region and status in ('PRESENT', 'VERIFIED')
                """)
            .param("job", job)
            .param("region", region.value())
            .update()
        == 1;
  }

  /** Seconds by which the look at a verified copy in a wanted region is late; 0 where none is. */
  double latestSeconds() {
    return jdbc.sql(
            """
            select coalesce(max(extract(epoch from now() - first.recheck_at)), 0)
            from region cross join lateral (
              select recheck_at from replica where replica.region = region.name and status = 'VERIFIED'
              order by recheck_at limit 1) as first
            where region.wanted and first.recheck_at < now()
            """)
        .query(Double.class)
        .single();
  }

  /**
   * Marks the builds of which every wanted region holds a verified copy, and returns those that
   * became so.
   */
  List<Long> markReplicated() {
    return jdbc.sql(
            """
            update job set replicated_at = now()
            where worker is not null and failure is null and replicated_at is null and status = 'SUCCEEDED'
              and exists (select from region where wanted)
              and not exists (
                select from region where wanted and not exists (
                  select from replica
                  where replica.job = job.id and replica.region = region.name and replica.status = 'VERIFIED'))
            returning id
            """)
        .query((row, n) -> row.getLong("id"))
        .list();
  }

  /**
   * A copy's way into a region, for the trace of its build.
   *
   * @param push the build's trace; none of builds that have no trace
   */
  record Passage(
      @Nullable TraceParent push,
      Instant published,
      Instant replicated,
      String region,
      Instant present,
      Instant verified,
      long movedBytes) {}

  /** How the copies of a build came into the regions that want them. */
  List<Passage> passagesOf(long job) {
    return jdbc.sql(
            """
            select job.trace_parent, job.finished_at, job.replicated_at, replica.region,
                   coalesce(replica.present_at, replica.verified_at) as present_at, replica.verified_at,
                   coalesce(replica.moved_bytes, 0) as moved_bytes
            from job join replica on replica.job = job.id join region on region.name = replica.region and region.wanted
            where job.id = :job and replica.verified_at is not null and job.replicated_at is not null
            order by replica.region
            """)
        .param("job", job)
        .query((row, n) ->
            new Passage(
                trace(row),
                row.getObject("finished_at", OffsetDateTime.class).toInstant(),
                row.getObject("replicated_at", OffsetDateTime.class).toInstant(),
                row.getString("region"),
                row.getObject("present_at", OffsetDateTime.class).toInstant(),
                row.getObject("verified_at", OffsetDateTime.class).toInstant(),
                row.getLong("moved_bytes")))
        .list();
  }

  /** Whose build it is; none when there is no such build. */
  Optional<AppName> appOf(long job) {
    return jdbc.sql("select app from job where id = :job")
        .param("job", job)
        .query((row, n) -> new AppName(row.getString("app")))
        .optional();
  }

  /** A build's replicas by region. */
  public List<Replica> replicasOf(long job) {
    return jdbc.sql(
            """
            select region, status, moved_bytes, problem, agent, checked_at, read_at
            from replica where job = :job order by region
            """)
        .param("job", job)
        .query((row, n) ->
            new Replica(
                row.getString("region"),
                ReplicaStatus.valueOf(row.getString("status")),
                row.getObject("moved_bytes", Long.class),
                row.getString("problem"),
                row.getString("agent"),
                time(row, "checked_at"),
                time(row, "read_at")))
        .list();
  }

  /**
   * Where a copy is.
   *
   * @param bucket address
   * @param manifest the name of the manifest in it
   * @param push its build's trace; none of builds that have no trace
   */
  record Place(String bucket, String manifest, @Nullable TraceParent push) {}

  /** Where a build's copies are, those that were read back first. */
  List<Place> copiesOf(long job) {
    return jdbc.sql(
            """
            select region.bucket, job.manifest, job.trace_parent
            from replica join region on region.name = replica.region join job on job.id = replica.job
            where replica.job = :job and replica.status in ('PRESENT', 'VERIFIED')
            order by replica.status desc, region.name
            """)
        .param("job", job)
        .query(
            (row, n) -> new Place(row.getString("bucket"), row.getString("manifest"), trace(row)))
        .list();
  }

  private static Copy copy(ResultSet row, int n) throws SQLException {
    return new Copy(
        row.getLong("job"),
        row.getString("region"),
        ReplicaStatus.valueOf(row.getString("status")),
        row.getString("bucket"),
        row.getString("binary_name"),
        row.getString("manifest"),
        row.getLong("size_bytes"),
        new Sha256(row.getString("sha256")),
        row.getString("crc32c"),
        row.getObject("generation", Long.class),
        row.getBoolean("read_whole"),
        trace(row));
  }

  private static @Nullable TraceParent trace(ResultSet row) throws SQLException {
    return TraceParent.parse(row.getString("trace_parent")).orElse(null);
  }

  private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
