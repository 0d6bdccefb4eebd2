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
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
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
  private final Mirrors mirrors;
  private final Git local;
  private final boolean allowFiles;
  private final CheckoutLimits limits;

  /** What the workspaces borrow from. */
  private final Map<Path, Lease> leases = new ConcurrentHashMap<>();

  /**
   * Takes the folder and clears what an earlier run left in it, processes included.
   *
   * @param environment the worker's own
   * @param allowFiles whether repositories may be folders on this machine
   * @throws InvalidInput when another worker has the folder
   */
  public Checkout(
      Path folder,
      Map<String, String> environment,
      boolean allowFiles,
      CheckoutLimits limits,
      Clock clock)
      throws IOException {
    Files.createDirectories(folder);
    var dir = folder.toRealPath();
    this.lock = lock(dir);
    this.workspaces = dir.resolve("workspaces");
    this.allowFiles = allowFiles;
    this.limits = limits;
    var mirrorsFolder = dir.resolve("mirrors");
    this.local = Git.local(environment, workspaces);
    Leftovers.kill(mirrorsFolder);
    Leftovers.kill(workspaces);
    Folders.delete(workspaces);
    Files.createDirectories(workspaces);
    var remote = Git.remote(environment, allowFiles ? REMOTE + ":file" : REMOTE, mirrorsFolder);
    this.mirrors = new Mirrors(mirrorsFolder, remote, limits, clock);
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
   * @throws BuildFailed when the repository does not have it, or it is not one that is built here
   */
  public Workspace of(ClaimedJob job) throws BuildFailed, IOException, InterruptedException {
    RepositoryCheck.check(job.repository(), allowFiles);
    try {
      return checkOut(job);
    } catch (Git.GitFailed broken) {
      log.warn("The mirror of {} is broken and is made anew", job.app(), broken);
      return checkOut(job);
    }
  }

  private Workspace checkOut(ClaimedJob job) throws BuildFailed, IOException, InterruptedException {
    var lease = mirrors.withCommitOf(job);
    var workspace = new Workspace(workspaces.resolve(job.folder()), lease.folder());
    leases.put(workspace.root(), lease);
    var whole = false;
    try {
      cloneTo(workspace, job);
      Files.createDirectory(workspace.home());
      Files.createDirectory(workspace.temporary());
      whole = true;
      return workspace;
    } catch (Git.GitFailed broken) {
      lease.spoil();
      throw broken;
    } finally {
      if (!whole) {
        remove(workspace);
      }
    }
  }

  /** A clone that borrows the mirror's objects: nothing but the commit's files is written. */
  private void cloneTo(Workspace workspace, ClaimedJob job)
      throws BuildFailed, IOException, InterruptedException {
    Folders.delete(workspace.root());
    Files.createDirectory(workspace.root());
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
            workspace.mirror().toString(),
            target));
    local.run(
        TIME,
        List.of("-C", target, "checkout", "--quiet", "--detach", job.commit().value()),
        limitOf(workspace)::check);
  }

  /** How much a workspace may hold. */
  public FolderLimit limitOf(Workspace workspace) {
    var most = limits.maxWorkspaceSize();
    return new FolderLimit(
        workspace.root(),
        most,
        "the build's folder holds more than %,d bytes (slipway.worker.max-workspace-size)"
            .formatted(most.toBytes()));
  }

  /** Removes an attempt's folder and whatever still runs in it. */
  public void remove(Workspace workspace) {
    try {
      Leftovers.kill(workspace.root());
      Folders.delete(workspace.root());
    } catch (IOException later) {
      log.warn("{} is left for the next start to remove", workspace.root(), later);
    } finally {
      var lease = leases.remove(workspace.root());
      if (lease != null) {
        lease.close();
      }
    }
  }

  /** Removes mirrors that were not used for long, or that are too much in all. */
  public boolean tidy() throws IOException {
    mirrors.evict();
    return false;
  }

  /**
   * Removes mirrors that nobody uses, the longest unused first, until there is room.
   *
   * @return whether there is enough
   */
  public boolean makeRoom(BooleanSupplier enough) throws IOException {
    return enough.getAsBoolean() || mirrors.makeRoom(enough);
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
