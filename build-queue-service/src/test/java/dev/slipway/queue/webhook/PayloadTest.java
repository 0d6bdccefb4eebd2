package dev.slipway.queue.webhook;

import static dev.slipway.queue.TestQueue.sha;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.access.Role;
import dev.slipway.common.access.Secrets;
import dev.slipway.queue.TestQueue;
import dev.slipway.queue.TestQueue.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Payloads as the forges write them, and as somebody might who means harm. */
class PayloadTest {
  private static final String SECRET = "a-secret-of-the-forge";
  private static final int CHAIN = 6;

  private final TestQueue queue = TestQueue.shared();

  private List<String> commits(String app) {
    return queue
        .jdbc()
        .sql("select commit_sha from job where app = :app order by seq")
        .param("app", app)
        .query((row, n) -> row.getString(1))
        .list();
  }

  private static List<String> chain() {
    var commits = new ArrayList<String>();
    for (var i = 1; i <= CHAIN; i++) {
      commits.add(sha(i));
    }
    return commits;
  }

  @Test
  void githubs_own_examples() {
    var app = "hello-world";
    queue.put(
        Role.ADMIN,
        "/api/v1/apps/" + app,
        """
        {"repository": "https://github.com/Codertocat/Hello-World.git", "webhookSecret": "%s"}
        """
            .formatted(SECRET));
    var branch =
        Sender.GITHUB.deliver(queue, SECRET, Sender.GITHUB.payload("new-branch", "", "", ""));
    assertThat(branch.status()).isEqualTo(202);
    for (var tag : List.of("new-tag", "deleted-tag")) {
      var answer = Sender.GITHUB.deliver(queue, SECRET, Sender.GITHUB.payload(tag, "", "", ""));
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text("ignored")).isEqualTo("refs/tags/simple-tag is not a branch");
    }
    assertThat(commits(app)).containsExactly("6113728f27ae82c7b1a177c8d03f9e96e0adf246");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "GITHUB")
  void branches_that_come_and_go_and_tags(Sender sender) {
    var app = queue.app(sender.registered(), SECRET);
    var made = sender.deliver(queue, SECRET, sender.payload("new-branch", app, sha(0), sha(1)));
    assertThat(made.status()).isEqualTo(202);
    var deleted =
        sender.deliver(queue, SECRET, sender.payload("deleted-branch", app, sha(1), sha(2)));
    assertThat(deleted.text("ignored")).isEqualTo("master was deleted");
    var tag = sender.deliver(queue, SECRET, sender.payload("new-tag", app, sha(1), sha(2)));
    assertThat(tag.text("ignored")).contains("refs/tags/v1.0").contains("not a branch");
    assertThat(commits(app)).containsExactly(sha(1));
    assertThat(
            queue
                .jdbc()
                .sql("select count(*) from job where app = :app and before_sha is null")
                .param("app", app)
                .query(Long.class)
                .single())
        .isEqualTo(1);
  }

  @Test
  void of_a_push_of_several_refs_only_the_branch_counts() {
    var app = queue.app(Sender.BITBUCKET.registered(), SECRET);
    var body = Sender.BITBUCKET.payload("several", app, sha(1), sha(2));
    var answer = Sender.BITBUCKET.deliver(queue, SECRET, body);
    assertThat(answer.status()).isEqualTo(202);
    assertThat(commits(app)).containsExactly(sha(2));
  }

  @ParameterizedTest
  @EnumSource
  void pushes_in_any_order_and_more_than_once_end_in_branch_order(Sender sender) {
    for (var seed = 1; seed <= 3; seed++) {
      var app = queue.app(sender.registered(), SECRET);
      shuffled(seed)
          .forEach(n -> {
            var answer = sender.deliver(queue, SECRET, sender.push(app, sha(n - 1), sha(n)));
            assertThat(answer.status()).isEqualTo(202);
          });
      assertThat(commits(app)).as("seed %d", seed).containsExactlyElementsOf(chain());
    }
  }

  @ParameterizedTest
  @EnumSource
  void pushes_at_once_end_in_branch_order(Sender sender) throws Exception {
    var app = queue.app(sender.registered(), SECRET);
    var deliveries = new ArrayList<Callable<Answer>>();
    shuffled(4)
        .forEach(n ->
            deliveries.add(
                () -> sender.deliver(queue, SECRET, sender.push(app, sha(n - 1), sha(n)))));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : threads.invokeAll(deliveries)) {
        assertThat(answer.get().status()).isEqualTo(202);
      }
    }
    assertThat(commits(app)).containsExactlyElementsOf(chain());
  }

  /** Each of the chain twice. */
  private static List<Integer> shuffled(int seed) {
    var order = new ArrayList<Integer>();
    for (var i = 0; i < 2 * CHAIN; i++) {
      order.add(i % CHAIN + 1);
    }
    Collections.shuffle(order, new Random(seed));
    return order;
  }

  @ParameterizedTest
  @EnumSource
  void another_apps_secret_opens_nothing(Sender sender) {
    var app = queue.app(sender.registered(), SECRET);
    queue.app(sender.registered(), "the-secret-of-another-app");
    var body = sender.push(app, sha(1), sha(2));
    assertThat(sender.deliver(queue, "the-secret-of-another-app", body).status()).isEqualTo(401);
    assertThat(commits(app)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Hub-Signature", "X-Hub-Signature-256"})
  void githubs_old_signature_and_bitbuckets_are_not_taken_for_each_other(String header) {
    var sender = header.endsWith("256") ? Sender.BITBUCKET : Sender.GITHUB;
    var app = queue.app(sender.registered(), SECRET);
    var body = sender.push(app, sha(1), sha(2));
    var request =
        queue
            .request("/webhooks/" + sender.forge())
            .header(sender.eventHeader(), sender.event())
            .header(header, "sha256=" + Secrets.hmac(SECRET, body))
            .POST(BodyPublishers.ofString(body));
    assertThat(queue.send(request).status()).isEqualTo(401);
  }

  @ParameterizedTest
  @EnumSource
  void what_people_wrote_stays_plain_data(Sender sender) {
    var app = queue.app(sender.registered(), SECRET);
    var body =
        sender
            .push(app, sha(1), sha(2))
            .replace(
                "Sort the shelf", "<script>alert(1)</script>\\u0000\\u001b[31m\\u202e'; drop--");
    var answer = sender.deliver(queue, SECRET, body);
    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.raw().body()).doesNotContain("script");
    var job = queue.get(Role.VIEWER, "/api/v1/jobs/" + answer.json().path("job").asLong());
    assertThat(job.text("commit")).isEqualTo(sha(2));
  }

  @Test
  void a_ref_of_markup_and_control_characters_is_only_quoted() {
    var app = queue.app(Sender.GITHUB.registered(), SECRET);
    var ref = "refs/heads/<b>\\u0000\\u001b[2J";
    var body = Sender.GITHUB.push(app, sha(1), sha(2)).replace("refs/heads/master", ref);
    var answer = Sender.GITHUB.deliver(queue, SECRET, body);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.raw().headers().firstValue("Content-Type")).contains("application/json");
    assertThat(answer.raw().body()).doesNotContain("\u0000", "\u001b");
    assertThat(commits(app)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void a_list_of_a_hundred_thousand_commits_is_read(Sender sender) {
    var app = queue.app(sender.registered(), SECRET);
    var many = "[" + "{},".repeat(100_000) + "{}]";
    var body = sender.push(app, sha(1), sha(2)).replaceFirst("\\{", "{\"commits\": " + many + ",");
    assertThat(sender.deliver(queue, SECRET, body).status()).isIn(202, 400);
  }

  @Test
  void more_refs_than_a_push_can_have_are_refused() {
    var app = queue.app(Sender.BITBUCKET.registered(), SECRET);
    var body =
        Sender.BITBUCKET
            .push(app, sha(1), sha(2))
            .replaceFirst("\"changes\": \\[", "\"changes\": [" + "null,".repeat(1_000));
    var answer = Sender.BITBUCKET.deliver(queue, SECRET, body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("detail")).isEqualTo("push.changes must have at most 1000 elements");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "{}", "7", "\"master\"", "[null]", "[{\"new\": 7}]"})
  void changes_of_a_wrong_shape_are_named(String changes) {
    var app = queue.app(Sender.BITBUCKET.registered(), SECRET);
    var body =
        """
        {"repository": {"links": {"html": {"href": "https://bitbucket.org/acme/%s"}}},
         "push": {"changes": %s}}
        """
            .formatted(app, changes);
    var answer = Sender.BITBUCKET.deliver(queue, SECRET, body);
    if (changes.equals("[]")) {
      assertThat(answer.text("ignored")).isEqualTo("nothing was pushed");
    } else {
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text("detail")).startsWith("push.changes");
    }
  }

  @Test
  void a_deep_field_is_malformed() {
    var app = queue.app(Sender.GITEA.registered(), SECRET);
    var body =
        Sender.GITEA
            .push(app, sha(1), sha(2))
            .replaceFirst("\\{", "{\"x\": " + "[".repeat(5_000) + "]".repeat(5_000) + ",");
    var answer = Sender.GITEA.deliver(queue, SECRET, body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("code")).isEqualTo("malformed");
  }

  @Test
  void a_delivery_id_is_bounded() {
    var app = queue.app(Sender.GITEA.registered(), SECRET);
    var body = Sender.GITEA.push(app, sha(1), sha(2));
    var answer = Sender.GITEA.deliver(queue, "push", SECRET, "x".repeat(201), body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("detail")).startsWith("X-Gitea-Delivery");
  }
}
