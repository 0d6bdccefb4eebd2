package dev.slipway.queue;

import static dev.slipway.queue.TestQueue.sha;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.access.Role;
import dev.slipway.common.access.Secrets;
import dev.slipway.common.database.DatabaseLink;
import dev.slipway.common.database.TestDatabase;
import dev.slipway.queue.TestQueue.Answer;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a forge hears while the database does not work. Its requests end after {@link #PATIENCE};
 * every lock and freeze here lasts until the answer is there.
 */
@Timeout(120)
class DatabaseGoneTest {
  private static final String SECRET = "a-secret-of-the-forge";
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private static final TestDatabase DATABASE = TestDatabase.create();
  private static final int POSTGRES = URI.create(DATABASE.url().substring(5)).getPort();
  private static DatabaseLink link = new DatabaseLink(POSTGRES);
  private static TestQueue queue;
  private static String app;

  @BeforeAll
  static void start() {
    queue = new TestQueue(DATABASE, url -> url.replace(":" + POSTGRES, ":" + link.port()));
    app = queue.app("https://git.example.com/gone/", SECRET);
    assertThat(untilTaken(1)).isPositive();
  }

  @AfterAll
  static void stop() {
    queue.stop();
    link.close();
  }

  private static Answer push(int commit) {
    var body =
        """
        {"ref": "refs/heads/master", "before": "%s", "after": "%s",
         "repository": {"clone_url": "https://git.example.com/gone/%s.git"}}
        """
            .formatted(sha(commit - 1), sha(commit), app);
    return queue.send(
        queue
            .request("/webhooks/gitea")
            .timeout(PATIENCE)
            .header("X-Gitea-Event", "push")
            .header("X-Gitea-Signature", Secrets.hmac(SECRET, body))
            .POST(BodyPublishers.ofString(body)));
  }

  /** Delivers as forges do, again and again; the pool needs a moment to notice. */
  private static long untilTaken(int commit) {
    var answer = push(commit);
    for (var tries = 0; answer.status() == 503 && tries < 60; tries++) {
      answer = push(commit);
    }
    assertThat(answer.status()).as(answer.raw().body()).isEqualTo(202);
    return answer.json().path("job").asLong();
  }

  private static void assertToBeDeliveredAgain(Answer answer) {
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.text("code")).isIn("database-gone", "busy");
    assertThat(answer.raw().headers().firstValue("Retry-After")).contains("5");
  }

  private static long jobs(int commit) {
    return DATABASE
        .jdbc()
        .sql("select count(*) from job where app = ? and commit_sha = ?")
        .params(app, sha(commit))
        .query(Long.class)
        .single();
  }

  @Test
  void a_database_that_is_away() {
    DATABASE.reachable(false);
    try {
      // whatever the pool still held is found dead
      push(2);
      assertToBeDeliveredAgain(push(2));
    } finally {
      DATABASE.reachable(true);
    }
    untilTaken(2);
    assertThat(jobs(2)).isEqualTo(1);
  }

  @Test
  void a_database_that_is_frozen() throws Exception {
    link.freeze();
    var deliveries = new ArrayList<Callable<Answer>>();
    for (var i = 0; i < 24; i++) {
      deliveries.add(() -> push(3));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : threads.invokeAll(deliveries)) {
        assertToBeDeliveredAgain(answer.get());
      }
    } finally {
      link.thaw();
    }
    untilTaken(3);
    assertThat(jobs(3)).isEqualTo(1);
  }

  /** A person's call; without a limit of its own it would wait for as long as the freeze lasts. */
  @Test
  void a_call_to_a_frozen_database_ends() {
    // leaves a connection that the pool trusts, as it was used a moment ago
    assertThat(queue.get(Role.VIEWER, "/api/v1/jobs").status()).isEqualTo(200);
    link.freeze();
    try {
      var call = queue.as(Role.VIEWER, "/api/v1/jobs").timeout(Duration.ofSeconds(40));
      for (var tries = 0; tries < 3; tries++) {
        var answer = queue.send(call.GET());
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text("code")).isEqualTo("database-gone");
        assertThat(answer.raw().headers().firstValue("Retry-After")).contains("5");
      }
    } finally {
      link.thaw();
    }
    untilTaken(4);
  }

  @Test
  void a_pool_that_is_exhausted() throws SQLException {
    var taken = new ArrayList<Connection>();
    try {
      // the fifth listens for notices
      for (var i = 0; i < 4; i++) {
        taken.add(queue.bean(DataSource.class).getConnection());
      }
      assertToBeDeliveredAgain(push(5));
    } finally {
      for (var connection : taken) {
        connection.close();
      }
    }
    untilTaken(5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select name from app for update",
        "lock table app in access exclusive mode",
        "lock table job in access exclusive mode"
      })
  void somebody_who_holds_a_lock_for_long(String lock) throws SQLException {
    try (var other = DATABASE.dataSource().getConnection()) {
      other.setAutoCommit(false);
      try (var statement = other.createStatement()) {
        statement.execute(lock);
      }
      assertToBeDeliveredAgain(push(6));
      assertToBeDeliveredAgain(push(6));
      // nobody is left behind to wait for the lock
      while (waiting() > 0) {
        assertThat(Thread.interrupted()).as("out of time").isFalse();
      }
      other.rollback();
    }
    untilTaken(6);
    assertThat(jobs(6)).isEqualTo(1);
  }

  private static long waiting() {
    return DATABASE
        .jdbc()
        .sql(
            """
            select count(*) from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock'
            """)
        .query(Long.class)
        .single();
  }
}
