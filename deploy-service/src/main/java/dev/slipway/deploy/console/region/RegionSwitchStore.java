package dev.slipway.deploy.console.region;

import dev.slipway.common.region.RegionName;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Writes whether a region counts, and nothing else of it. */
final class RegionSwitchStore {
  private final JdbcClient jdbc;

  RegionSwitchStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** False where there is no such region. */
  boolean set(RegionName region, boolean wanted, @Nullable String reason) {
    return jdbc.sql("update region set wanted = :wanted, reason = :reason where name = :name")
            .param("wanted", wanted)
            .param("reason", reason)
            .param("name", region.value())
            .update()
        == 1;
  }
}
