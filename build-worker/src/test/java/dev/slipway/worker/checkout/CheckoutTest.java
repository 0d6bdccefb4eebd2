package dev.slipway.worker.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.access.Secrets;
import dev.slipway.common.app.AppName;
import dev.slipway.common.job.Claim;
import dev.slipway.common.job.CommitSha;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.worker.Await;
import dev.slipway.worker.Repository;
import dev.slipway.worker.job.BuildFailed;
import dev.slipway.worker.job.ClaimedJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
class CheckoutTest {
  @TempDir Path dir;
  private Repository repository;
  private Checkout checkout;

  @BeforeEach
  void open() throws Exception {
    repository = new Repository(dir.resolve("repo")).with("a.txt", "one");
    checkout = new Checkout(dir.resolve("work"), System.getenv(), true);
  }

  @AfterEach
  void close() throws IOException {
    checkout.close();
  }

  @Test
  void each_attempt_gets_exactly_its_commit() throws Exception {
    var one = repository.commit();
    var two = repository.with("a.txt", "two").with("b/c.txt", "new").commit();
    var second = checkout.of(repository.job(2, two));
    var first = checkout.of(repository.job(1, one));
    assertThat(second.checkout().resolve("a.txt")).hasContent("two");
    assertThat(second.checkout().resolve("b/c.txt")).hasContent("new");
    assertThat(first.checkout().resolve("a.txt")).hasContent("one");
    assertThat(first.checkout().resolve("b")).doesNotExist();
    checkout.remove(first);
    assertThat(first.root()).doesNotExist();
    assertThat(second.root()).exists();
  }

  @Test
  void a_commit_that_is_here_needs_no_repository() throws Exception {
    var commit = repository.commit();
    checkout.of(repository.job(1, commit));
    Folders.delete(repository.folder());
    assertThat(checkout.of(repository.job(2, commit)).checkout().resolve("a.txt")).exists();
  }

  @Test
  void a_commit_that_was_pushed_over_is_still_had() throws Exception {
    var lost = repository.commit();
    repository.with("a.txt", "two").git("add", "-A");
    repository.git(
        "-c", "user.name=t", "-c", "user.email=t@t", "commit", "-q", "--amend", "-m", "other");
    repository.git("config", "uploadpack.allowAnySHA1InWant", "true");
    assertThat(checkout.of(repository.job(1, lost)).checkout().resolve("a.txt")).hasContent("one");
  }

  @Test
  void a_commit_that_nobody_has_fails_the_build() throws Exception {
    repository.commit();
    var nowhere = new CommitSha("0123456789".repeat(4));
    assertThatThrownBy(() -> checkout.of(repository.job(1, nowhere)))
        .isInstanceOf(BuildFailed.class)
        .hasMessageContaining("commit 012345678901 is not in file:");
  }

  @Test
  void a_broken_mirror_is_made_anew() throws Exception {
    var one = repository.commit();
    checkout.of(repository.job(1, one));
    var mirror = dir.resolve("work/mirrors/" + Secrets.sha256(repository.url()));
    Files.writeString(mirror.resolve("HEAD"), "rubbish");
    assertThat(checkout.of(repository.job(2, one)).checkout().resolve("a.txt")).exists();
    try (var packs = Files.newDirectoryStream(mirror.resolve("objects/pack"), "*.pack")) {
      for (var pack : packs) {
        Files.setPosixFilePermissions(
            pack, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        Files.write(pack, new byte[100]);
      }
    }
    assertThat(checkout.of(repository.job(3, one)).checkout().resolve("a.txt")).exists();
  }

  @Test
  void a_repository_that_cannot_be_reached_is_no_fault_of_the_build() throws Exception {
    var commit = repository.commit();
    var job = job("http://user:secret@localhost:1/x.git", commit);
    assertThatThrownBy(() -> checkout.of(job))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("could not fetch master of http://localhost:1/x.git")
        .message()
        .doesNotContain("secret");
  }

  @Test
  void protocols_and_options_that_were_not_allowed_do_nothing() throws Exception {
    var commit = repository.commit();
    var touched = dir.resolve("touched");
    for (var address :
        new String[] {
          "ext::sh -c touch% " + touched, "--upload-pack=touch " + touched, "-oProxyCommand=x"
        }) {
      assertThatThrownBy(() -> checkout.of(job(address, commit))).isInstanceOf(IOException.class);
    }
    assertThat(touched).doesNotExist();
    checkout.close();
    checkout = new Checkout(dir.resolve("strict"), System.getenv(), false);
    assertThatThrownBy(() -> checkout.of(repository.job(1, commit)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not allowed");
  }

  @Test
  void a_start_clears_what_a_killed_worker_left() throws Exception {
    var left = checkout.of(repository.job(1, repository.commit()));
    var orphan =
        new ProcessBuilder("setsid", "sleep", "1000").directory(left.checkout().toFile()).start();
    Await.until(() -> orphan.info().command().orElse("").endsWith("sleep"));
    checkout.close();
    checkout = new Checkout(dir.resolve("work"), System.getenv(), true);
    assertThat(left.root()).doesNotExist();
    assertThat(orphan.waitFor()).isNotZero();
  }

  @Test
  void two_workers_cannot_have_one_folder() {
    assertThatThrownBy(() -> new Checkout(dir.resolve("work"), Map.of(), true))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("is used by another worker");
  }

  @Test
  void folders_without_rights_are_removed_too() throws Exception {
    var workspace = checkout.of(repository.job(1, repository.commit()));
    var sealed = Files.createDirectories(workspace.home().resolve("sealed/deep"));
    Files.writeString(sealed.resolve("file"), "x");
    Files.setPosixFilePermissions(sealed, Set.of());
    checkout.remove(workspace);
    assertThat(workspace.root()).doesNotExist();
  }

  private static ClaimedJob job(String repository, CommitSha commit) {
    return new ClaimedJob(
        new Claim(1, 1, "w"), new AppName("hello"), commit, repository, "master", null);
  }
}
