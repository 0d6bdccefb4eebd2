package dev.slipway.worker.checkout;

import dev.slipway.common.job.CommitSha;
import dev.slipway.worker.checkout.Git.GitFailed;
import dev.slipway.worker.checkout.MirrorGit.Answer;
import dev.slipway.worker.job.BuildFailed;
import dev.slipway.worker.job.ClaimedJob;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One repository's mirror, so that a build fetches only what is new. One fetches at a time; builds
 * whose commit is here already wait for nobody. A copy that is broken is made anew, beside the one
 * that running builds still borrow from.
 */
final class Mirror {
  private static final int TRIES = 3;
  private static final int PAUSE_MILLIS = 1000;

  private final MirrorGit git;
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile @Nullable Copy current;

  /**
   * @param current what an earlier run left, if anything
   */
  Mirror(MirrorGit git, @Nullable Copy current) {
    this.git = git;
    this.current = current;
  }

  /** The copy that builds use now; none when there is none yet. */
  @Nullable Copy current() {
    var copy = current;
    return copy == null || copy.isSpoilt() ? null : copy;
  }

  /**
   * The repository with the job's commit in it, to be given back.
   *
   * @throws BuildFailed when the repository does not have the commit, or is too large
   * @throws IOException when it cannot be reached
   */
  Lease withCommitOf(ClaimedJob job) throws BuildFailed, IOException, InterruptedException {
    var ready = leased(job.commit());
    if (ready != null) {
      return ready;
    }
    fetching.lockInterruptibly();
    try {
      fetchBranch(job);
      var fetched = leased(job.commit());
      if (fetched == null) {
        fetchCommit(job);
        fetched = leased(job.commit());
      }
      if (fetched == null) {
        throw gone(job);
      }
      return fetched;
    } finally {
      fetching.unlock();
    }
  }

  /** A lease on the copy, if that has the commit. */
  private @Nullable Lease leased(CommitSha commit) throws IOException, InterruptedException {
    var copy = current();
    if (copy == null || !copy.use()) {
      return null;
    }
    var lease = new Lease(copy);
    var has = false;
    try {
      has = git.has(copy.folder(), commit);
    } finally {
      if (!has) {
        lease.close();
      }
    }
    return has ? lease : null;
  }

  private void fetchBranch(ClaimedJob job) throws BuildFailed, IOException, InterruptedException {
    var branch = "refs/heads/" + job.branch();
    for (var tries = 1; ; tries++) {
      var known = current();
      try {
        fetch(job, "+" + branch + ":" + branch);
        return;
      } catch (BuildFailed tooLarge) {
        spoil();
        if (known == null) {
          throw tooLarge;
        }
        // what an old copy has gathered may be more than the repository is
      } catch (GitFailed failed) {
        var answer = git.ask(job.repository(), branch);
        if (answer == Answer.GONE) {
          // its last commit may be had all the same
          return;
        }
        if (tries >= TRIES) {
          throw away(job, failed);
        }
        if (answer == Answer.HERE) {
          spoil();
        } else {
          Thread.sleep(
              (long) tries * ThreadLocalRandom.current().nextInt(PAUSE_MILLIS / 2, PAUSE_MILLIS));
        }
      }
    }
  }

  /** A commit that a later push took off its branch can still be had from most forges. */
  private void fetchCommit(ClaimedJob job) throws BuildFailed, IOException, InterruptedException {
    try {
      fetch(job, job.commit().value());
    } catch (GitFailed no) {
      if (git.ask(job.repository(), "HEAD") == Answer.NONE) {
        throw away(job, no);
      }
      throw gone(job);
    }
  }

  private static IOException away(ClaimedJob job, GitFailed failed) {
    return new IOException(
        "could not fetch %s of %s: %s"
            .formatted(
                job.branch(), Git.withoutCredentials(job.repository()), failed.getMessage()));
  }

  private static BuildFailed gone(ClaimedJob job) {
    return new BuildFailed(
        "commit %s is not in %s: was it taken off %s by a forced push?"
            .formatted(
                job.commit().abbreviated(),
                Git.withoutCredentials(job.repository()),
                job.branch()));
  }

  private void fetch(ClaimedJob job, String what)
      throws BuildFailed, IOException, InterruptedException {
    var copy = current();
    if (copy == null || !copy.use()) {
      copy = git.create(job);
      current = copy;
      copy.use();
    }
    try (var lease = new Lease(copy)) {
      git.fetch(lease.folder(), job.repository(), what);
    }
  }

  private void spoil() {
    var copy = current;
    if (copy != null) {
      copy.spoil();
    }
  }

  /** Removes the copy unless somebody uses it or is about to. */
  boolean evict() {
    if (!fetching.tryLock()) {
      return false;
    }
    try {
      var copy = current();
      return copy != null && copy.evict();
    } finally {
      fetching.unlock();
    }
  }
}
