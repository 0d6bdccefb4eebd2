package dev.slipway.worker.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.SimpleFileServer;
import dev.slipway.common.app.AppName;
import dev.slipway.common.clock.TestClock;
import dev.slipway.common.job.Claim;
import dev.slipway.common.job.CommitSha;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.worker.Await;
import dev.slipway.worker.Limits;
import dev.slipway.worker.Processes;
import dev.slipway.worker.Repository;
import dev.slipway.worker.job.BuildFailed;
import dev.slipway.worker.job.ClaimedJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

@NullMarked
class CheckoutTest {
  private final TestClock clock = new TestClock();
  @TempDir Path dir;
  private Repository repository;
  private Checkout checkout;

  @BeforeEach
  void open() throws Exception {
    repository = new Repository(dir.resolve("repo")).with("a.txt", "one");
    checkout = open(Limits.USUAL);
  }

  private Checkout open(CheckoutLimits limits) throws IOException {
    return new Checkout(dir.resolve("work"), System.getenv(), true, limits, clock);
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
    var mirror = mirrors().getFirst();
    Files.writeString(mirror.resolve("HEAD"), "rubbish");
    assertThat(checkout.of(repository.job(2, one)).checkout().resolve("a.txt")).exists();
    // the first build borrows from the first copy still
    assertThat(mirrors()).hasSize(2).contains(mirror);
    mirror = mirrors().getLast();
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
          "ext::sh -c touch% " + touched,
          "ext::touch:" + touched,
          "--upload-pack=touch " + touched,
          "-oProxyCommand=x",
          "-oProxyCommand=touch:x",
          "ssh://-oProxyCommand=touch/x",
          "git://localhost/x",
          "relative/folder",
          "https://host/a b\u0000c"
        }) {
      assertThatThrownBy(() -> checkout.of(job(address, commit)))
          .as(address)
          .isInstanceOf(BuildFailed.class)
          .hasMessageContaining("is not allowed: it must be an https, http or ssh address");
    }
    assertThat(touched).doesNotExist();
    checkout.close();
    checkout = new Checkout(dir.resolve("strict"), System.getenv(), false, Limits.USUAL, clock);
    assertThatThrownBy(() -> checkout.of(repository.job(1, commit)))
        .isInstanceOf(BuildFailed.class)
        .hasMessageEndingWith("as slipway.worker.allow-file-repositories is off");
  }

  @Test
  void a_start_clears_what_a_killed_worker_left() throws Exception {
    var left = checkout.of(repository.job(1, repository.commit()));
    var orphan =
        new ProcessBuilder("setsid", "sleep", "1000").directory(left.checkout().toFile()).start();
    Await.until(() -> orphan.info().command().orElse("").endsWith("sleep"));
    checkout.close();
    checkout = open(Limits.USUAL);
    assertThat(left.root()).doesNotExist();
    assertThat(orphan.waitFor()).isNotZero();
  }

  @Test
  void a_start_ends_what_is_marked_wherever_it_went() throws Exception {
    var left = checkout.of(repository.job(1, repository.commit()));
    var ours = detached(left.root());
    var others = detached(dir.resolve("work2/workspaces/1-1"));
    checkout.close();
    checkout = open(Limits.USUAL);
    assertThat(Processes.isGone(ours)).isTrue();
    assertThat(Processes.isGone(others)).isFalse();
    Leftovers.kill(dir.resolve("work2"));
    assertThat(Processes.isGone(others)).isTrue();
  }

  /** A process that nobody here started, in a session and a folder of its own. */
  private long detached(Path mark) throws Exception {
    var said = Files.createTempFile(dir, "pid", "");
    var shell =
        new ProcessBuilder(
            "sh", "-c", "(cd / && setsid sh -c 'echo $$ >" + said + "; exec sleep 1000' &)");
    shell.environment().put(Leftovers.MARK, mark.toString());
    shell.start().waitFor();
    Await.until(() -> Files.readString(said).endsWith("\n"));
    var pid = Long.parseLong(Files.readString(said).strip());
    assertThat(ProcessHandle.current().descendants().map(ProcessHandle::pid)).doesNotContain(pid);
    return pid;
  }

  @Test
  void two_workers_cannot_have_one_folder() {
    assertThatThrownBy(() -> open(Limits.USUAL))
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

  @Test
  void builds_of_one_repository_share_a_mirror_at_the_same_time() throws Exception {
    var commits = new ArrayList<CommitSha>();
    for (var n = 0; n < 6; n++) {
      commits.add(repository.with("a.txt", "text " + n).commit());
    }
    try (var all = Executors.newVirtualThreadPerTaskExecutor()) {
      var workspaces = new ArrayList<Future<Workspace>>();
      for (var n = 0; n < 6; n++) {
        var job = repository.job(n + 1, commits.get(n));
        workspaces.add(all.submit(() -> checkout.of(job)));
      }
      for (var n = 0; n < 6; n++) {
        assertThat(workspaces.get(n).get().checkout().resolve("a.txt")).hasContent("text " + n);
      }
    }
    assertThat(mirrors()).hasSize(1);
  }

  @Test
  void a_mirror_that_a_build_borrows_from_is_never_removed() throws Exception {
    var workspace = checkout.of(repository.job(1, repository.commit()));
    clock.pass(Duration.ofDays(2));
    checkout.tidy();
    assertThat(checkout.makeRoom(() -> false)).isFalse();
    assertThat(mirrors()).hasSize(1);
    // a broken one goes with the last build that borrows from it
    Files.writeString(mirrors().getFirst().resolve("HEAD"), "rubbish");
    var next = repository.with("a.txt", "two").commit();
    var second = checkout.of(repository.job(2, next));
    assertThat(mirrors()).hasSize(2);
    checkout.remove(workspace);
    assertThat(mirrors()).containsExactly(second.mirror());
  }

  @Test
  void mirrors_go_by_age_and_by_size_the_longest_unused_first() throws Exception {
    var other = new Repository(dir.resolve("other")).with("b.txt", "b");
    checkout.remove(checkout.of(repository.job(1, repository.commit())));
    clock.pass(Duration.ofHours(23));
    checkout.remove(checkout.of(other.job(2, other.commit())));
    var kept = mirrors();
    checkout.tidy();
    assertThat(mirrors()).hasSize(2);
    clock.pass(Duration.ofHours(2));
    checkout.tidy();
    assertThat(mirrors()).hasSize(1).isSubsetOf(kept);
    clock.pass(Duration.ofHours(1));
    var again = checkout.of(repository.job(3, repository.commit()));
    checkout.remove(again);
    checkout.close();
    checkout = open(small(DataSize.ofGigabytes(1), Folders.size(again.mirror(), 1 << 20)));
    checkout.tidy();
    assertThat(mirrors()).containsExactly(again.mirror());
    assertThat(checkout.makeRoom(() -> mirrors().isEmpty())).isTrue();
  }

  @Test
  void what_an_earlier_run_left_of_a_mirror_is_found_or_cleared() throws Exception {
    var commit = repository.commit();
    var mirror = checkout.of(repository.job(1, commit)).mirror();
    checkout.close();
    var name = mirror.getFileName().toString().replaceAll("[0-9]+$", "");
    Files.createDirectories(mirror.resolveSibling(name + "0"));
    Files.createDirectories(mirror.resolveSibling(name + "9.new"));
    checkout = open(Limits.USUAL);
    assertThat(mirrors()).containsExactly(mirror);
    Folders.delete(repository.folder());
    assertThat(checkout.of(repository.job(2, commit)).mirror()).isEqualTo(mirror);
  }

  @Test
  void a_mirrors_packs_stay_few_and_keep_what_builds_borrow() throws Exception {
    var first = checkout.of(repository.job(1, repository.commit()));
    for (var n = 2; n < 25; n++) {
      checkout.remove(
          checkout.of(repository.job(n, repository.with("a.txt", "text " + n).commit())));
    }
    try (var packs = Files.list(first.mirror().resolve("objects/pack"))) {
      assertThat(packs.filter(p -> p.toString().endsWith(".pack")).count()).isLessThan(20);
    }
    repository.git("-C", first.checkout().toString(), "fsck", "--strict");
  }

  @Test
  void a_repository_that_is_too_large_fails_the_build() throws Exception {
    var noise = new byte[3 << 20];
    new Random(1).nextBytes(noise);
    Files.write(repository.folder().resolve("noise"), noise);
    var commit = repository.commit();
    checkout.close();
    checkout = open(small(DataSize.ofMegabytes(2), 1 << 30));
    assertThatThrownBy(() -> checkout.of(repository.job(1, commit)))
        .isInstanceOf(BuildFailed.class)
        .hasMessage(
            "the repository takes more than the 2,097,152 bytes that a worker fetches"
                + " (slipway.worker.max-repository-size)");
    assertThat(mirrors()).isEmpty();
    assertThat(dir.resolve("work/workspaces")).isEmptyDirectory();
  }

  @Test
  void a_checkout_that_unfolds_too_far_fails_the_build() throws Exception {
    Files.write(repository.folder().resolve("zeros"), new byte[8 << 20]);
    var commit = repository.commit();
    checkout.close();
    var limits =
        new CheckoutLimits(
            DataSize.ofMegabytes(4),
            DataSize.ofGigabytes(1),
            DataSize.ofGigabytes(1),
            Duration.ofDays(1));
    checkout = open(limits);
    assertThatThrownBy(() -> checkout.of(repository.job(1, commit)))
        .isInstanceOf(BuildFailed.class)
        .hasMessageContaining("(slipway.worker.max-workspace-size)");
    assertThat(dir.resolve("work/workspaces")).isEmptyDirectory();
  }

  @Test
  void nothing_that_a_repository_says_runs_or_is_fetched() throws Exception {
    var touched = dir.resolve("touched");
    var home = Files.createDirectories(dir.resolve("home"));
    Files.writeString(
        home.resolve(".gitconfig"),
        """
        [filter "lfs"]
          smudge = touch %1$s
          process = touch %1$s
          required = true
        [submodule]
          recurse = true
        """
            .formatted(touched));
    var secret = new Repository(dir.resolve("secret")).with("s.txt", "s");
    secret.commit();
    repository.git(
        "-c", "protocol.file.allow=always", "submodule", "add", "-q", secret.url(), "module");
    repository
        .with(
            ".gitmodules",
            """
            [submodule "module"]
              path = module
              url = ext::sh -c touch%% %1$s
              update = !touch %1$s
            """
                .formatted(touched))
        .with(".gitattributes", "* filter=lfs\n")
        .with("hooks/post-checkout", "#!/bin/sh\ntouch " + touched + "\n")
        .with(".githooks/post-checkout", "#!/bin/sh\ntouch " + touched + "\n");
    Files.createSymbolicLink(repository.folder().resolve("git"), Path.of(".git/hooks"));
    Files.createSymbolicLink(repository.folder().resolve("up"), Path.of("../../../.."));
    var commit = repository.commit();
    checkout.close();
    var environment = new HashMap<>(System.getenv());
    environment.put("HOME", home.toString());
    checkout = new Checkout(dir.resolve("work"), environment, true, Limits.USUAL, clock);
    var workspace = checkout.of(repository.job(1, commit));
    assertThat(workspace.checkout().resolve("a.txt")).hasContent("one");
    assertThat(workspace.checkout().resolve("module")).isEmptyDirectory();
    assertThat(touched).doesNotExist();
    checkout.remove(workspace);
    assertThat(workspace.root()).doesNotExist();
    assertThat(repository.folder()).exists();
  }

  @Test
  void credentials_of_an_address_are_written_nowhere() throws Exception {
    var commit = repository.commit();
    var served = dir.toRealPath().resolve("served");
    repository.git("clone", "-q", "--bare", ".", served.toString());
    repository.git("--git-dir=" + served, "update-server-info");
    var server =
        SimpleFileServer.createFileServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            served,
            SimpleFileServer.OutputLevel.NONE);
    server.start();
    Workspace workspace;
    try {
      var address = "http://user:hunter2@localhost:%d/".formatted(server.getAddress().getPort());
      workspace = checkout.of(job(address, commit));
    } finally {
      server.stop(0);
    }
    for (var folder : List.of(workspace.root(), workspace.mirror())) {
      try (var files = Files.walk(folder)) {
        assertThat(files.filter(Files::isRegularFile))
            .isNotEmpty()
            .noneMatch(file -> contains(file, "hunter2"));
      }
    }
  }

  @Test
  void a_message_of_control_characters_and_markup_harms_nobody() throws Exception {
    repository.git("add", "-A");
    repository.git(
        "-c",
        "user.name=<script>",
        "-c",
        "user.email=t@t",
        "commit",
        "-q",
        "-m",
        "\u001b]0;title\u0007\u001b[2J<script>alert(1)</script>\r\n\u0001\u202e");
    var commit = new CommitSha(repository.git("rev-parse", "HEAD"));
    assertThat(checkout.of(repository.job(1, commit)).checkout().resolve("a.txt")).exists();
  }

  private static CheckoutLimits small(DataSize repository, long mirrors) {
    return new CheckoutLimits(
        DataSize.ofGigabytes(1), repository, DataSize.ofBytes(mirrors), Duration.ofDays(1));
  }

  private static boolean contains(Path file, String text) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Path> mirrors() {
    try (var all = Files.list(dir.toRealPath().resolve("work/mirrors"))) {
      return all.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ClaimedJob job(String repository, CommitSha commit) {
    return new ClaimedJob(
        new Claim(1, 1, "w"), new AppName("hello"), commit, repository, "master", null);
  }
}
