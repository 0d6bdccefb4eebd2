package dev.slipway.replication;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.region.RegionName;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What regions lack. A replica's row is made when its region first asks, so there is no step that
 * could be forgotten.
 */
final class WantedStore {
  private final JdbcClient jdbc;

  WantedStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** A build whose copy a region lacks. */
  record Wanted(long job, AppName app, Sha256 sha256, long size, String crc32c, String manifest) {}

  /**
   * What a wanted region lacks, oldest build first, at most 100: the 50 oldest, and the 50 newest,
   * so that old ones that can no longer be copied do not hold up what is built now.
   */
  List<Wanted> wantedBy(RegionName region) {
    jdbc.sql(
            """
            insert into replica (job, region)
            select job.id, region.name from job join region on region.name = :region and region.wanted
            where job.status = 'SUCCEEDED' and job.retired_at is null
              and not exists (select from replica where replica.job = job.id and replica.region = region.name)
            on conflict do nothing
            """)
        .param("region", region.value())
        .update();
    return jdbc.sql(
            """
            with lacking as (
              select job from replica where region = :region and status in ('WANTED', 'CORRUPT'))
            select id, app, sha256, size_bytes, crc32c, manifest from job
            where retired_at is null and id in (
              (select job from lacking order by job limit 50)
              union (select job from lacking order by job desc limit 50))
            order by id
            """)
        .param("region", region.value())
        .query((row, n) ->
            new Wanted(
                row.getLong("id"),
                new AppName(row.getString("app")),
                new Sha256(row.getString("sha256")),
                row.getLong("size_bytes"),
                row.getString("crc32c"),
                row.getString("manifest")))
        .list();
  }
}
