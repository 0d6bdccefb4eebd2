package dev.slipway.replication.handout;

import dev.slipway.common.region.RegionName;
import dev.slipway.common.replica.AgentName;
import dev.slipway.common.replica.ReplicationApi;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The agents of each region and what is left to each, on the database's clock. Times far ahead of
 * that clock count for nothing: it was set back, and they would hold for too long. Times a little
 * ahead are of transactions that began later than a statement, and had ended when it looked.
 */
public final class AgentStore {
  /** After which an agent that did not ask is taken for gone, and what it led goes to another. */
  static final Duration SILENCE = Duration.ofSeconds(2 * ReplicationApi.LONGEST_WAIT);

  private final JdbcClient jdbc;

  public AgentStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Notes that an agent asks; every few seconds is enough. */
  void seen(RegionName region, AgentName agent) {
    var noted =
        jdbc.sql(
                """
                insert into regional_agent (region, name)
                select name, :agent from region where name = :region
                on conflict (region, name) do update set seen_at = now()
                where regional_agent.seen_at not between now() - interval '3 s' and now()
                """)
            .param("region", region.value())
            .param("agent", agent.value())
            .update();
    if (noted > 0) {
      jdbc.sql(
              "delete from regional_agent where region = :region and seen_at < now() - interval '1 day'")
          .param("region", region.value())
          .update();
    }
  }

  /** A region's agents that are there. */
  List<AgentName> present(RegionName region) {
    return jdbc.sql(
            """
            select name from regional_agent
            where region = :region
              and seen_at between now() - :silence * interval '1 s' and now() + :silence * interval '1 s'
            """)
        .param("region", region.value())
        .param("silence", SILENCE.toSeconds())
        .query((row, n) -> new AgentName(row.getString("name")))
        .list();
  }

  /**
   * Leaves builds to an agent for a while, but none that is another's by now.
   *
   * @return those that are its own
   */
  Set<Long> lead(RegionName region, AgentName agent, Set<Long> builds) {
    return jdbc.sql(
            """
            update replica set agent = :agent, agent_until = now() + :silence * interval '1 s'
            where region = :region and job = any(:builds) and status in ('WANTED', 'CORRUPT')
              and (agent = :agent
                   or coalesce(agent_until not between now() and now() + 2 * :silence * interval '1 s', true))
            returning job
            """)
        .param("region", region.value())
        .param("agent", agent.value())
        .param("builds", builds.toArray(Long[]::new))
        .param("silence", SILENCE.toSeconds())
        .query((row, n) -> row.getLong("job"))
        .set();
  }
}
