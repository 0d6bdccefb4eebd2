package dev.slipway.queue.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.JobRows;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.trace.LogLines;
import dev.slipway.common.trace.TraceParent;
import dev.slipway.queue.app.RepositoryStore;
import dev.slipway.queue.status.FakeForge.Answer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

class StatusOutboxTest {
  private static final TestDatabase DATABASE = TestDatabase.create();
  private static final JobRows ROWS = new JobRows(DATABASE.jdbc());
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final String TOKEN = "s3cret-of-the-bot";

  private final JdbcClient jdbc = DATABASE.jdbc();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final int number = COUNT.incrementAndGet();
  private final String host = "forge" + number + ".test";
  private final String app = "app" + number;

  private FakeForge forge;
  private StatusOutbox outbox;

  @TempDir Path folder;

  @BeforeEach
  void start() throws IOException {
    forge = new FakeForge();
    Files.writeString(folder.resolve("token"), TOKEN + "\n");
    outbox = outbox(ForgeKind.GITHUB);
    ROWS.app(app);
    move("https://%s/acme/shop.git".formatted(host));
  }

  @AfterEach
  void stop() {
    forge.close();
  }

  private StatusOutbox outbox(ForgeKind kind) {
    var settings = new ForgeSettings(host, kind, forge.address(), folder.resolve("token"));
    return new StatusOutbox(
        host,
        new RepositoryStore(jdbc),
        new StatusStore(jdbc),
        new ForgeClient(settings, URI.create("https://slipway.test/"), Duration.ofSeconds(1)),
        meters);
  }

  private void move(String repository) {
    jdbc.sql("update app set repository = ? where name = ?").params(repository, app).update();
  }

  private void fail(long job, String why) {
    jdbc.sql(
            "update job set status = 'FAILED', finished_at = now(), last_heartbeat = null, failure = ? where id = ?")
        .params(why, job)
        .update();
  }

  private long succeeded() {
    return ROWS.succeeded(app, "%064x".formatted(number), "AAAAAA==", 1);
  }

  private void retryNow() {
    jdbc.sql("update commit_status set next_try_at = now() where forge = ?").param(host).update();
  }

  private @Nullable String problem() {
    return jdbc.sql("select problem from commit_status where forge = ?")
        .param(host)
        .query((row, n) -> Optional.ofNullable(row.getString(1)))
        .single()
        .orElse(null);
  }

  /** Seconds until the next try. */
  private double pause() {
    return jdbc.sql(
            "select extract(epoch from next_at)::float8 from (select next_try_at - now() as next_at from commit_status where forge = ?) t")
        .param(host)
        .query(Double.class)
        .single();
  }

  private double count(String outcome) {
    return meters.counter("slipway.commit.statuses", "forge", host, "outcome", outcome).count();
  }

  @Test
  void github_is_told_of_each_state_with_a_link() {
    var job = ROWS.queued(app);
    assertThat(outbox.runOnce()).isTrue();
    assertThat(outbox.runOnce()).isFalse();
    fail(job, "exit code 1\n\u001b[31m" + "x".repeat(200));
    assertThat(outbox.runOnce()).isTrue();
    var commit =
        jdbc.sql("select commit_sha from job where id = ?").param(job).query(String.class).single();
    assertThat(forge.calls())
        .allMatch(call -> call.path().equals("/repos/acme/shop/statuses/" + commit))
        .allMatch(call -> call.token().equals("Bearer " + TOKEN))
        .allMatch(call ->
            call.body()
                .path("target_url")
                .asString("")
                .equals("https://slipway.test/builds/" + job))
        .allMatch(call -> call.body().path("context").asString("").equals("slipway/" + app));
    assertThat(forge.states()).containsExactly("pending", "failure");
    assertThat(forge.calls().getLast().body().path("description").asString(""))
        .hasSize(140)
        .startsWith("Build #" + job + " failed: exit code 1 [31mxxx");
    assertThat(count("told")).isEqualTo(2);
  }

  @Test
  void gitlab_is_told_in_its_own_words() {
    outbox = outbox(ForgeKind.GITLAB);
    move("git@%s:acme/tools/shop.git".formatted(host));
    ROWS.running(app, "worker");
    outbox.runOnce();
    var call = forge.calls().getFirst();
    assertThat(call.path()).startsWith("/api/v4/projects/acme%2Ftools%2Fshop/statuses/");
    assertThat(call.token()).isEqualTo(TOKEN);
    assertThat(call.state()).isEqualTo("running");
    assertThat(call.body().path("name").asString("")).isEqualTo("slipway/" + app);
  }

  @Test
  void a_state_that_gitlab_has_already_is_told() {
    outbox = outbox(ForgeKind.GITLAB);
    ROWS.queued(app);
    forge.answer(
        new Answer(
            400,
            "{\"message\": \"Cannot transition status via :enqueue from :pending (Reason(s): Status cannot transition via \\\"enqueue\\\")\"}"));
    outbox.runOnce();
    assertThat(count("told")).isEqualTo(1);
    assertThat(outbox.runOnce()).isFalse();
  }

