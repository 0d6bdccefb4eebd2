package dev.slipway.bench.day;

import dev.slipway.bench.Git;
import dev.slipway.bench.day.Schedule.Push;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The apps' repositories, in which all commits of the day are there already; a push moves the
 * branch on to the next.
 */
final class Repositories {
  static final String NO_COMMIT = "0".repeat(40);

  private static final String RECIPE =
      """
      build:
        command: sleep "$(cat seconds)" && head -c 2000 /dev/urandom > app.bin
        artifact: app.bin
      deploy:
        auto: true
      """;
  private static final String NEXT = "refs/heads/next";

  private final Path folder;
  private final List<List<String>> commits = new ArrayList<>();

  /** Makes them. */
  Repositories(Path folder, Scale scale, Schedule schedule)
      throws IOException, InterruptedException {
    this.folder = Files.createDirectories(folder);
    for (var app = 0; app < scale.apps(); app++) {
      var recipe =
          scale.groups() > 1
              ? RECIPE + "  labels: [group-%d]\n".formatted(app % scale.groups())
              : RECIPE;
      commits.add(make(path(app), recipe, schedule.of(app)));
    }
  }

  /** Where it is, as the app is registered. */
  Path path(int app) {
    return folder.resolve(name(app) + ".git");
  }

  static String name(int app) {
    return "app-" + app;
  }

  /** The commit of a push. */
  String commit(Push push) {
    return commits.get(push.app()).get(push.number());
  }

  /** The commit before; zeros where there is none. */
  String before(Push push) {
    return push.number() == 0 ? NO_COMMIT : commits.get(push.app()).get(push.number() - 1);
  }

  /** Moves the branch on to a push's commit, as git does it: by a file that is renamed. */
  void move(Push push) throws IOException {
    var heads = path(push.app()).resolve("refs/heads");
    var written = Files.writeString(heads.resolve("master.lock"), commit(push) + "\n");
    Files.move(written, heads.resolve("master"), StandardCopyOption.ATOMIC_MOVE);
  }

  private static List<String> make(Path repository, String recipe, List<Push> pushes)
      throws IOException, InterruptedException {
    Git.run("", "init", "--quiet", "--bare", "-b", "master", repository.toString());
    if (pushes.isEmpty()) {
      return List.of();
    }
    var stream = new StringBuilder();
    for (var push : pushes) {
      stream
          .append("commit ")
          .append(NEXT)
          .append("\ncommitter day <day@localhost> ")
          .append(1_700_000_000 + push.number())
          .append(" +0000\n")
          .append(Git.data("commit " + push.number()))
          .append(push.number() == 0 ? "M 100644 inline slipway.yml\n" + Git.data(recipe) : "")
          .append("M 100644 inline seconds\n")
          .append(Git.data(seconds(push) + "\n"));
    }
    Git.run(stream.toString(), "-C", repository.toString(), "fast-import", "--quiet");
    return Git.run("", "-C", repository.toString(), "rev-list", "--reverse", NEXT).lines().toList();
  }

  /** What the build command waits. */
  private static String seconds(Push push) {
    return String.format(Locale.ROOT, "%.3f", push.takes() / Clockwork.COMPRESSION);
  }
}
