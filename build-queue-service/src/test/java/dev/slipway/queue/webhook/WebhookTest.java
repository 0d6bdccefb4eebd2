package dev.slipway.queue.webhook;

import static dev.slipway.queue.TestQueue.sha;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.queue.TestQueue;
import dev.slipway.queue.TestQueue.Answer;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookTest {
  private static final String SECRET = "a-secret-of-the-forge";
  private static final String ZEROS = "0".repeat(40);

  private final TestQueue queue = TestQueue.shared();

  private String app(Sender sender) {
    return queue.app(sender.registered(), SECRET);
  }

  private Answer deliver(Sender sender, String body) {
    return deliver(sender, sender.event(), SECRET, UUID.randomUUID().toString(), body);
  }

  private Answer deliver(Sender sender, String event, String secret, String id, String body) {
    return sender.deliver(queue, event, secret, id, body);
  }

  private long count(String table, String app) {
    return queue
        .jdbc()
        .sql("select count(*) from " + table + " where app = :app")
        .param("app", app)
        .query(Long.class)
        .single();
  }

  private double refused(String reason) {
    return queue
        .bean(io.micrometer.core.instrument.MeterRegistry.class)
        .counter("slipway.webhook.refused", "reason", reason)
        .count();
  }

  @ParameterizedTest
  @EnumSource
  void a_genuine_push_becomes_a_job(Sender sender) {
    var app = app(sender);
    var answer = deliver(sender, sender.push(app, sha(1), sha(2)));
    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.json().path("seq").asLong()).isEqualTo(1);
    assertThat(answer.json().path("duplicate").asBoolean()).isFalse();
    var row =
        queue
            .jdbc()
            .sql(
                """
                select commit_sha, before_sha, ref, found_by, status, trace_parent,
                  merged_at at time zone 'UTC' as merged from job where id = :id
                """)
            .param("id", answer.json().path("job").asLong())
            .query()
            .singleRow();
    assertThat(row)
        .containsEntry("commit_sha", sha(2))
        .containsEntry("before_sha", sha(1))
        .containsEntry("ref", "refs/heads/master")
        .containsEntry("found_by", "WEBHOOK")
        .containsEntry("status", "QUEUED")
        .containsEntry("merged", java.sql.Timestamp.valueOf("2026-01-31 12:00:00"));
    assertThat(String.valueOf(row.get("trace_parent"))).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
  }

  @ParameterizedTest
  @EnumSource
  void a_wrong_secret_is_refused_and_leaves_nothing_but_a_count(Sender sender) {
    var app = app(sender);
    var before = refused("bad-signature");
    var body = sender.push(app, sha(1), sha(2));
    var answer = deliver(sender, sender.event(), "another-secret-than-that", "d", body);
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.text("code")).isEqualTo("bad-signature");
    assertThat(count("job", app) + count("delivery", app)).isZero();
    assertThat(refused("bad-signature")).isEqualTo(before + 1);
  }

  @ParameterizedTest
  @EnumSource
  void a_missing_signature_is_refused(Sender sender) {
    var app = app(sender);
    var answer =
        queue.send(
            queue
                .request("/webhooks/" + sender.forge())
                .header(sender.eventHeader(), sender.event())
                .POST(BodyPublishers.ofString(sender.push(app, sha(1), sha(2)))));
    assertThat(answer.status()).isEqualTo(401);
    assertThat(count("job", app)).isZero();
  }

  @Test
  void a_signature_covers_the_bytes_as_they_came() {
    var app = app(Sender.GITHUB);
    var body = Sender.GITHUB.push(app, sha(1), sha(2));
    var request =
        queue
            .request("/webhooks/github")
            .header("X-GitHub-Event", "push")
            .POST(BodyPublishers.ofString(body + " "));
    Sender.GITHUB.sign(request, SECRET, body);
    assertThat(queue.send(request).status()).isEqualTo(401);
  }

  @ParameterizedTest
  @EnumSource
  void a_redelivery_finds_the_same_job(Sender sender) {
    var app = app(sender);
    var body = sender.push(app, sha(1), sha(2));
    var id = UUID.randomUUID().toString();
    var first = deliver(sender, sender.event(), SECRET, id, body);
    var again = deliver(sender, sender.event(), SECRET, id, body);
    var other = deliver(sender, body);
    assertThat(again.status()).isEqualTo(202);
    assertThat(again.json().path("duplicate").asBoolean()).isTrue();
    assertThat(other.json().path("duplicate").asBoolean()).isTrue();
    assertThat(again.json().path("job")).isEqualTo(first.json().path("job"));
    assertThat(other.json().path("job")).isEqualTo(first.json().path("job"));
    assertThat(count("delivery", app)).isEqualTo(2);
  }

  @Test
  void another_push_under_a_used_delivery_id_is_not_swallowed() {
    var app = app(Sender.GITHUB);
    deliver(Sender.GITHUB, "push", SECRET, "same-" + app, Sender.GITHUB.push(app, sha(1), sha(2)));
    deliver(Sender.GITHUB, "push", SECRET, "same-" + app, Sender.GITHUB.push(app, sha(2), sha(3)));
    assertThat(count("job", app)).isEqualTo(2);
  }

  @Test
  void the_same_push_many_times_at_once_gives_one_job() throws Exception {
    var app = app(Sender.GITHUB);
    var body = Sender.GITHUB.push(app, sha(1), sha(2));
    var deliveries = new ArrayList<Callable<Answer>>();
    for (var i = 0; i < 24; i++) {
      deliveries.add(() -> deliver(Sender.GITHUB, body));
    }
    var jobs = new HashSet<Long>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : threads.invokeAll(deliveries)) {
        assertThat(answer.get().status()).isEqualTo(202);
        jobs.add(answer.get().json().path("job").asLong());
      }
    }
    assertThat(jobs).hasSize(1);
    assertThat(count("job", app)).isEqualTo(1);
  }

  @Test
  void pushes_that_arrive_out_of_order_are_built_in_branch_order() {
    var app = app(Sender.GITEA);
    for (var after : new int[] {4, 2, 3, 1}) {
      deliver(Sender.GITEA, Sender.GITEA.push(app, sha(after - 1), sha(after)));
    }
    assertThat(
            queue
                .jdbc()
                .sql("select commit_sha from job where app = :app order by seq")
                .param("app", app)
                .query(String.class)
                .list())
        .containsExactly(sha(1), sha(2), sha(3), sha(4));
  }

  @ParameterizedTest
  @ValueSource(strings = {"refs/heads/feature", "refs/tags/v1", "refs/heads/refs/heads/master"})
  void what_is_not_the_branch_is_ignored(String ref) {
    var app = app(Sender.GITHUB);
    var body = Sender.GITHUB.push(app, sha(1), sha(2)).replace("refs/heads/master", ref);
    var answer = deliver(Sender.GITHUB, body);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text("ignored")).contains(ref);
    assertThat(count("job", app)).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void deletions_and_other_events_are_ignored(Sender sender) {
    var app = app(sender);
    var deletion = deliver(sender, sender.push(app, sha(1), ZEROS));
    assertThat(deletion.status()).isEqualTo(200);
    assertThat(deletion.text("ignored")).contains("deleted");
    var ping = deliver(sender, "ping", SECRET, "d", sender.push(app, sha(1), sha(2)));
    assertThat(ping.status()).isEqualTo(200);
    assertThat(ping.text("ignored")).contains("not a push");
    assertThat(count("job", app)).isZero();
  }

  @Test
  void an_event_that_would_be_ignored_still_needs_its_signature() {
    var app = app(Sender.GITHUB);
    var body = Sender.GITHUB.push(app, sha(1), sha(2));
    assertThat(deliver(Sender.GITHUB, "ping", "another-secret-than-that", "d", body).status())
        .isEqualTo(401);
  }

  @Test
  void an_unknown_app_is_told_how_to_register() {
    var answer = deliver(Sender.GITHUB, Sender.GITHUB.push("nobody", sha(1), sha(2)));
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text("detail"))
        .contains("https://github.com/acme/nobody.git")
        .contains("PUT /api/v1/apps/");
  }

  @Test
  void an_unknown_forge_is_told_which_are_known() {
    var answer =
        queue.send(queue.request("/webhooks/sourceforge").POST(BodyPublishers.ofString("{}")));
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text("detail")).contains("/webhooks/bitbucket");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "null", "payload=%7B%7D"})
  void a_body_that_is_no_object_is_malformed(String body) {
    var answer = deliver(Sender.GITHUB, body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("code")).isEqualTo("malformed");
  }

  @Test
  void a_body_of_deep_nesting_is_malformed() {
    assertThat(deliver(Sender.GITHUB, "[".repeat(1_000_000)).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ref", "before", "after"})
  void a_missing_field_is_named(String field) {
    var app = app(Sender.GITHUB);
    var body = Sender.GITHUB.push(app, sha(1), sha(2)).replace('"' + field + '"', "\"other\"");
    var answer = deliver(Sender.GITHUB, body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("detail")).isEqualTo(field + " is missing");
  }

  @Test
  void missing_addresses_are_named() {
    assertThat(deliver(Sender.GITHUB, "{}").text("detail"))
        .isEqualTo("repository.clone_url is missing");
    assertThat(deliver(Sender.GITLAB, "{}").text("detail"))
        .isEqualTo("project.git_http_url is missing");
  }

  @Test
  void fields_of_a_wrong_kind_are_named() {
    var app = app(Sender.GITHUB);
    var body = Sender.GITHUB.push(app, sha(1), "not a commit");
    assertThat(deliver(Sender.GITHUB, body).text("detail")).startsWith("after must be");
    var time = Sender.GITHUB.push(app, sha(1), sha(2)).replace("2026-01-31T13:00:00", "soon");
    assertThat(deliver(Sender.GITHUB, time).text("detail"))
        .startsWith("head_commit.timestamp must be");
  }

  @Test
  void a_body_of_over_five_megabytes_is_refused_with_and_without_a_length() {
    var body = new byte[5_000_001];
    var announced = queue.request("/webhooks/github").POST(BodyPublishers.ofByteArray(body));
    assertThat(queue.send(announced).status()).isEqualTo(413);
    var chunked =
        queue
            .request("/webhooks/github")
            .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
    assertThat(queue.send(chunked).status()).isEqualTo(413);
  }

  @Test
  void a_push_of_just_five_megabytes_is_taken() {
    var app = app(Sender.GITHUB);
    var body = Sender.GITHUB.push(app, sha(1), sha(2));
    var padded = body + " ".repeat(5_000_000 - body.length());
    assertThat(deliver(Sender.GITHUB, padded).status()).isEqualTo(202);
  }
}