  @Test
  void gitea_is_told_in_its_own_words() {
    outbox = outbox(ForgeKind.GITEA);
    succeeded();
    outbox.runOnce();
    var call = forge.calls().getFirst();
    assertThat(call.path()).startsWith("/api/v1/repos/acme/shop/statuses/");
    assertThat(call.token()).isEqualTo("token " + TOKEN);
    assertThat(call.state()).isEqualTo("success");
  }

  @Test
  void what_changed_meanwhile_is_left_out_and_nothing_follows_a_success() {
    ROWS.queued(app);
    forge.answer(new Answer(500, "oops"));
    outbox.runOnce();
    jdbc.sql("delete from commit_status").update();
    jdbc.sql("delete from job where app = ?").param(app).update();
    succeeded();
    outbox.runOnce();
    assertThat(forge.states()).containsExactly("pending", "success");
    assertThat(outbox.runOnce()).isFalse();
  }

  @Test
  void a_build_that_is_tried_again_is_told_anew() {
    var job = ROWS.queued(app);
    fail(job, "exit code 1");
    outbox.runOnce();
    jdbc.sql(
            "update job set status = 'QUEUED', finished_at = null, failure = null, worker = null where id = ?")
        .param(job)
        .update();
    outbox.runOnce();
    assertThat(forge.states()).containsExactly("failure", "pending");
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 500, 502, 503})
  void what_may_pass_is_tried_again_later(int status) {
    ROWS.queued(app);
    forge.answer(new Answer(status, "a page"));
    outbox.runOnce();
    assertThat(problem()).isEqualTo(host + " answered " + status + " a page");
    assertThat(pause()).isBetween(3.0, 5.0);
    assertThat(outbox.runOnce()).isFalse();
    retryNow();
    outbox.runOnce();
    assertThat(count("told")).isEqualTo(1);
    assertThat(problem()).isNull();
  }

  @Test
  void tries_are_further_and_further_apart() {
    ROWS.queued(app);
    forge.answer(new Answer(500, ""), new Answer(500, ""), new Answer(500, ""));
    for (var i = 0; i < 3; i++) {
      outbox.runOnce();
      retryNow();
    }
    forge.answer(new Answer(500, ""));
    outbox.runOnce();
    assertThat(pause()).isBetween(31.0, 40.0);
  }

  @Test
  void a_forge_that_wants_to_be_left_alone_is() {
    ROWS.queued(app);
    ROWS.queued(app);
    forge.answer(new Answer(429, "{\"message\": \"slow down\"}", Map.of("Retry-After", "120")));
    outbox.runOnce();
    assertThat(outbox.runOnce()).isFalse();
    assertThat(
            jdbc.sql(
                    "select min(extract(epoch from next_try_at - now()))::float8 from commit_status where forge = ?")
                .param(host)
                .query(Double.class)
                .single())
        .isBetween(110.0, 120.0);
  }

  @Test
  void githubs_rate_limit_is_waited_for_by_its_own_clock() {
    ROWS.queued(app);
    forge.answer(
        new Answer(
            403,
            "{\"message\": \"API rate limit exceeded\"}",
            Map.of("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "4102444800")));
    outbox.runOnce();
    assertThat(count("later")).isEqualTo(1);
    assertThat(pause()).isBetween(3_590.0, 3_600.0);
  }

  @Test
  void a_forge_that_never_answers_is_given_up_for_now() {
    ROWS.queued(app);
    forge.answer(new Answer(0, ""));
    outbox.runOnce();
    assertThat(count("later")).isEqualTo(1);
    assertThat(problem()).startsWith(host);
  }

  @Test
  void a_forge_that_is_away_is_tried_again() throws IOException {
    ROWS.queued(app);
    forge.close();
    outbox.runOnce();
    assertThat(count("later")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 422})
  void a_refusal_is_tried_a_few_times_and_then_recorded(int status) {
    var build = ROWS.queued(app);
    var push = TraceParent.start(false);
    DATABASE
        .jdbc()
        .sql("update job set trace_parent = :push where id = :build")
        .param("push", push.toString())
        .param("build", build)
        .update();
    try (var log = new LogLines()) {
      for (var i = 0; i < 5; i++) {
        forge.answer(new Answer(status, "{\"message\": \"no: " + TOKEN + "\"}"));
        outbox.runOnce();
        retryNow();
      }
      assertThat(log.saying("build " + build + " is not told"))
          .extracting(LogLines.Line::trace)
          .containsExactly(LogLines.of(push));
    }
    assertThat(outbox.runOnce()).isFalse();
    assertThat(count("given-up")).isEqualTo(1);
    assertThat(problem()).isEqualTo("given up: %s answered %d no: …".formatted(host, status));
  }

  @Test
  void an_outage_of_a_day_is_given_up_and_the_next_state_is_told() {
    var job = ROWS.queued(app);
    forge.answer(new Answer(500, ""), new Answer(500, ""));
    outbox.runOnce();
    jdbc.sql(
            "update commit_status set next_try_at = now(), failing_since = now() - interval '25 hours' where forge = ?")
        .param(host)
        .update();
    outbox.runOnce();
    assertThat(count("given-up")).isEqualTo(1);
    fail(job, "no");
    outbox.runOnce();
    assertThat(forge.states()).endsWith("failure");
    assertThat(count("told")).isEqualTo(1);
  }

  @Test
  void a_redirect_is_not_followed() throws IOException {
    try (var elsewhere = new FakeForge()) {
      ROWS.queued(app);
      forge.answer(
          new Answer(307, "", Map.of("Location", elsewhere.address() + "/repos/a/b/statuses/c")));
      outbox.runOnce();
      assertThat(elsewhere.calls()).isEmpty();
      assertThat(count("refused")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://%s/shop", "https://%s/../shop", "https://%s/a/b/c"})
  void what_is_no_repository_of_the_forge_is_not_called(String repository) {
    move(repository.formatted(host));
    ROWS.queued(app);
    outbox.runOnce();
    assertThat(forge.calls()).isEmpty();
    assertThat(count("refused")).isEqualTo(1);
  }

  @Test
  void other_forges_builds_are_left_alone() {
    move("https://elsewhere.test/acme/shop" + number);
    ROWS.queued(app);
    assertThat(outbox.runOnce()).isFalse();
    assertThat(forge.calls()).isEmpty();
  }

  @Test
  void two_instances_tell_each_status_once() throws Exception {
    for (var i = 0; i < 20; i++) {
      ROWS.queued(app);
    }
    var passes = new ArrayList<Callable<Integer>>();
    for (var i = 0; i < 2; i++) {
      var instance = outbox(ForgeKind.GITHUB);
      passes.add(() -> {
        var told = 0;
        while (instance.runOnce()) {
          told++;
        }
        return told;
      });
    }
    try (var threads = Executors.newFixedThreadPool(2)) {
      for (var pass : threads.invokeAll(passes)) {
        assertThat(pass.get()).isNotNegative();
      }
    }
    while (outbox.runOnce()) {
      // what the last of both was too late for
    }
    assertThat(forge.calls()).hasSize(20).extracting(FakeForge.Call::path).doesNotHaveDuplicates();
  }

  @Test
  void who_was_held_up_for_too_long_has_the_newest_state_told_again() {
    var statuses = new StatusStore(jdbc);
    var job = ROWS.queued(app);
    statuses.note(host, List.of(app), 0);
    var late = statuses.claim(host, Duration.ofMinutes(1)).orElseThrow();
    fail(job, "no");
    retryNow();
    outbox.runOnce();
    assertThat(forge.states()).containsExactly("failure");
    statuses.settle(late, "");
    outbox.runOnce();
    assertThat(forge.states()).containsExactly("failure", "failure");
  }

  @Test
  void nobody_else_is_told_while_one_tries() {
    var statuses = new StatusStore(jdbc);
    ROWS.queued(app);
    statuses.note(host, List.of(app), 0);
    assertThat(statuses.claim(host, Duration.ofMinutes(1))).isPresent();
    assertThat(statuses.claim(host, Duration.ofMinutes(1))).isEmpty();
  }

  @Test
  void a_token_that_was_replaced_is_used() throws IOException {
    Files.writeString(folder.resolve("token"), "a-newer-one");
    ROWS.queued(app);
    outbox.runOnce();
    assertThat(forge.calls().getFirst().token()).isEqualTo("Bearer a-newer-one");
  }

  @Test
  void a_token_that_is_none_is_refused_and_not_told() throws IOException {
    Files.writeString(folder.resolve("token"), "two words");
    var settings =
        new ForgeSettings(host, ForgeKind.GITHUB, forge.address(), folder.resolve("token"));
    assertThatThrownBy(settings::token)
        .isInstanceOf(InvalidInput.class)
        .hasMessageNotContaining("two words");
    assertThat(settings.toString()).doesNotContain("two words");
    ROWS.queued(app);
    outbox.runOnce();
    assertThat(forge.calls()).isEmpty();
    assertThat(count("later")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://a", "https://u:p@a", "https://a?b", "relative"})
  void an_address_of_calls_is_checked(String api) {
    assertThatThrownBy(() -> new ForgeSettings(host, ForgeKind.GITEA, URI.create(api), null))
        .isInstanceOf(InvalidInput.class)
        .hasMessageStartingWith("slipway.queue.forges.api");
  }

  @ParameterizedTest
  @EnumSource
  void each_kind_of_forge_has_a_place_for_a_repository(ForgeKind kind) {
    assertThat(kind.address(URI.create("https://f.test/base/"), "a b/c%d", "0".repeat(40)))
        .hasValueSatisfying(address ->
            assertThat(address.getRawPath()).startsWith("/base/").contains("a%20b", "c%25d"));
  }
}
