package dev.slipway.deploy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.JobRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Consumer;
import org.jspecify.annotations.NullMarked;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A fleet that has just arrived: the planner's statistics, and the plans that it keeps, know of the
 * few machines alone that were there before.
 */
@NullMarked
public final class NewFleet {
  /** All their machines. */
  public static final int MACHINES = 1_006;

  /** What they all run. */
  public static final AppName APP = new AppName("crowd");

  private static final String ARRIVES =
      """
      insert into machine (region, id, zone, hosts, seen_at) select region.name, 'crowd-' || n, 'zone-a', '{crowd}', now() from region, generate_series(1, 500) n
      insert into machine_app (region, machine, app, build, state, revision, changed_at) select region, id, 'crowd', 1, 'RUNNING', 1, now() from machine where hosts = '{crowd}'
      """;

  /** More often than the driver and the server ask themselves for a plan of its own. */
  private static final int OFTEN = 20;

  private final TestDatabase database = TestDatabase.create();

  /** A build of the app, which every region is to run by a deployment under way. */
  public final long build;

  /** What was there before. */
  public enum Before {
    NOTHING,
    /** Which has left the tables large and empty. */
    ANOTHER_FLEET
  }

  public NewFleet(Before before) {
    var jdbc = database.jdbc();
    var rows = new JobRows(jdbc);
    rows.app(APP.value());
    build = rows.replicated(APP.value());
    run(
        """
        alter table machine set (autovacuum_enabled = off)
        alter table machine_app set (autovacuum_enabled = off)
        insert into region (name, bucket) values ('eu', 'file:///tmp/none'), ('us', 'file:///tmp/none')
        """);
    jdbc.sql(
            """
            insert into deployment (app, job, cause, status, started_at, requested_by, plan)
            values (:app, :build, 'PERSON', 'ROLLING', now(), 'ada', '{"steps": [{"regions": ["eu", "us"]}]}')
            """)
        .param("app", APP.value())
        .param("build", build)
        .update();
    if (before == Before.ANOTHER_FLEET) {
      run(ARRIVES);
      run("delete from machine");
    }
    fewMachines();
  }

  private void fewMachines() {
    run(
        """
        insert into machine (region, id, zone, seen_at) select region.name, 'old-' || n, 'zone-a', now() from region, generate_series(1, 3) n
        insert into machine_app (region, machine, app, build, state, revision, changed_at) select region, id, 'app-' || n, 1, 'RUNNING', 1, now() from machine, generate_series(1, 2) n
        analyze
        """);
  }

  private void run(String statements) {
    statements.lines().forEach(statement -> database.jdbc().sql(statement).update());
  }

  public JdbcClient jdbc() {
    return database.jdbc();
  }

  /**
   * Asks again and again on a connection as the service has it, then lets the fleet arrive and asks
   * once more.
   *
   * @return how many rows PostgreSQL handles for the last, in all steps of all plans
   */
  public long rowsHandled(Consumer<JdbcClient> ask) throws SQLException {
    try (var connection = database.dataSource().getConnection()) {
      prepare(connection);
      var counter = new Counter(connection);
      var jdbc = JdbcClient.create(counter);
      for (var i = 0; i < OFTEN; i++) {
        ask.accept(jdbc);
      }
      run(ARRIVES);
      counter.rows = 0;
      ask.accept(jdbc);
      return counter.rows;
    }
  }

  private static void prepare(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(settings().getProperty("spring.datasource.hikari.connection-init-sql"));
      statement.execute("load 'auto_explain'");
      for (var setting :
          new String[] {
            "log_analyze = on",
            "log_timing = off",
            "log_format = json",
            "log_level = notice",
            "log_min_duration = 0"
          }) {
        statement.execute("set auto_explain." + setting);
      }
    }
  }

  private static Properties settings() {
    var settings = new YamlPropertiesFactoryBean();
    settings.setResources(new ClassPathResource("deploy-service.yml"));
    return Objects.requireNonNull(settings.getObject());
  }

  /** Reads the plans that auto_explain tells as notices. */
  private static final class Counter extends JdbcTemplate {
    private long rows;

    Counter(Connection connection) {
      super(new SingleConnectionDataSource(connection, true));
    }

    @Override
    protected void handleWarnings(Statement statement) throws SQLException {
      for (var notice = statement.getWarnings(); notice != null; notice = next(notice)) {
        var text = String.valueOf(notice.getMessage());
        rows += in(JsonMapper.shared().readTree(text.substring(text.indexOf('{'))).path("Plan"));
      }
    }

    private static SQLWarning next(SQLWarning notice) {
      return notice.getNextWarning();
    }

    private static long in(JsonNode step) {
      var each =
          step.path("Actual Rows").asDouble()
              + step.path("Rows Removed by Filter").asDouble()
              + step.path("Rows Removed by Join Filter").asDouble();
      var all = (long) (each * step.path("Actual Loops").asDouble());
      for (var part : step.path("Plans")) {
        all += in(part);
      }
      return all;
    }
  }
}
