package dev.slipway.bench.fleet;

import dev.slipway.bench.machine.Bucket;
import dev.slipway.common.access.Role;
import dev.slipway.common.access.TokenStore;
import dev.slipway.common.job.JobRows;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.Release;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Puts an app whose builds are in every region into the database. */
final class Builds {
  private final JdbcClient jdbc;
  private final JobRows rows;
  private final Release release;

  Builds(JdbcClient jdbc, Release release) {
    this.jdbc = jdbc;
    this.rows = new JobRows(jdbc);
    this.release = release;
    rows.app(Bucket.APP.value());
  }

  /** Registers regions, each of which knows itself by {@code token} and its name. */
  void regions(List<RegionName> regions, String token) {
    var tokens = new TokenStore(jdbc);
    for (var region : regions) {
      jdbc.sql("insert into region (name, bucket) values (:name, 'file:///none')")
          .param("name", region.value())
          .update();
      tokens.put("region-" + region, Role.REGION, region.value(), token + region);
    }
  }

  /** A build that is ready to be deployed. */
  long next() {
    var build = rows.replicated(Bucket.APP.value());
    jdbc.sql(
            "update job set sha256 = :sha256, size_bytes = :size, manifest = :manifest where id = :build")
        .param("sha256", release.sha256().value())
        .param("size", release.size())
        .param("manifest", release.manifest())
        .param("build", build)
        .update();
    return build;
  }
}
