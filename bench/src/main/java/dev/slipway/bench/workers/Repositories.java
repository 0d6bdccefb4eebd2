package dev.slipway.bench.workers;

import dev.slipway.bench.Git;
import dev.slipway.common.app.AppName;
import dev.slipway.common.job.CommitSha;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Ten apps with a repository each, whose builds are tiny and never the same twice. */
final class Repositories {
  private static final int APPS = 10;
  private static final String RECIPE =
      """
      build:
        command: head -c 2000 /dev/urandom > app.bin; echo "$SLIPWAY_BUILD" >> app.bin; sleep 1
        artifact: app.bin
      """;

  private final List<Push> pushes = new ArrayList<>();

  /** A commit to push. */
  record Push(AppName app, CommitSha commit) {}

  /** Makes them, with as many commits as there are to be jobs, and registers the apps. */
  Repositories(Path folder, JdbcClient jdbc, int jobs) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    var commits = new ArrayList<List<CommitSha>>();
    for (var app = 0; app < APPS; app++) {
      var repository = folder.resolve("app" + app + ".git");
      commits.add(make(repository, (jobs + APPS - 1) / APPS));
      jdbc.sql(
              """
              insert into app (name, repository, webhook_secret, max_attempts)
              values (:name, :repository, 'a secret for the drill', 10)
              """)
          .param("name", "app" + app)
          .param("repository", repository.toString())
          .update();
    }
    for (var job = 0; job < jobs; job++) {
      var app = job % APPS;
      pushes.add(new Push(new AppName("app" + app), commits.get(app).get(job / APPS)));
    }
  }

  /** In the order in which they are to be pushed. */
  List<Push> pushes() {
    return pushes;
  }

  private static List<CommitSha> make(Path repository, int commits)
      throws IOException, InterruptedException {
    Git.run("", "init", "--quiet", "--bare", repository.toString());
    var stream = new StringBuilder();
    for (var n = 1; n <= commits; n++) {
      var file = n == 1 ? "M 100644 inline slipway.yml\n" + Git.data(RECIPE) : "";
      stream
          .append("commit refs/heads/master\ncommitter drill <drill@localhost> ")
          .append(1_700_000_000 + n)
          .append(" +0000\n")
          .append(Git.data("commit " + n))
          .append(file)
          .append("M 100644 inline number\n")
          .append(Git.data(String.valueOf(n)));
    }
    Git.run(stream.toString(), "-C", repository.toString(), "fast-import", "--quiet");
    return Git.run("", "-C", repository.toString(), "rev-list", "--reverse", "master")
        .lines()
        .map(CommitSha::new)
        .toList();
  }
}
