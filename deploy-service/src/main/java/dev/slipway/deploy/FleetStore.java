package dev.slipway.deploy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.machine.AppState;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.FleetReport;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** What regions say of their machines. */
public final class FleetStore {
  /** After this no report of an earlier word can be under way any more. */
  private static final Duration OVERTAKEN = Duration.ofMinutes(2);

  private final JdbcClient jdbc;

  FleetStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * A machine and what it makes of one app.
   *
   * @param labels of the machine
   * @param excluded whether its region is
   * @param silentSeconds since it was last heard of
   * @param build what it was told to run; none while it has said nothing of the app
   * @param running what runs
   * @param stateSeconds since it is in that state
   * @param restarts how often the app has ended by itself since that build runs
   * @param kept the builds on its disk, ready to run
   */
  public record MachineApp(
      RegionName region,
      MachineId machine,
      String zone,
      Labels labels,
      boolean excluded,
      double silentSeconds,
      @Nullable Long build,
      @Nullable Long running,
      @Nullable AppState state,
      long revision,
      long bytesDone,
      long bytesTotal,
      @Nullable String detail,
      double stateSeconds,
      int restarts,
      List<Long> kept) {
    /** Whether its last word counts no more. */
    public boolean isSilent() {
      return silentSeconds > Progress.SILENCE.toSeconds();
    }
  }

  /**
   * Takes a region's report; what a machine said before what is known of it is passed over, and so
   * is a machine that was revoked and not let in again since.
   *
   * <p>The machine's own count says what was before: a report may travel for longer than the time
   * between two words, so that the moment of the earlier one can come out as the later. A count
   * below a word that has been silent for {@link #OVERTAKEN} began anew.
   *
   * <p>Machines say everything each time; what is as it was is not written again.
   */
  void take(RegionName region, FleetReport report) {
    jdbc.sql(
            """
            with report as (
              select id, zone, now() - make_interval(secs => "silentMillis" / 1000.0) as seen_at,
                     array(select jsonb_array_elements_text(hosts)) as hosts,
                     array(select jsonb_array_elements_text(labels)) as labels, coalesce(sequence, 0) as sequence, apps
              from jsonb_to_recordset(cast(:machines as jsonb))
                as r (id text, zone text, hosts jsonb, labels jsonb, epoch bigint, sequence bigint, "silentMillis" bigint, apps jsonb)
              where not exists (select from revoked_machine revoked
                                where revoked.region = :region and revoked.machine = r.id and revoked.revision > r.epoch)
            ), heard as (
              insert into machine (region, id, zone, hosts, labels, sequence, seen_at)
              select :region, id, zone, hosts, labels, sequence, seen_at from report
              on conflict (region, id) do update
              set zone = excluded.zone, hosts = excluded.hosts, labels = excluded.labels,
                  sequence = excluded.sequence, seen_at = excluded.seen_at
              where machine.sequence <= excluded.sequence
                 or machine.seen_at < excluded.seen_at - make_interval(secs => :overtaken)
              returning id
            )
            insert into machine_app (region, machine, app, build, running, state, revision, bytes_done, bytes_total, detail, ahead,
                                     restarts, kept, changed_at, told_at, activating_at)
            select :region, report.id, a.app, a.build, a.running, a.state, a.revision, a."bytesDone", a."bytesTotal", a.detail, a.ahead,
                   coalesce(a.restarts, 0), array(select jsonb_array_elements_text(a.kept)::bigint), now(),
                   now(), case when a.state = 'ACTIVATING' then now() end
            from report join heard on heard.id = report.id,
                 jsonb_to_recordset(report.apps) as a (app text, build bigint, running bigint, state text, revision bigint,
                                                       "bytesDone" bigint, "bytesTotal" bigint, detail text, ahead bigint, restarts int,
                                                       kept jsonb)
            on conflict (region, machine, app) do update set
              build = excluded.build, running = excluded.running, state = excluded.state, revision = excluded.revision,
              bytes_done = excluded.bytes_done, bytes_total = excluded.bytes_total, detail = excluded.detail,
              ahead = excluded.ahead, restarts = excluded.restarts, kept = excluded.kept,
              changed_at = case when (machine_app.state, machine_app.build) is distinct from (excluded.state, excluded.build)
                           then excluded.changed_at else machine_app.changed_at end,
              told_at = case when machine_app.build = excluded.build then machine_app.told_at else excluded.told_at end,
              activating_at = case when machine_app.build = excluded.build
                                   then coalesce(machine_app.activating_at, excluded.activating_at) else excluded.activating_at end
            where (machine_app.build, machine_app.running, machine_app.state, machine_app.revision, machine_app.bytes_done,
                   machine_app.bytes_total, machine_app.detail, machine_app.ahead, machine_app.restarts, machine_app.kept)
              is distinct from (excluded.build, excluded.running, excluded.state, excluded.revision, excluded.bytes_done,
                   excluded.bytes_total, excluded.detail, excluded.ahead, excluded.restarts, excluded.kept)
            """)
        .param("region", region.value())
        .param("overtaken", OVERTAKEN.toSeconds())
        .param("machines", JsonMapper.shared().writeValueAsString(report.machines()))
        .update();
  }

