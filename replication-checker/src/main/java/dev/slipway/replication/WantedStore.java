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

  /** What a wanted region lacks, oldest build first, at most 100. */
  List<Wanted> wantedBy(RegionName region) {
    jdbc.sql(
            """
            insert into replica (job, region)
            select job.id, region.name from job join region on region.name = :region and region.wanted
            where job.status = 'SUCCEEDED'
              and not exists (select from replica where replica.job = job.id and replica.region = region.name)
            on conflict do nothing
            """)
        .param("region", region.value())
        .update();
    return jdbc.sql(
            """
            select job.id, job.app, job.sha256, job.size_bytes, job.crc32c, job.manifest
            from replica join job on job.id = replica.job
            where replica.region = :region and replica.status in ('WANTED', 'CORRUPT')
            order by job.id limit 100
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
