package dev.slipway.bench.ha;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A repository whose commits are all there, and come to its branch one after the other. */
final class Repository {
  /** Commits beyond the branch: nobody looks there. */
  private static final String STORE = "refs/drill/all";

  private static final String RECIPE =
      """
      build:
        command: echo "$SLIPWAY_COMMIT" > commit.txt
        artifact: commit.txt
      deploy: {auto: true, order: latest}
      run: {start: exec sleep 1000000}
      """;

  private final Path bare;
  private final List<String> commits;
  private int pushed;

  /** Makes it, with so many commits. */
  Repository(Path bare, int count) throws IOException, InterruptedException {
    this.bare = bare;
    git(List.of("git", "init", "--quiet", "--bare", "-b", "master", bare.toString()), "");
    var stream = new StringBuilder();
    for (var n = 1; n <= count; n++) {
      stream
          .append("commit ")
          .append(STORE)
          .append("\ncommitter drill <drill@localhost> ")
          .append(1_700_000_000 + n)
          .append(" +0000\n")
          .append(data("commit " + n))
          .append(n == 1 ? "M 100644 inline slipway.yml\n" + data(RECIPE) : "")
          .append("M 100644 inline number\n")
          .append(data(String.valueOf(n)));
    }
    git(List.of("git", "-C", bare.toString(), "fast-import", "--quiet"), stream.toString());
    commits =
        git(List.of("git", "-C", bare.toString(), "rev-list", "--reverse", STORE), "")
            .lines()
            .toList();
  }

  String address() {
    return "file://" + bare;
  }

  /**
   * A push to the branch.
   *
   * @param before what it was at; zeros at first
   */
  record Push(String before, String after) {}

  /** The branch goes on to the next commit. */
  Push push() throws IOException, InterruptedException {
    var before = pushed == 0 ? "0".repeat(40) : commits.get(pushed - 1);
    var after = commits.get(pushed);
    git(List.of("git", "-C", bare.toString(), "update-ref", "refs/heads/master", after), "");
    pushed++;
    return new Push(before, after);
  }

  private static String data(String text) {
    return "data " + text.getBytes(StandardCharsets.UTF_8).length + "\n" + text + "\n";
  }

  private static String git(List<String> command, String input)
      throws IOException, InterruptedException {
    var git = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (var in = git.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    var said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (git.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " failed");
    }
    return said;
  }
}
