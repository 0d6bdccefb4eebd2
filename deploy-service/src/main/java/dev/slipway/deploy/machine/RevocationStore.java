package dev.slipway.deploy.machine;

import dev.slipway.common.machine.MachineId;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.Revoked;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Machines that were revoked. A revocation takes a revision of the targets' row, so regions follow
 * both by one number.
 */
public final class RevocationStore {
  private final JdbcClient jdbc;

  public RevocationStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Revokes a machine, known or not, and forgets what it said. Called in a transaction.
   *
   * @return whether there is that region
   */
  public boolean revoke(RegionName region, MachineId machine, String by) {
    // a report that was under way would put the machine back
    jdbc.sql("lock table machine in share row exclusive mode").update();
    var revoked =
        jdbc.sql(
                """
                with next as (
                  update target_revision set revision = revision + 1
                  where exists (select from region where name = :region) returning revision
                )
                insert into revoked_machine (region, machine, revision, revoked_by)
                select :region, :machine, revision, :by from next
                on conflict (region, machine) do update set
                  revision = excluded.revision, revoked_by = excluded.revoked_by, revoked_at = now()
                """)
            .param("region", region.value())
            .param("machine", machine.value())
            .param("by", by)
            .update();
    jdbc.sql("delete from machine where region = :region and id = :machine")
        .param("region", region.value())
        .param("machine", machine.value())
        .update();
    return revoked == 1;
  }

  /** A region's revocations above a revision, in order. */
  public List<Revoked> after(RegionName region, long revision) {
    return jdbc.sql(
            "select machine, revision from revoked_machine where region = :region and revision > :revision order by revision")
        .param("region", region.value())
        .param("revision", revision)
        .query((row, n) ->
            new Revoked(new MachineId(row.getString("machine")), row.getLong("revision")))
        .list();
  }
}
