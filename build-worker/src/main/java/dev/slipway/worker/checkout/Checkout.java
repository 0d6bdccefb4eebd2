package dev.slipway.worker.checkout;

import dev.slipway.common.problem.InvalidInput;
import dev.slipway.worker.job.BuildFailed;
import dev.slipway.worker.job.ClaimedJob;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each attempt a clean folder with exactly its commit. Owns the worker's folder: a second
 * worker cannot use it.
 */
public final class Checkout implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Checkout.class);
  private static final Duration TIME = Duration.ofMinutes(5);
  private static final String REMOTE = "https:http:ssh";

  private final Path workspaces;
  private final FileChannel lock;
  private final GitMirror mirror;
  private final Git local;

  /**
   * Takes the folder and clears what an earlier run left in it, processes included.
   *
   * @param environment the worker's own
   * @param allowFiles whether repositories may be folders on this machine
   * @throws InvalidInput when another worker has the folder
   */
  public Checkout(Path folder, Map<String, String> environment, boolean allowFiles)
      throws IOException {
    Files.createDirectories(folder);
    var dir = folder.toRealPath();
    this.lock = lock(dir);
    this.workspaces = dir.resolve("workspaces");
    this.mirror =
        new GitMirror(
            dir.resolve("mirrors"), new Git(environment, allowFiles ? REMOTE + ":file" : REMOTE));
    this.local = new Git(environment, "file");
    Leftovers.kill(workspaces);
    Folders.delete(workspaces);
    Files.createDirectories(workspaces);
  }

  private static FileChannel lock(Path dir) throws IOException {
    var channel =
        FileChannel.open(
            dir.resolve("worker.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!isLocked(channel)) {
      channel.close();
      throw new InvalidInput("slipway.worker.dir", dir + " is used by another worker");
    }
    return channel;
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      @Nullable FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException byThisProcess) {
      return false;
    }
  }

  /**
   * Checks the job's commit out.
   *
   * @throws BuildFailed when the repository does not have it
   */
  public Workspace of(ClaimedJob job) throws BuildFailed, IOException, InterruptedException {
    var workspace = new Workspace(workspaces.resolve(job.folder()));
    try {
      checkOut(job, workspace);
    } catch (Git.GitFailed broken) {
      log.warn("The mirror of {} is broken and is made anew", job.app(), broken);
      mirror.discard(mirror.withCommitOf(job));
      checkOut(job, workspace);
    }
    Files.createDirectory(workspace.home());
    Files.createDirectory(workspace.temporary());
    return workspace;
  }

  /** A clone that borrows the mirror's objects: nothing but the commit's files is written. */
  private void checkOut(ClaimedJob job, Workspace workspace)
      throws BuildFailed, IOException, InterruptedException {
    Folders.delete(workspace.root());
    Files.createDirectory(workspace.root());
    var source = mirror.withCommitOf(job);
    var target = workspace.checkout().toString();
    local.run(
        TIME,
        List.of(
            "clone",
            "--quiet",
            "--shared",
            "--no-checkout",
            "--template=",
            "--",
            source.toString(),
            target));
    local.run(TIME, List.of("-C", target, "checkout", "--quiet", "--detach", job.commit().value()));
  }

  /** Removes an attempt's folder and whatever still runs in it. */
  public void remove(Workspace workspace) {
    try {
      Leftovers.kill(workspace.root());
      Folders.delete(workspace.root());
    } catch (IOException later) {
      log.warn("{} is left for the next start to remove", workspace.root(), later);
    }
  }

  /** Where the worker's files are. */
  public Path folder() {
    return workspaces;
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
