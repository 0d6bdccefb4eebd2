package dev.slipway.client.app;

import dev.slipway.common.problem.InvalidInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Asks git about a clone. */
final class Git {
  private static final int LONGEST_SECONDS = 10;
  private static final int LARGEST_ANSWER = 10_000;
  private static final int LONGEST_NAME = 40;

  private final Path folder;

  Git(Path folder) {
    this.folder = folder;
  }

  /** The top folder of the clone. */
  Optional<Path> top() throws IOException, InterruptedException {
    return ask("rev-parse", "--show-toplevel").map(Path::of);
  }

  /** Where it was cloned from, without a password that may be in it. */
  Optional<String> remote() throws IOException, InterruptedException {
    return ask("remote", "get-url", "origin").map(Git::withoutSecrets);
  }

  /** The remote's own branch as far as the clone knows, else the one that is checked out. */
  Optional<String> branch() throws IOException, InterruptedException {
    var head = ask("symbolic-ref", "--short", "refs/remotes/origin/HEAD");
    return head.isPresent()
        ? head.map(name -> name.replaceFirst("^origin/", ""))
        : ask("symbolic-ref", "--short", "HEAD");
  }

  /** For https nobody but a token has a user; for ssh it is a part of the address. */
  static String withoutSecrets(String address) {
    return address
        .replaceFirst("(?i)^(https?://)[^/@]*@", "$1")
        .replaceFirst("(?i)^(ssh://[^/:@]*):[^/@]*@", "$1@");
  }

  /** What an app may be called that is built from an address. */
  static String nameOf(String address) {
    var name =
        address
            .replaceAll("/+$", "")
            .replaceFirst("\\.git$", "")
            .replaceFirst("^.*[/:]", "")
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^[^a-z]+", "");
    name = name.substring(0, Math.min(LONGEST_NAME, name.length())).replaceAll("-+$", "");
    InvalidInput.unless(!name.isEmpty(), "APP", "must be given: " + address + " suggests none");
    return name;
  }

  private Optional<String> ask(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("git", "-C", folder.toString()));
    command.addAll(List.of(arguments));
    var git = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    git.getOutputStream().close();
    var answer =
        new String(git.getInputStream().readNBytes(LARGEST_ANSWER), StandardCharsets.UTF_8);
    if (!git.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
      git.destroyForcibly();
      throw new IOException("git does not answer");
    }
    return git.exitValue() == 0 && !answer.isBlank()
        ? Optional.of(answer.strip())
        : Optional.empty();
  }
}
