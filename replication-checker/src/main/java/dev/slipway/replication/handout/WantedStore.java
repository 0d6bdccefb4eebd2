package dev.slipway.replication.handout;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.replica.AgentName;
import dev.slipway.common.trace.TraceParent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What regions lack. A replica's row is made when its region first asks, so there is no step that
 * could be forgotten.
 */
public final class WantedStore {
  private static final String WANT =
      """
      insert into replica (job, region)
      select job.id, region.name from job join region on region.name = :region and region.wanted
      where job.status = 'SUCCEEDED' and job.retired_at is null
        and not exists (select from replica where replica.job = job.id and replica.region = region.name)
      """;

  /** In the words of the index. */
  private static final String NOT_REPLICATED =
      " and job.worker is not null and job.failure is null and job.replicated_at is null";

  /** A standby that takes over may lack the rows that were made last. */
  static final Duration AGAIN = Duration.ofMinutes(10);

  private final JdbcClient jdbc;
  private final LongSupplier nanos;

  /** When all of a region's builds were gone through last. */
  private final Map<RegionName, Pass> passes = new ConcurrentHashMap<>();

  /**
   * A pass over all builds.
   *
   * @param version of the region's row
   */
  private record Pass(String version, long nanos) {
    boolean holds(Pass now) {
      return version.equals(now.version) && now.nanos - nanos < AGAIN.toNanos();
    }
  }

  /**
   * @param nanos a clock for durations, as {@link System#nanoTime}
   */
  public WantedStore(JdbcClient jdbc, LongSupplier nanos) {
    this.jdbc = jdbc;
    this.nanos = nanos;
  }

  /**
   * A build whose copy a region lacks.
   *
   * @param leader the agent to which it was left last
   * @param isLed whether it is left to that one still
   * @param push the build's trace; none of builds that have no trace
   */
  public record Wanted(
      long job,
      AppName app,
      Sha256 sha256,
      long size,
      String crc32c,
      String manifest,
      @Nullable AgentName leader,
      boolean isLed,
      @Nullable TraceParent push) {}

  /**
   * What a wanted region lacks, at most 100. Builds that nobody can deploy yet come first, so that
   * a region that was away is in nobody's way while it catches up; then those that are replicated
   * without it; each oldest first. They are the first 50, and the 50 newest, so that old ones that
   * can no longer be copied do not hold up what is built now.
   */
  public List<Wanted> wantedBy(RegionName region) {
    want(region);
    return jdbc.sql(
            """
            with lacking as (
              select replica.job, job.replicated_at is not null as deployable
              from replica join job on job.id = replica.job
              where region = :region and replica.status in ('WANTED', 'CORRUPT') and job.retired_at is null)
            select job.id, app, sha256, size_bytes, crc32c, manifest, agent, trace_parent,
                   coalesce(agent_until between now() and now() + 2 * :silence * interval '1 s', false) as led
            from job join replica on replica.job = job.id and replica.region = :region
            where job.id in (
              (select job from lacking order by deployable, job limit 50)
              union (select job from lacking order by job desc limit 50))
            order by job.replicated_at is not null, job.id
            """)
        .param("region", region.value())
        .param("silence", AgentStore.SILENCE.toSeconds())
        .query((row, n) ->
            new Wanted(
                row.getLong("id"),
                new AppName(row.getString("app")),
                new Sha256(row.getString("sha256")),
                row.getLong("size_bytes"),
                row.getString("crc32c"),
                row.getString("manifest"),
                agent(row.getString("agent")),
                row.getBoolean("led"),
                TraceParent.parse(row.getString("trace_parent")).orElse(null)))
        .list();
  }

  /**
   * Makes the rows of a wanted region: for all builds now and then, else for those that are not
   * replicated. A build is replicated without a region only while that is not wanted, and a region
   * that is wanted again has another version of its row; what succeeds after that has been seen
   * waits for the region.
   */
  private void want(RegionName region) {
    var version =
        jdbc.sql("select xmin::text from region where name = :region and wanted")
            .param("region", region.value())
            .query(String.class)
            .optional();
    if (version.isEmpty()) {
      return;
    }
    var known = passes.get(region);
    var now = new Pass(version.get(), nanos.getAsLong());
    var all = known == null || !known.holds(now);
    jdbc.sql(WANT + (all ? "" : NOT_REPLICATED) + " on conflict do nothing")
        .param("region", region.value())
        .update();
    if (all) {
      passes.put(region, now);
    }
  }

  private static @Nullable AgentName agent(@Nullable String name) {
    return name == null ? null : new AgentName(name);
  }
}
