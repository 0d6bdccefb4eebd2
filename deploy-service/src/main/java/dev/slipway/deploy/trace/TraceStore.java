package dev.slipway.deploy.trace;

import dev.slipway.common.trace.TraceParent;
import dev.slipway.deploy.trace.Journey.Machine;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Finds deployments that have ended and that nobody has told of. */
public final class TraceStore {
  /** Of each region: a trace of ten thousand machines is read by nobody. */
  static final int MOST_MACHINES = 50;

  private final JdbcClient jdbc;

  public TraceStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Takes up to 20 deployments that ended within ten minutes; each is given to one instance, once.
   * Those of builds without a trace are left out.
   */
  List<Journey> take() {
    return jdbc
        .sql(
            """
            update deployment set traced_at = now()
            where id = any (array(
              select id from deployment
              where traced_at is null and finished_at > now() - interval '10 minutes'
              order by finished_at limit 20
              for update skip locked))
            returning id
            """)
        .query((row, n) -> row.getLong("id"))
        .list()
        .stream()
        .flatMap(id -> journeyOf(id).stream())
        .toList();
  }

  private Optional<Journey> journeyOf(long deployment) {
    return jdbc.sql(
            """
            select deployment.*, job.trace_parent
            from deployment join job on job.id = deployment.job
            where deployment.id = :id and job.trace_parent is not null
            """)
        .param("id", deployment)
        .query((row, n) -> read(row))
        .optional();
  }

  private Journey read(ResultSet row) throws SQLException {
    var status = row.getString("status");
    var reason = row.getString("reason");
    return new Journey(
        row.getLong("id"),
        TraceParent.parse(row.getString("trace_parent")).orElseGet(() -> TraceParent.start(false)),
        row.getString("app"),
        row.getLong("job"),
        row.getString("cause"),
        status,
        required(row, "created_at"),
        time(row, "started_at"),
        required(row, "finished_at"),
        "SUCCEEDED".equals(status) ? null : reason == null ? status : reason,
        waves(row.getLong("id")),
        machines(row.getString("app"), row.getLong("job"), required(row, "created_at")));
  }

  private List<Instant> waves(long deployment) {
    return jdbc.sql("select started_at from deployment_wave where deployment = :id order by wave")
        .param("id", deployment)
        .query((row, n) -> required(row, "started_at"))
        .list();
  }

  private List<Machine> machines(String app, long build, Instant since) {
    return jdbc.sql(
            """
            select * from (
              select region, machine, told_at, activating_at, changed_at, detail, state,
                     row_number() over (partition by region order by changed_at desc) as place
              from machine_app
              where app = :app and build = :build and state in ('RUNNING', 'FAILED')
                and told_at >= cast(:since as timestamptz)) late
            where place <= :most
            order by region, changed_at
            """)
        .param("app", app)
        .param("build", build)
        .param("since", since.toString())
        .param("most", MOST_MACHINES)
        .query((row, n) ->
            new Machine(
                row.getString("region"),
                row.getString("machine"),
                required(row, "told_at"),
                time(row, "activating_at"),
                required(row, "changed_at"),
                "FAILED".equals(row.getString("state")) ? row.getString("detail") : null))
        .list();
  }

  private static Instant required(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
