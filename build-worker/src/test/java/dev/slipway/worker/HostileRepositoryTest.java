package dev.slipway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.job.CommitSha;
import dev.slipway.worker.checkout.CheckoutLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/** Repositories that mean harm, or are not what they were, from the queue to the build's end. */
@NullMarked
class HostileRepositoryTest {
  @TempDir Path dir;
  private Repository repository;
  private @Nullable TestWorker worker;

  @BeforeEach
  void a_repository() throws Exception {
    repository =
        new Repository(dir.resolve("repo"))
            .with("slipway.yml", "build: {command: echo x > out, artifact: out}");
  }

  @AfterEach
  void close() throws IOException {
    if (worker != null) {
      worker.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--upload-pack=touch${IFS}DIR/touched",
        "ext::sh -c touch% DIR/touched",
        "fd::17",
        "-oProxyCommand=touch:DIR/touched",
        "ssh://-oProxyCommand=touch/DIR/touched",
        "file://DIR/repo",
        "DIR/repo",
        "git://localhost/repo",
      })
  void an_address_that_is_stored_but_not_allowed_fails_the_build(String address) throws Exception {
    var commit = repository.commit();
    var ended = worker(false).build(address.replace("DIR", dir.toString()), "master", commit);
    failed(ended, "is not allowed: it must be an https, http or ssh address or user@host:path");
    assertThat(dir.resolve("touched")).doesNotExist();
  }

  @Test
  void a_fetch_that_brings_too_much_is_ended_and_not_waited_for() throws Exception {
    var noise = new byte[4 << 20];
    new Random(1).nextBytes(noise);
    Files.write(repository.folder().resolve("noise"), noise);
    var commit = repository.commit();
    // a forge that stops in the middle
    var slow = dir.resolve("slow");
    var ssh = dir.resolve("ssh.sh");
    Files.writeString(
        ssh,
        """
        [ "$1" = -G ] && exit 0
        git upload-pack %s | sh -c 'echo $$ >%s; dd bs=1000 count=3500 status=none; exec sleep 1000'
        """
            .formatted(repository.folder(), slow));
    var environment = new HashMap<>(System.getenv());
    environment.put("GIT_SSH_COMMAND", "sh " + ssh);
    var limits =
        new CheckoutLimits(
            DataSize.ofGigabytes(1),
            DataSize.ofMegabytes(2),
            DataSize.ofGigabytes(1),
            Duration.ofDays(1));
    worker = new TestWorker(dir, environment, false, limits);
    failed(
        worker.build("ssh://forge.test/repo", "master", commit),
        "the repository takes more than the 2,097,152 bytes that a worker fetches"
            + " (slipway.worker.max-repository-size)");
    var left = Long.parseLong(Files.readString(slow).strip());
    Await.until(() -> Processes.isGone(left));
  }

  @Test
  void a_commit_that_a_forced_push_took_away_fails_the_build() throws Exception {
    var lost = repository.commit();
    repository.git("checkout", "-q", "--orphan", "other");
    repository.with("b.txt", "other").commit();
    repository.git("branch", "-f", "master", "other");
    forget();
    failed(
        worker(true).build(repository.url(), "master", lost),
        "was it taken off master by a forced push?");
  }

  @Test
  void a_branch_that_is_gone_is_built_while_its_commit_is_there() throws Exception {
    repository.commit();
    repository.git("checkout", "-q", "-b", "topic");
    var kept = repository.with("a.txt", "kept").commit();
    repository.git("checkout", "-q", "-b", "merged");
    var lost = repository.git("commit-tree", "-m", "lost", kept.value() + "^{tree}");
    repository.git("branch", "-D", "topic");
    var one = worker(true).build(repository.url(), "topic", kept);
    assertThat(one.failure()).isEmpty();
    assertThat(one.status()).isEqualTo("SUCCEEDED");
    forget();
    failed(
        worker(true).build(repository.url(), "topic", new CommitSha(lost)),
        "was it taken off topic by a forced push?");
  }

  /** As a forge does some time after a push. */
  private void forget() throws Exception {
    repository.git("reflog", "expire", "--expire=now", "--all");
    repository.git("gc", "-q", "--prune=now");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-x", "--upload-pack=x", "--force", "<script>"})
  void a_branch_is_never_an_option(String branch) throws Exception {
    var commit = repository.commit();
    repository.git("update-ref", "refs/heads/" + branch, commit.value());
    var ended = worker(true).build(repository.url(), branch, commit);
    assertThat(ended.failure()).isEmpty();
    assertThat(ended.status()).isEqualTo("SUCCEEDED");
  }

  private TestWorker worker(boolean allowFiles) throws IOException {
    if (worker == null) {
      worker = new TestWorker(dir, System.getenv(), allowFiles, Limits.USUAL);
    }
    return worker;
  }

  /** It is the repository's fault, so there is no second attempt. */
  private static void failed(TestWorker.Ended ended, String reason) {
    assertThat(ended.status()).isEqualTo("FAILED");
    assertThat(ended.failure()).contains(reason);
    assertThat(ended.attempt()).isOne();
  }
}
