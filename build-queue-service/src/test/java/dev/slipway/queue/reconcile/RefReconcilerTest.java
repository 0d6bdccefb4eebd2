package dev.slipway.queue.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.access.Role;
import dev.slipway.common.app.AppName;
import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.JobRows;
import dev.slipway.queue.TestQueue;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefReconcilerTest {
  private final TestQueue queue = TestQueue.shared();

  @TempDir Path folder;

  private String git(Path repository, String... arguments) throws Exception {
    var command = new ArrayList<>(List.of("git", "-C", repository.toString()));
    command.addAll(List.of("-c", "user.name=Ada", "-c", "user.email=ada@example.com"));
    command.addAll(List.of(arguments));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.strip();
  }

  private Path repository(String name) throws Exception {
    var repository = Files.createDirectory(folder.resolve(name));
    git(repository, "init", "-q", "-b", "master");
    git(repository, "commit", "-q", "--allow-empty", "-m", "one");
    // another ref whose name ends like the branch's, which git lists first
    git(repository, "update-ref", "refs/heads/a/refs/heads/master", "HEAD");
    git(repository, "commit", "-q", "--allow-empty", "-m", "one and a half");
    return repository;
  }

  private List<String> jobs(String app) {
    return queue
        .jdbc()
        .sql("select commit_sha || ' ' || found_by from job where app = :app order by seq")
        .param("app", app)
        .query((row, n) -> row.getString(1))
        .list();
  }

  /** Makes apps due and looks until each was looked at, here or by the service's own loops. */
  private void look(String... apps) throws InterruptedException {
    queue
        .jdbc()
        .sql(
            """
            insert into branch_look (app, next_at, looked_at, failures)
            select app, now() - interval '1 day', '-infinity', 0 from unnest(?::text[]) as app
            on conflict (app) do update
            set next_at = excluded.next_at, looked_at = excluded.looked_at, failures = 0
            """)
        .param(apps)
        .update();
    while (unseen(apps) > 0) {
      queue.bean(RefReconciler.class).runOnce();
    }
  }

  private long unseen(String... apps) {
    return queue
        .jdbc()
        .sql(
            """
            select count(*) from branch_look
            where app = any(?::text[]) and looked_at = '-infinity' and failures = 0
            """)
        .param(apps)
        .query(Long.class)
        .single();
  }

  private double count(String outcome) {
    return queue
        .bean(MeterRegistry.class)
        .counter("slipway.reconcile.apps", "outcome", outcome)
        .count();
  }

  @Test
  void a_commit_that_nobody_told_of_is_found_once() throws Exception {
    var app = queue.app(folder + "/", "a-secret-of-the-forge");
    var repository = repository(app);
    look(app);
    look(app);
    var first = git(repository, "rev-parse", "HEAD");
    assertThat(jobs(app)).containsExactly(first + " RECONCILIATION");
    git(repository, "commit", "-q", "--allow-empty", "-m", "two");
    look(app);
    assertThat(jobs(app))
        .containsExactly(
            first + " RECONCILIATION", git(repository, "rev-parse", "HEAD") + " RECONCILIATION");
    var shown = queue.get(Role.VIEWER, "/api/v1/jobs?app=" + app).json().path("jobs").path(0);
    assertThat(shown.path("foundBy").asString("")).isEqualTo("RECONCILIATION");
  }

  @Test
  void the_head_of_a_branch_that_was_pushed_by_force_is_found() throws Exception {
    var app = queue.app(folder + "/", "a-secret-of-the-forge");
    var repository = repository(app);
    look(app);
    var lost = git(repository, "rev-parse", "HEAD");
    git(repository, "commit", "-q", "--amend", "--allow-empty", "-m", "another history");
    look(app);
    var head = git(repository, "rev-parse", "HEAD");
    assertThat(jobs(app))
        .containsExactly(lost + " RECONCILIATION", head + " RECONCILIATION")
        .doesNotHaveDuplicates();
    // back to what was built
    git(repository, "reset", "-q", "--hard", lost);
    look(app);
    assertThat(jobs(app)).hasSize(2);
  }

  @Test
  void a_commit_that_is_known_is_left_alone() throws Exception {
    var app = queue.app(folder + "/", "a-secret-of-the-forge");
    var repository = repository(app);
    queue.job(app, git(repository, "rev-parse", "HEAD"));
    var before = count("current");
    look(app);
    assertThat(jobs(app)).hasSize(1).first().asString().endsWith("PERSON");
    assertThat(count("current")).isGreaterThan(before);
  }

  @Test
  void a_repository_that_is_gone_is_looked_at_less_often_and_holds_up_nobody() throws Exception {
    var gone = queue.app(folder.resolve("gone") + "/", "a-secret-of-the-forge");
    var app = queue.app(folder + "/", "a-secret-of-the-forge");
    repository(app);
    var before = count("failed");
    look(gone, app);
    assertThat(jobs(app)).hasSize(1);
    assertThat(jobs(gone)).isEmpty();
    assertThat(count("failed")).isGreaterThan(before);
    assertThat(days(app)).isBetween(0.79, 1.0);
    makeDue(gone);
    while (failures(gone) < 2) {
      queue.bean(RefReconciler.class).runOnce();
    }
    assertThat(days(gone)).isBetween(1.59, 2.0);
  }

  private void makeDue(String app) {
    queue.jdbc().sql("update branch_look set next_at = now() where app = ?").param(app).update();
  }

  private int failures(String app) {
    return queue
        .jdbc()
        .sql("select failures from branch_look where app = ?")
        .param(app)
        .query(Integer.class)
        .single();
  }

  /** Until the next look. */
  private double days(String app) {
    return queue
        .jdbc()
        .sql(
            "select extract(epoch from next_at - now())::float8 / 86400 from branch_look where app = ?")
        .param(app)
        .query(Double.class)
        .single();
  }

  @Test
  void an_app_that_is_due_is_taken_by_one_of_many() throws Exception {
    var database = TestDatabase.create();
    var rows = new JobRows(database.jdbc());
    rows.app("one");
    rows.app("two");
    var looks = new BranchLookStore(database.jdbc());
    looks.addNew(Duration.ofDays(1));
    looks.addNew(Duration.ofDays(1));
    assertThat(looks.claim(Duration.ofMinutes(1))).isEmpty();
    database.jdbc().sql("update branch_look set next_at = now()").update();
    var claims = new ArrayList<Callable<Optional<AppName>>>();
    for (var i = 0; i < 8; i++) {
      claims.add(() -> looks.claim(Duration.ofMinutes(1)));
    }
    var taken = new ArrayList<String>();
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (var claim : threads.invokeAll(claims)) {
        claim.get().map(AppName::value).ifPresent(taken::add);
      }
    }
    // whoever took none comes again
    for (var more = looks.claim(Duration.ofMinutes(1));
        more.isPresent();
        more = looks.claim(Duration.ofMinutes(1))) {
      taken.add(more.get().value());
    }
    assertThat(taken).containsExactlyInAnyOrder("one", "two");
  }

  @Test
  void the_age_of_the_oldest_look_is_told() {
    assertThat(queue.bean(MeterRegistry.class).get("slipway.reconcile.oldest").gauge().value())
        .isNotNegative();
  }

  @Test
  void a_branch_that_does_not_exist_has_no_head() throws Exception {
    var heads = new RemoteHeads(Duration.ofSeconds(20), true);
    assertThat(heads.headOf(repository("r").toString(), "other")).isEmpty();
  }

  @Test
  void a_repository_that_cannot_be_read_says_why() {
    var heads = new RemoteHeads(Duration.ofSeconds(20), true);
    assertThatThrownBy(() -> heads.headOf(folder.resolve("none").toString(), "master"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("does not");
    assertThatThrownBy(() ->
            new RemoteHeads(Duration.ofSeconds(20), false).headOf(folder.toString(), "master"))
        .hasMessageContaining("allow-file-repositories");
  }

  @Test
  void a_server_that_never_answers_is_given_up() throws Exception {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var address = "http://localhost:" + silent.getLocalPort() + "/acme/shop";
      var heads = new RemoteHeads(Duration.ofSeconds(1), false);
      assertThatThrownBy(() -> heads.headOf(address, "master"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("within 1 s");
      assertThat(
              ProcessHandle.current()
                  .descendants()
                  .filter(p -> p.info().commandLine().orElse("").contains("ls-remote")))
          .isEmpty();
    }
  }
}
