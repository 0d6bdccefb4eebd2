package dev.slipway.deploy.figures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.JobRows;
import dev.slipway.deploy.timeline.LeadTimes;
import dev.slipway.deploy.timeline.TimelineStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What metrics say of an installation is what its database knows. */
@NullMarked
class FiguresTest {
  private final TestDatabase database = TestDatabase.create();
  private final JdbcClient jdbc = database.jdbc();
  private final JobRows rows = new JobRows(jdbc);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Figures figures =
      new Figures(new FigureStore(jdbc), new LeadTimes(new TimelineStore(jdbc), meters), meters);

  private double gauge(String name, String... tags) {
    return meters.get(name).tags(tags).gauge().value();
  }

  private void regions() {
    jdbc.sql(
            """
            insert into region (name, bucket, wanted, created_at) values
              ('eu', 'file:///eu', true, now() - interval '1 day'),
              ('us', 'file:///us', true, now() - interval '1 day'),
              ('out', 'file:///out', false, now() - interval '1 day')
            """)
        .update();
  }

  @Test
  void workers_that_are_silent_or_draining_have_no_slots() {
    jdbc.sql(
            """
            insert into worker (name, slots, busy, draining, seen_at) values
              ('there', 4, 1, false, now()), ('leaving', 2, 2, true, now()),
              ('gone', 8, 0, false, now() - interval '5 minutes')
            """)
        .update();
    figures.runOnce();
    assertThat(gauge("slipway.workers")).isEqualTo(2);
    assertThat(gauge("slipway.workers.slots", "state", "busy")).isEqualTo(1);
    assertThat(gauge("slipway.workers.slots", "state", "free")).isEqualTo(3);
  }

  @Test
  void a_region_is_silent_since_its_last_agent_asked_or_since_it_is_known() {
    regions();
    jdbc.sql(
            """
            insert into regional_agent (region, name, seen_at) values
              ('eu', 'a', now() - interval '1 hour'), ('eu', 'b', now() - interval '3 minutes')
            """)
        .update();
    figures.runOnce();
    assertThat(gauge("slipway.region.silence", "region", "eu", "wanted", "true"))
        .isBetween(180.0, 240.0);
    assertThat(gauge("slipway.region.silence", "region", "us")).isBetween(86_400.0, 86_460.0);
    assertThat(meters.get("slipway.region.silence").tag("wanted", "false").gauges()).hasSize(1);
  }

  @Test
  void copies_that_lack_are_wrong_or_wait_are_counted_where_they_are_wanted() {
    rows.app("hello");
    regions();
    var build = rows.replicated("hello");
    jdbc.sql(
            """
            update job set replicated_at = null, finished_at = now() - interval '20 minutes' where id = :build
            """)
        .param("build", build)
        .update();
    jdbc.sql("delete from replica where region = 'us'").update();
    jdbc.sql(
            """
            update replica set status = 'PRESENT', present_at = now() - interval '10 minutes' where region = 'eu'
            """)
        .update();
    var second = rows.replicated("hello");
    jdbc.sql(
            "update replica set status = 'CORRUPT', problem = 'size' where region = 'us' and job = :b")
        .param("b", second)
        .update();
    figures.runOnce();
    assertThat(gauge("slipway.replicas.missing", "region", "us")).isEqualTo(1);
    assertThat(gauge("slipway.replicas.missing.oldest", "region", "us")).isBetween(1200.0, 1260.0);
    assertThat(gauge("slipway.replicas.wrong", "region", "us")).isEqualTo(1);
    assertThat(gauge("slipway.replicas.missing", "region", "eu")).isZero();
    assertThat(gauge("slipway.replicas.unread.oldest", "region", "eu")).isBetween(600.0, 660.0);
    assertThat(gauge("slipway.replicas.missing", "region", "out")).as("not wanted").isZero();
  }