  /** The machines that are there for an app, in all regions. */
  public List<MachineApp> machinesOf(AppName app) {
    return machinesOf(app, Labels.NONE, "", "", Integer.MAX_VALUE);
  }

  /**
   * The same, those with some labels behind a region's machine.
   *
   * <p>The limit keeps the planner from reading what all machines say of the app again for each of
   * them, which it does while its statistics are older than a fleet that has just arrived.
   */
  List<MachineApp> machinesOf(
      AppName app, Labels labels, String region, String machine, int limit) {
    return jdbc.sql(
            """
            select machine.region, machine.id, machine.zone, machine.labels, not region.wanted as excluded,
                   extract(epoch from now() - machine.seen_at) as silent,
                   a.build, a.running, a.state, coalesce(a.revision, 0) as revision,
                   coalesce(a.bytes_done, 0) as bytes_done, coalesce(a.bytes_total, 0) as bytes_total, a.detail,
                   coalesce(extract(epoch from now() - a.changed_at), 0) as in_state,
                   coalesce(a.restarts, 0) as restarts, coalesce(a.kept, '{}') as kept
            from machine
            join region on region.name = machine.region
            left join lateral (
              select * from machine_app where region = machine.region and machine = machine.id and app = :app limit 1) a on true
            where (machine.hosts = '{}' or :app = any (machine.hosts)) and machine.labels @> string_to_array(:labels, ',')
              and (machine.region, machine.id) > (:region, :machine)
            order by machine.region, machine.id limit :limit
            """)
        .param("app", app.value())
        .param("labels", String.join(",", labels.values()))
        .param("region", region)
        .param("machine", machine)
        .param("limit", limit)
        .query(FleetStore::read)
        .list();
  }

  /** How long ago a moment of the database's clock is, by that clock. */
  double secondsSince(Instant then) {
    return jdbc.sql("select extract(epoch from now() - cast(:then as timestamptz))")
        .param("then", then.atOffset(ZoneOffset.UTC))
        .query(Double.class)
        .single();
  }

  private static MachineApp read(ResultSet row, int n) throws SQLException {
    var state = row.getString("state");
    return new MachineApp(
        new RegionName(row.getString("region")),
        new MachineId(row.getString("id")),
        row.getString("zone"),
        Labels.of((String[]) row.getArray("labels").getArray()),
        row.getBoolean("excluded"),
        row.getDouble("silent"),
        row.getObject("build", Long.class),
        row.getObject("running", Long.class),
        state == null ? null : AppState.valueOf(state),
        row.getLong("revision"),
        row.getLong("bytes_done"),
        row.getLong("bytes_total"),
        row.getString("detail"),
        row.getDouble("in_state"),
        row.getInt("restarts"),
        List.of((Long[]) row.getArray("kept").getArray()));
  }
}
