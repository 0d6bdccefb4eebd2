package dev.slipway.common.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.database.TestDatabase;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.simple.JdbcClient;

@NullMarked
@Timeout(60)
class SchemaWaitTest {
  private final TestDatabase database = TestDatabase.create();
  private final Flyway flyway = of(database.dataSource());

  @Test
  void a_schema_that_is_up_to_date_is_not_waited_for() {
    new SchemaWait(Duration.ZERO).await(flyway);
  }

  @Test
  void what_is_missing_is_named_when_the_wait_is_over() {
    forget(2);
    assertThatThrownBy(() -> new SchemaWait(Duration.ZERO).await(flyway))
        .isInstanceOf(SchemaBehind.class)
        .hasMessageMatching("the schema lacks the migrations V\\d+, V\\d+; waited 0 s for them");
  }

  @Test
  void it_goes_on_once_another_has_migrated() throws Exception {
    var empty = TestDatabase.create();
    empty.jdbc().sql("drop schema public cascade").update();
    empty.jdbc().sql("create schema public").update();
    var service = of(empty.dataSource());
    var waiting =
        CompletableFuture.runAsync(() -> new SchemaWait(Duration.ofMinutes(1)).await(service));
    assertThat(waiting).isNotDone();

    migrate(empty);

    waiting.get(30, TimeUnit.SECONDS);
    assertThat(service.info().pending()).isEmpty();
  }

  @Test
  void a_schema_of_a_later_version_is_good_as_well() {
    database
        .jdbc()
        .sql(
            """
            insert into flyway_schema_history
              (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
            values (9999, '9999', 'later', 'SQL', 'V9999__later.sql', 1, 'them', 1, true)
            """)
        .update();
    new SchemaWait(Duration.ZERO).await(flyway);
  }

  @Test
  void a_migration_that_is_another_one_here_is_refused() {
    database
        .jdbc()
        .sql("update flyway_schema_history set checksum = checksum + 1 where version = '1'")
        .update();
    assertThatThrownBy(() -> new SchemaWait(Duration.ZERO).await(flyway))
        .isInstanceOf(FlywayValidateException.class);
  }

  /** A change to a table that somebody holds is given up, so that nobody waits behind it. */
  @Test
  void migrations_do_not_wait_for_locks_for_long() throws Exception {
    forget(1);
    try (var holder = database.dataSource().getConnection()) {
      holder.setAutoCommit(false);
      try (var statement = holder.createStatement()) {
        // which it reads and writes whatever it migrates
        statement.execute("lock table flyway_schema_history in access exclusive mode");
      }
      assertThatThrownBy(() -> migrate(database)).hasStackTraceContaining("lock timeout");
    }
  }

  private static void migrate(TestDatabase database) {
    SchemaMigration.run(
        "none",
        "migrate",
        "--spring.datasource.url=" + database.url(),
        "--spring.datasource.username=postgres");
  }

  private void forget(int migrations) {
    JdbcClient.create(database.dataSource())
        .sql(
            """
            delete from flyway_schema_history where installed_rank in
              (select installed_rank from flyway_schema_history order by installed_rank desc limit :n)
            """)
        .param("n", migrations)
        .update();
  }

  private static Flyway of(DataSource database) {
    return Flyway.configure().dataSource(database).load();
  }
}
