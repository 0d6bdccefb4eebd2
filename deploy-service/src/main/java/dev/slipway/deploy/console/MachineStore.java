package dev.slipway.deploy.console;

import dev.slipway.deploy.Progress;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Machines over all apps and regions, each app on a machine a line. */
final class MachineStore {
  private static final String FLEET =
      """
      from machine m left join machine_app a on a.region = m.region and a.machine = m.id
      cross join lateral (select case
        when m.seen_at <= now() - :silence * interval '1 s' then 'UNKNOWN'
        when a.state is null then 'WAITING' else a.state end as standing) s
      where (:region = '' or m.region = :region) and (:app = '' or a.app = :app)
        and (:name = '' or starts_with(m.id, :name))
      """;

  private final JdbcClient jdbc;

  MachineStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * A machine and what it makes of one app.
   *
   * @param app none where it has said nothing of any
   * @param state UNKNOWN when it is silent, WAITING when it has said nothing
   * @param build what it was told to run
   * @param since when it came into that state
   */
  public record Line(
      String region,
      String machine,
      String zone,
      Instant seenAt,
      @Nullable String app,
      String state,
      @Nullable Long build,
      @Nullable Long running,
      @Nullable Instant since,
      @Nullable String detail) {
    MachineKey key() {
      return new MachineKey(region, machine, app == null ? "" : app);
    }
  }

  /** A page by region, name and app: those after a key. */
  List<Line> page(MachineFilter filter, MachineKey after, int most) {
    return asked(
            filter,
            """
            select m.region, m.id, m.zone, m.seen_at, a.app, s.standing, a.build, a.running, a.changed_at, left(a.detail, 2000) as detail
            """
                + FLEET
                + """
                  and (:state = '' or s.standing = :state)
                  and (m.region, m.id) >= (:afterRegion, :afterMachine)
                  and (m.region, m.id, coalesce(a.app, '')) > (:afterRegion, :afterMachine, :afterApp)
                order by m.region, m.id, coalesce(a.app, '') limit :most
                """)
        .param("state", filter.state())
        .param("afterRegion", after.region())
        .param("afterMachine", after.machine())
        .param("afterApp", after.app())
        .param("most", most)
        .query(MachineStore::read)
        .list();
  }

  /** How many there are in each state, whichever state the filter asks for. */
  Map<String, Long> counts(MachineFilter filter) {
    var counts = new LinkedHashMap<String, Long>();
    asked(filter, "select s.standing, count(*) as lines " + FLEET + " group by s.standing")
        .query(row -> {
          counts.put(row.getString("standing"), row.getLong("lines"));
        });
    return counts;
  }

  private StatementSpec asked(MachineFilter filter, String sql) {
    return jdbc.sql(sql)
        .param("silence", Progress.SILENCE.toSeconds())
        .param("region", filter.region())
        .param("app", filter.app())
        .param("name", filter.name());
  }

  private static Line read(ResultSet row, int n) throws SQLException {
    var since = row.getObject("changed_at", OffsetDateTime.class);
    return new Line(
        row.getString("region"),
        row.getString("id"),
        row.getString("zone"),
        row.getObject("seen_at", OffsetDateTime.class).toInstant(),
        row.getString("app"),
        row.getString("standing"),
        row.getObject("build", Long.class),
        row.getObject("running", Long.class),
        since == null ? null : since.toInstant(),
        row.getString("detail"));
  }
}
