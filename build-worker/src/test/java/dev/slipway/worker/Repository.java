package dev.slipway.worker;

import dev.slipway.common.app.AppName;
import dev.slipway.common.job.Claim;
import dev.slipway.common.job.CommitSha;
import dev.slipway.worker.job.ClaimedJob;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/** A real git repository with a work tree, whose pushes are its commits. */
@NullMarked
public final class Repository {
  private final Path folder;
  private final String url;

  /** Makes one. */
  public Repository(Path folder) throws Exception {
    this.folder = folder;
    Files.createDirectories(folder);
    url = folder.toUri().toString();
    git("init", "-q", "-b", "master");
  }

  /** Its address. */
  public String url() {
    return url;
  }

  public Path folder() {
    return folder;
  }

  /** Writes a file. */
  public Repository with(String file, String content) throws IOException {
    var path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
    return this;
  }

  /** Commits everything. */
  public CommitSha commit() throws Exception {
    git("add", "-A");
    git(
        "-c",
        "user.name=test",
        "-c",
        "user.email=test@example.com",
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        "test");
    return new CommitSha(git("rev-parse", "HEAD"));
  }

  /** A job of a commit of this repository, first attempt. */
  public ClaimedJob job(long id, CommitSha commit) {
    return new ClaimedJob(
        new Claim(id, 1, "w1"), new AppName("hello"), commit, url(), "master", null);
  }

  /** Runs git in the work tree. */
  public String git(String... arguments) throws Exception {
    var command = new ArrayList<>(List.of("git", "-C", folder.toString()));
    command.addAll(List.of(arguments));
    var git = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (git.waitFor() != 0) {
      throw new IOException(said);
    }
    return said;
  }
}
