package dev.slipway.queue;

import static dev.slipway.queue.TestQueue.sha;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.access.Secrets;
import dev.slipway.common.database.TestDatabase;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;

class DatabaseGoneTest {
  private static final String SECRET = "a-secret-of-the-forge";

  @Test
  void a_push_while_the_database_is_away_is_to_be_delivered_again() {
    var queue = new TestQueue();
    try {
      var app = queue.app("https://git.example.com/gone/", SECRET);
      assertThat(queue.send(push(queue, app)).status()).isEqualTo(202);
      reachable(queue, false);
      // whatever the pool still held is found dead
      queue.send(push(queue, app));
      var answer = queue.send(push(queue, app));
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.text("code")).isEqualTo("database-gone");
      assertThat(answer.raw().headers().firstValue("Retry-After")).contains("5");
      reachable(queue, true);
      // as the forge does: the pool needs a moment to notice
      var again = answer.status();
      for (var tries = 0; again == 503 && tries < 30; tries++) {
        again = queue.send(push(queue, app)).status();
      }
      assertThat(again).isEqualTo(202);
    } finally {
      reachable(queue, true);
      queue.stop();
    }
  }

  private static HttpRequest.Builder push(TestQueue queue, String app) {
    var body =
        """
        {"ref": "refs/heads/master", "before": "%s", "after": "%s",
         "repository": {"clone_url": "https://git.example.com/gone/%s.git"}}
        """
            .formatted(sha(1), sha(2), app);
    return queue
        .request("/webhooks/gitea")
        .header("X-Gitea-Event", "push")
        .header("X-Gitea-Signature", Secrets.hmac(SECRET, body))
        .POST(BodyPublishers.ofString(body));
  }

  private static void reachable(TestQueue queue, boolean yes) {
    var name = queue.database().url().replaceAll(".*/([a-z0-9]+)[?].*", "$1");
    var other = TestDatabase.create().jdbc();
    other.sql("alter database " + name + " with allow_connections " + yes).update();
    if (!yes) {
      other
          .sql("select pg_terminate_backend(pid) from pg_stat_activity where datname = :name")
          .param("name", name)
          .query((row, n) -> true)
          .list();
    }
  }
}
