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
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.util.unit.DataSize;

/** What git is asked to do with mirrors. Credentials in an address are never written to one. */
final class MirrorGit {
  private static final Duration FETCH = Duration.ofMinutes(10);
  private static final Duration LOCAL = Duration.ofMinutes(1);
  private static final Duration ASK = Duration.ofSeconds(20);

  /** Each fetch adds a pack; with more than these they are put together. */
  private static final int MANY_PACKS = 20;

  /** How ls-remote ends when the repository answers and has none. */
  private static final int NO_SUCH_REF = 2;

  private final Path folder;
  private final Git git;
  private final DataSize most;
  private final Clock clock;
  private final AtomicLong next;

  /**
   * @param folder of all mirrors
   * @param most of one repository
   * @param next the number of the next copy, above those that are there
   */
  MirrorGit(Path folder, Git git, DataSize most, Clock clock, long next) {
    this.folder = folder;
    this.git = git;
    this.most = most;
    this.clock = clock;
    this.next = new AtomicLong(next);
  }

  /** How copies of a repository begin their names. */
  static String nameOf(String repository) {
    return Secrets.sha256(repository);
  }

  boolean has(Path mirror, CommitSha commit) throws IOException, InterruptedException {
    try {
      git.run(LOCAL, in(mirror, "cat-file", "-e", commit + "^{commit}"));
      return true;
    } catch (GitFailed missing) {
      return false;
    }
  }

  /** An empty copy, there whole or not at all. */
  Copy create(ClaimedJob job) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    var copy = folder.resolve(nameOf(job.repository()) + "." + next.getAndIncrement());
    var fresh = copy.resolveSibling(copy.getFileName() + ".new");
    var format = job.commit().value().length() == 40 ? "sha1" : "sha256";
    git.run(
        LOCAL,
        List.of(
            "init",
            "--quiet",
            "--bare",
            "--template=",
            "--object-format=" + format,
            fresh.toString()));
    Files.move(fresh, copy, StandardCopyOption.ATOMIC_MOVE);
    return new Copy(copy, clock);
  }

  /**
   * Fetches a ref or a commit.
   *
   * @throws BuildFailed when the repository is too large
   */
  void fetch(Path mirror, String repository, String what)
      throws BuildFailed, IOException, InterruptedException {
    var limit =
        new FolderLimit(
            mirror,
            most,
            "the repository takes more than the %,d bytes that a worker fetches (slipway.worker.max-repository-size)"
                .formatted(most.toBytes()));
    git.run(
        FETCH,
        in(mirror, "fetch", "--quiet", "--no-write-fetch-head", "--", repository, what),
        limit::check);
    if (packs(mirror) > MANY_PACKS) {
      git.run(FETCH, in(mirror, "repack", "--quiet", "--geometric=2", "-d"));
    }
  }

  private static int packs(Path mirror) throws IOException {
    try (var packs = Files.newDirectoryStream(mirror.resolve("objects/pack"), "*.pack")) {
      var count = 0;
      for (var _ : packs) {
        count++;
      }
      return count;
    }
  }

  /** What a repository says when asked for a ref. */
  enum Answer {
    /** It is there: a failed fetch is the mirror's fault. */
    HERE,
    GONE,
    /** Nothing that could be understood. */
    NONE
  }

  /** Whether a repository has the ref. */
  Answer ask(String repository, String ref) throws IOException, InterruptedException {
    try {
      git.run(ASK, List.of("ls-remote", "--quiet", "--exit-code", "--", repository, ref));
      return Answer.HERE;
    } catch (GitFailed no) {
      return no.exitCode() == NO_SUCH_REF ? Answer.GONE : Answer.NONE;
    }
  }

  private static List<String> in(Path mirror, String... arguments) {
    var all = new ArrayList<>(List.of("--git-dir=" + mirror));
    all.addAll(List.of(arguments));
    return all;
  }
}
