package dev.slipway.worker.checkout;

import dev.slipway.common.access.Secrets;
import dev.slipway.common.job.CommitSha;
import dev.slipway.worker.checkout.Git.GitFailed;
import dev.slipway.worker.job.BuildFailed;
import dev.slipway.worker.job.ClaimedJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps a bare copy of each repository, so that a build fetches only what is new. Credentials in an
 * address are never written to it. One that is broken is made anew.
 */
final class GitMirror {
  private static final int TRIES = 3;
  private static final Duration FETCH = Duration.ofMinutes(10);
  private static final Duration LOCAL = Duration.ofMinutes(1);
  private static final Duration ASK = Duration.ofSeconds(20);
  private static final int PAUSE_MILLIS = 1000;

  private final Path mirrors;
  private final Git git;
  private final ReentrantLock lock = new ReentrantLock();

  /**
   * @param mirrors the folder of all mirrors, this worker's alone
   */
  GitMirror(Path mirrors, Git git) {
    this.mirrors = mirrors;
    this.git = git;
  }

  /**
   * The mirror of the job's repository, with the job's commit in it.
   *
   * @throws BuildFailed when the repository does not have the commit
   * @throws IOException when the repository cannot be reached
   */
  Path withCommitOf(ClaimedJob job) throws BuildFailed, IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      var mirror = mirrors.resolve(Secrets.sha256(job.repository()));
      if (!has(mirror, job.commit())) {
        fetchBranch(mirror, job);
        if (!has(mirror, job.commit())) {
          fetchCommit(mirror, job);
        }
      }
      return mirror;
    } finally {
      lock.unlock();
    }
  }

  /** Throws a mirror away that turned out to be broken. */
  void discard(Path mirror) throws IOException {
    Folders.delete(mirror);
  }

  private boolean has(Path mirror, CommitSha commit) throws IOException, InterruptedException {
    if (!Files.isDirectory(mirror)) {
      return false;
    }
    try {
      git.run(LOCAL, in(mirror, "cat-file", "-e", commit + "^{commit}"));
      return true;
    } catch (GitFailed missing) {
      return false;
    }
  }

  private void fetchBranch(Path mirror, ClaimedJob job) throws IOException, InterruptedException {
    var branch = "refs/heads/" + job.branch();
    for (var tries = 1; ; tries++) {
      try {
        if (!Files.isDirectory(mirror)) {
          create(mirror, job.commit());
        }
        fetch(mirror, job.repository(), "+" + branch + ":" + branch);
        return;
      } catch (GitFailed failed) {
        if (tries == TRIES) {
          throw new IOException(
              "could not fetch %s of %s: %s"
                  .formatted(
                      job.branch(), Git.withoutCredentials(job.repository()), failed.getMessage()));
        }
        if (answers(job)) {
          discard(mirror);
        } else {
          Thread.sleep(
              (long) tries * ThreadLocalRandom.current().nextInt(PAUSE_MILLIS / 2, PAUSE_MILLIS));
        }
      }
    }
  }

  /** A commit that a later push took off its branch can still be had from most forges. */
  private void fetchCommit(Path mirror, ClaimedJob job)
      throws BuildFailed, IOException, InterruptedException {
    try {
      fetch(mirror, job.repository(), job.commit().value());
    } catch (GitFailed gone) {
      throw new BuildFailed(
          "commit %s is not in %s: was it taken off %s by a forced push?"
              .formatted(
                  job.commit().abbreviated(),
                  Git.withoutCredentials(job.repository()),
                  job.branch()));
    }
  }

  private void fetch(Path mirror, String repository, String what)
      throws IOException, InterruptedException {
    git.run(FETCH, in(mirror, "fetch", "--quiet", "--no-write-fetch-head", "--", repository, what));
  }

  /**
   * Whether the repository answers and has the branch: then a failed fetch is the mirror's fault.
   */
  private boolean answers(ClaimedJob job) throws IOException, InterruptedException {
    try {
      git.run(
          ASK,
          List.of(
              "ls-remote",
              "--quiet",
              "--exit-code",
              "--",
              job.repository(),
              "refs/heads/" + job.branch()));
      return true;
    } catch (GitFailed no) {
      return false;
    }
  }

  private void create(Path mirror, CommitSha commit) throws IOException, InterruptedException {
    Files.createDirectories(mirrors);
    var fresh = mirror.resolveSibling(mirror.getFileName() + ".new");
    Folders.delete(fresh);
    var format = commit.value().length() == 40 ? "sha1" : "sha256";
    git.run(
        LOCAL,
        List.of(
            "init",
            "--quiet",
            "--bare",
            "--template=",
            "--object-format=" + format,
            fresh.toString()));
    Files.move(fresh, mirror, StandardCopyOption.ATOMIC_MOVE);
  }

  private static List<String> in(Path mirror, String... arguments) {
    var all = new ArrayList<>(List.of("--git-dir=" + mirror));
    all.addAll(List.of(arguments));
    return all;
  }
}
