package dev.slipway.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.JobRows;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What {@code ops/after-restore.sql} makes of a database that was under way. */
@NullMarked
class AfterRestoreTest {
  private final TestDatabase database = TestDatabase.create();
  private final JdbcClient jdbc = database.jdbc();
  private final JobRows jobs = new JobRows(jdbc);

  @BeforeAll
  static void look() {
    Ops.assumeClient();
  }

  @Test
  void whatever_is_open_begins_anew_under_numbers_that_nobody_had() throws Exception {
    jobs.app("shop");
    update("insert into region (name, bucket) values ('north', 'file:///north')");
    update("update target_revision set revision = 41");
    var queued = jobs.queued("shop");
    var running = jobs.running("shop", "w1");
    var unwanted = jobs.running("shop", "w2");
    update(
        "update job set cancel_requested_at = now(), cancel_requested_by = 'ann' where id = "
            + unwanted);
    var built = jobs.replicated("shop");
    update("update replica set recheck_at = now() + interval '1 day'");
    update("insert into branch_look (app, next_at) values ('shop', now() + interval '1 day')");
    var rolling =
        number(
            """
            insert into deployment (app, job, cause, requested_by, status, plan, started_at)
            values ('shop', %d, 'PERSON', 'ann', 'ROLLING', '{}', now()) returning id
            """
                .formatted(built));

    Ops.psql(database.url(), "after-restore.sql");

    assertThat(job(queued)).isEqualTo("QUEUED 20 of 23");
    assertThat(job(running)).isEqualTo("QUEUED 21 of 23");
    assertThat(
            text(
                "select outcome || ': ' || reason from past_attempt where attempt = 1 and job = "
                    + running))
        .isEqualTo("LOST: the database was restored");
    assertThat(job(unwanted)).isEqualTo("CANCELLED 21 of 23");
    assertThat(text("select failure from job where id = " + unwanted))
        .isEqualTo("cancelled by ann");
    assertThat(job(built)).isEqualTo("SUCCEEDED 1 of 3");
    assertThat(number("select count(*) from replica where recheck_at <= now()")).isOne();
    assertThat(number("select count(*) from branch_look where next_at <= now()")).isOne();
    assertThat(text("select status || ': ' || reason from deployment where id = " + rolling))
        .isEqualTo("PAUSED: the database was restored: resume or abort it");
    assertThat(number("select count(*) from freeze_window where app is null and ends_at > now()"))
        .isOne();
    assertThat(number("select revision from target_revision")).isEqualTo(10_000_041);
    assertThat(jobs.queued("shop")).isGreaterThan(built + 100_000 - 1);
    assertThat(number("select max(id) from audit where action = 'database-restore'"))
        .isGreaterThan(100_000);
  }

  private String job(long id) {
    return text(
        "select status || ' ' || attempt || ' of ' || max_attempts from job where id = " + id);
  }

  private void update(String statement) {
    jdbc.sql(statement).update();
  }

  private String text(String query) {
    return jdbc.sql(query).query((row, n) -> row.getString(1)).single();
  }

  private long number(String query) {
    return jdbc.sql(query).query(Long.class).single();
  }
}