  @Test
  void machines_are_counted_by_region_and_state_and_forgotten_when_there_are_none() {
    rows.app("hello");
    regions();
    jdbc.sql(
            """
            insert into machine (region, id, zone, seen_at) values
              ('eu', 'm1', 'a', now()), ('eu', 'm2', 'a', now()), ('eu', 'm3', 'a', now() - interval '2 minutes')
            """)
        .update();
    jdbc.sql(
            """
            insert into machine_app (region, machine, app, build, state, revision, changed_at)
            select region, id, 'hello', 1, case id when 'm2' then 'FAILED' else 'RUNNING' end, 1, now() from machine
            """)
        .update();
    figures.runOnce();
    assertThat(gauge("slipway.fleet.machines", "region", "eu", "state", "HEARD")).isEqualTo(2);
    assertThat(gauge("slipway.fleet.machines", "region", "eu", "state", "SILENT")).isEqualTo(1);
    for (var state : new String[] {"RUNNING", "FAILED", "SILENT"}) {
      assertThat(gauge("slipway.fleet.apps", "region", "eu", "app", "hello", "state", state))
          .as(state)
          .isEqualTo(1);
    }
    jdbc.sql("update machine_app set state = 'RUNNING'").update();
    figures.runOnce();
    assertThat(gauge("slipway.fleet.apps", "state", "RUNNING")).isEqualTo(2);
    assertThat(meters.find("slipway.fleet.apps").tag("state", "FAILED").gauge()).isNull();
  }

  @Test
  void somebodys_open_transaction_is_told_and_the_look_itself_is_not() throws Exception {
    figures.runOnce();
    assertThat(gauge("slipway.database.transaction.oldest")).isZero();
    try (Connection other = database.dataSource().getConnection()) {
      other.setAutoCommit(false);
      try (var statement = other.createStatement()) {
        statement.execute("select 1");
        figures.runOnce();
        assertThat(gauge("slipway.database.transaction.oldest")).isPositive();
      }
      other.rollback();
    }
  }

  @Test
  void the_first_token_in_use_that_ends_is_told_by_its_role() {
    jdbc.sql(
            """
            insert into api_token (name, hash, role, scope, expires_at, last_used_at, revoked_at)
            select name, encode(sha256(name::bytea), 'hex'), role, case role when 'REGION' then 'eu' end,
                   now() + days * interval '1 day', used, revoked
            from (values
              ('w-1', 'WORKER', 20, now(), null),
              ('w-2', 'WORKER', 5, now() - interval '29 days', null),
              ('idle', 'WORKER', 2, now() - interval '31 days', null),
              ('never-used', 'WORKER', 2, null, null),
              ('revoked', 'WORKER', 2, now(), now()),
              ('over-long', 'WORKER', -8, now() - interval '8 days', null),
              ('over-unused', 'WORKER', -1, now() - interval '3 days', null),
              ('eu', 'REGION', 300, now(), null),
              ('for-good', 'ADMIN', null, now(), null)
            ) as token (name, role, days, used, revoked)
            """)
        .update();
    figures.runOnce();
    assertThat(gauge("slipway.tokens.expiry", "role", "WORKER")).isBetween(431_940.0, 432_000.0);
    assertThat(gauge("slipway.tokens.expiry", "role", "REGION")).isGreaterThan(25_919_000);
    assertThat(meters.get("slipway.tokens.expiry").gauges()).hasSize(2);
    jdbc.sql(
            "update api_token set expires_at = now() - interval '1 hour', last_used_at = now() - interval '61 minutes' where name = 'w-1'")
        .update();
    figures.runOnce();
    assertThat(gauge("slipway.tokens.expiry", "role", "WORKER")).isBetween(-3_660.0, -3_600.0);
    jdbc.sql("delete from api_token where role = 'WORKER'").update();
    figures.runOnce();
    assertThat(meters.get("slipway.tokens.expiry").gauges()).hasSize(1);
  }

  @Test
  void every_app_has_a_lead_time_before_its_first_build_is_deployed() {
    rows.app("hello");
    figures.runOnce();
    assertThat(meters.get("slipway.lead.time").tag("app", "hello").timer().count()).isZero();
  }
}
