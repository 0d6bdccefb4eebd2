package dev.slipway.deploy.installation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.JobRows;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How an installation stands, by what the database knows. */
@NullMarked
class InstallationStoreTest {
  private final JdbcClient jdbc = TestDatabase.create().jdbc();
  private final JobRows rows = new JobRows(jdbc);
  private final InstallationStore store = new InstallationStore(jdbc);

  @Test
  void an_empty_one_has_the_schema_that_is_known_and_nothing_else() throws Exception {
    assertThat(store.schema()).isEqualTo("" + KnownSchema.version());
    assertThat(store.regions()).isEmpty();
    assertThat(store.apps()).isEmpty();
    var queue = store.queue();
    assertThat(queue.workers()).isZero();
    assertThat(queue.waiting()).isZero();
    assertThat(queue.oldestSeconds()).isNull();
  }

  @Test
  void the_first_in_line_and_the_workers_that_were_heard_of_are_told() {
    rows.app("hello");
    var first = rows.queued("hello");
    rows.queued("hello");
    rows.running("hello", "worker-1");
    jdbc.sql("update job set created_at = now() - interval '90 s' where id = :id")
        .param("id", first)
        .update();
    jdbc.sql(
            """
            insert into worker (name, slots, busy, draining, seen_at) values
              ('there', 4, 1, false, now()), ('leaving', 2, 2, true, now()),
              ('gone', 8, 0, false, now() - interval '5 minutes')
            """)
        .update();
    var queue = store.queue();
    assertThat(queue.waiting()).isEqualTo(2);
    assertThat(queue.oldestSeconds()).isGreaterThanOrEqualTo(90);
    assertThat(queue.workers()).isEqualTo(2);
    assertThat(queue.slots()).isEqualTo(4);
    assertThat(queue.busy()).isEqualTo(1);
  }

  @Test
  void each_regions_agents_machines_and_copies_are_told_apart() {
    rows.app("hello");
    jdbc.sql(
            """
            insert into region (name, bucket) values ('eu', 'file:///eu'), ('us', 'file:///us'), ('new', 'file:///new')
            """)
        .update();
    rows.replicated("hello");
    var second = rows.replicated("hello");
    jdbc.sql(
            """
            insert into regional_agent (region, name, seen_at) values
              ('eu', 'a', now()), ('eu', 'b', now() - interval '1 hour'), ('us', 'c', now() - interval '10 minutes')
            """)
        .update();
    jdbc.sql(
            """
            insert into machine (region, id, zone, seen_at) values
              ('eu', 'm1', 'a', now()), ('eu', 'm2', 'a', now() - interval '2 minutes')
            """)
        .update();
    jdbc.sql(
            "update replica set status = 'CORRUPT', problem = 'size differs' where region = 'us' and job = :job")
        .param("job", second)
        .update();
    jdbc.sql(
            "update replica set status = 'PRESENT', present_at = now() - interval '20 minutes' where region = 'eu' and job = :job")
        .param("job", second)
        .update();
    var regions = store.regions();
    assertThat(regions).extracting(region -> region.name()).containsExactly("eu", "new", "us");
    var eu = regions.getFirst();
    assertThat(eu.agents()).isEqualTo(1);
    assertThat(eu.machines()).isEqualTo(2);
    assertThat(eu.silent()).isEqualTo(1);
    assertThat(eu.corrupt()).isZero();
    assertThat(eu.unreadSeconds()).isGreaterThanOrEqualTo(1200);
    var us = regions.getLast();
    assertThat(us.agents()).isZero();
    assertThat(us.silentSeconds()).isGreaterThanOrEqualTo(600);
    assertThat(us.corrupt()).isEqualTo(1);
    assertThat(us.problem()).isEqualTo("size differs");
    assertThat(us.unreadSeconds()).isNull();
    assertThat(regions.get(1).silentSeconds()).isNull();
  }

  @Test
  void an_app_tells_how_its_newest_commit_came() {
    rows.app("hello");
    rows.app("silent");
    rows.queued("hello");
    var newest = rows.queued("hello");
    jdbc.sql("update job set found_by = 'RECONCILIATION' where id = :id")
        .param("id", newest)
        .update();
    jdbc.sql("insert into branch_look (app, next_at, failures) values ('silent', now(), 4)")
        .update();
    assertThat(store.apps())
        .extracting(app -> app.name() + " " + app.foundBy() + " " + app.failedLooks())
        .containsExactly("hello RECONCILIATION 0", "silent null 4");
  }
}
