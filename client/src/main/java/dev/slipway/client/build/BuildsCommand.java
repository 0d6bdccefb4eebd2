package dev.slipway.client.build;

import static dev.slipway.client.text.Table.Column.name;
import static dev.slipway.client.text.Table.Column.number;
import static dev.slipway.client.text.Table.Column.prose;
import static dev.slipway.client.text.Table.Column.state;

import dev.slipway.client.call.Query;
import dev.slipway.client.context.Connection;
import dev.slipway.client.text.Limit;
import dev.slipway.client.text.Reading;
import dev.slipway.client.text.Table;
import dev.slipway.client.text.Words;
import dev.slipway.common.app.AppName;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Lists builds. */
@Command(name = "builds", description = "Lists builds, the newest first.")
public final class BuildsCommand implements Callable<Integer> {
  @Mixin private Connection connection = new Connection();
  @Mixin private Reading output = new Reading();
  @Mixin private Limit limit = new Limit();

  @Parameters(arity = "0..1", paramLabel = "APP", description = "Only those of one app.")
  private @Nullable AppName app;

  @Option(
      names = "--status",
      paramLabel = "STATE",
      description = "Only those that are queued, running, succeeded, failed or cancelled.")
  private @Nullable String status;

  @Override
  public Integer call() throws IOException, InterruptedException {
    var queue = connection.queue();
    if (app != null) {
      queue.get("/api/v1/apps/" + app);
    }
    var query =
        Query.of("/api/v1/jobs")
            .with("app", app)
            .with("status", status == null ? null : status.toUpperCase(Locale.ROOT));
    var jobs = queue.list(query, "jobs", limit.rows());
    if (output.isJson()) {
      output.json(jobs);
      return 0;
    }
    var table =
        new Table(
            number("BUILD"),
            name("APP"),
            name("COMMIT"),
            state("STATE"),
            number("TOOK"),
            number("PUSHED"),
            prose("BY"));
    var now = Clock.systemUTC().instant();
    jobs.forEach(job -> row(table, job, now));
    output.table(table, "There are no builds.");
    return 0;
  }

  private static void row(Table table, JsonNode job, Instant now) {
    table.row(
        Words.build(job.path("id")),
        job.path("app").asString(),
        Words.commit(job.path("commit")),
        Words.state(job),
        Words.between(job.path("startedAt"), job.path("finishedAt"), now),
        Words.ago(job.path("createdAt"), now),
        job.path("failure").asString(job.path("worker").asString("")));
  }
}
