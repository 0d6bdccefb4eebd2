package dev.slipway.queue.reconcile;

import dev.slipway.common.job.CommitSha;
import dev.slipway.common.process.ProcessGroup;
import dev.slipway.queue.app.RepositoryAddress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Asks git where a branch of a remote repository is, without a clone. */
public final class RemoteHeads {
  private static final int LARGEST_ANSWER = 64 << 10;

  private final Duration timeout;
  private final boolean allowLocal;

  /**
   * @param timeout of one question
   * @param allowLocal whether a repository may be a path of this machine
   */
  public RemoteHeads(Duration timeout, boolean allowLocal) {
    this.timeout = timeout;
    this.allowLocal = allowLocal;
  }

  /** Above what one question can take, with the end of what did not answer. */
  Duration atMost() {
    return timeout.plusSeconds(15);
  }

  /**
   * The branch's head; none where there is no such branch.
   *
   * @throws IOException if the repository cannot be read in time; says why
   */
  Optional<CommitSha> headOf(String repository, String branch)
      throws IOException, InterruptedException {
    var address = RepositoryAddress.of(repository, allowLocal).text();
    var ref = "refs/heads/" + branch;
    // nothing from outside is part of the command's text
    var git =
        ProcessGroup.start(
            "exec git ls-remote -- \"$SLIPWAY_REPOSITORY\" \"$SLIPWAY_REF\"",
            Path.of("/"),
            environment(address, ref),
            ProcessBuilder.Redirect.PIPE);
    var answer = answer(git, repository);
    // git matches the ends of names, so it may tell of more refs than the one
    return answer
        .lines()
        .filter(line -> line.endsWith("\t" + ref))
        .map(line -> line.substring(0, line.indexOf('\t')))
        .findFirst()
        .map(CommitSha::new);
  }

  private String answer(ProcessGroup git, String repository)
      throws IOException, InterruptedException {
    var text = new AtomicReference<>("");
    var reader = Thread.startVirtualThread(() -> text.set(read(git.leader().getInputStream())));
    try {
      if (!git.leader().waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)
          || !reader.join(Duration.ofSeconds(2))) {
        throw new IOException(repository + " did not answer within " + timeout.toSeconds() + " s");
      }
    } finally {
      if (git.leader().isAlive() || reader.isAlive()) {
        git.kill();
      }
    }
    if (git.leader().exitValue() != 0) {
      throw new IOException(repository + ": " + text.get().strip());
    }
    return text.get();
  }

  private static String read(InputStream output) {
    try (output) {
      var text = new String(output.readNBytes(LARGEST_ANSWER), StandardCharsets.UTF_8);
      output.transferTo(java.io.OutputStream.nullOutputStream());
      return text;
    } catch (IOException killed) {
      return "";
    }
  }

  private Map<String, String> environment(String address, String ref) {
    // the account's own git and ssh configuration holds the credentials
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment
        .keySet()
        .removeIf(name -> name.startsWith("GIT_") && !name.equals("GIT_SSH_COMMAND"));
    environment.putIfAbsent("GIT_SSH_COMMAND", "ssh -oBatchMode=yes -oConnectTimeout=10");
    environment.put("GIT_TERMINAL_PROMPT", "0");
    environment.put("GIT_ALLOW_PROTOCOL", allowLocal ? "https:http:ssh:file" : "https:http:ssh");
    environment.put("LC_ALL", "C");
    environment.put("SLIPWAY_REPOSITORY", address);
    environment.put("SLIPWAY_REF", ref);
    return environment;
  }
}
