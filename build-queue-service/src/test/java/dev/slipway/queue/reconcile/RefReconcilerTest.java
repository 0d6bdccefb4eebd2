package dev.slipway.queue.reconcile;

import static dev.slipway.queue.TestQueue.sha;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.queue.TestQueue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefReconcilerTest {
  private final TestQueue queue = TestQueue.shared();

  @TempDir Path folder;

  private String git(Path repository, String... arguments) throws Exception {
    var command = new java.util.ArrayList<>(List.of("git", "-C", repository.toString()));
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

  @Test
  void a_commit_that_nobody_told_of_is_found_once() throws Exception {
    queue.app(folder.resolve("gone") + "/", "a-secret-of-the-forge");
    var app = queue.app(folder + "/", "a-secret-of-the-forge");
    var repository = repository(app);
    var reconciler = queue.bean(RefReconciler.class);
    assertThat(reconciler.runOnce()).isFalse();
    reconciler.runOnce();
    var first = git(repository, "rev-parse", "HEAD");
    assertThat(jobs(app)).containsExactly(first + " RECONCILIATION");
    git(repository, "commit", "-q", "--allow-empty", "-m", "two");
    reconciler.runOnce();
    assertThat(jobs(app))
        .containsExactly(
            first + " RECONCILIATION", git(repository, "rev-parse", "HEAD") + " RECONCILIATION");
  }

  @Test
  void a_commit_that_is_known_is_left_alone() throws Exception {
    var app = queue.app(folder + "/", "a-secret-of-the-forge");
    var repository = repository(app);
    queue.job(app, git(repository, "rev-parse", "HEAD"));
    queue.bean(RefReconciler.class).runOnce();
    assertThat(jobs(app)).hasSize(1).first().asString().endsWith("PERSON");
    assertThat(jobs(app)).doesNotContain(sha(1));
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
