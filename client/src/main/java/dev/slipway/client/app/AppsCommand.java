package dev.slipway.client.app;

import static dev.slipway.client.text.Table.Column.name;
import static dev.slipway.client.text.Table.Column.number;
import static dev.slipway.client.text.Table.Column.prose;
import static dev.slipway.client.text.Table.Column.state;

import dev.slipway.client.call.Query;
import dev.slipway.client.context.Connection;
import dev.slipway.client.text.Reading;
import dev.slipway.client.text.Table;
import dev.slipway.client.text.Words;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Lists apps. */
@Command(
    name = "apps",
    description = "Lists the apps: the newest build of each, and how its last deployment stands.")
public final class AppsCommand implements Callable<Integer> {
  private static final int MOST = 10_000;

  @Mixin private Connection connection = new Connection();
  @Mixin private Reading output = new Reading();

  /** An app, as the API says, with what happened to it last. */
  record AppLine(JsonNode app, @Nullable JsonNode newestBuild, @Nullable JsonNode lastDeployment) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    var lines = lines();
    if (output.isJson()) {
      output.json(lines);
      return 0;
    }
    var table =
        new Table(
            name("APP"),
            number("BUILD"),
            state("STATE"),
            number("DEPLOYED"),
            state("STATUS"),
            number("MACHINES"),
            prose("REPOSITORY"),
            name("PINNED BY"));
    lines.forEach(line -> row(table, line));
    output.table(table, "There are no apps; slipway app init makes one.");
    return 0;
  }

  private List<AppLine> lines() throws IOException, InterruptedException {
    var lines = new ArrayList<AppLine>();
    for (var app : connection.queue().list(Query.of("/api/v1/apps"), "apps", MOST)) {
      lines.add(new AppLine(app, newestBuild(app), lastDeployment(app)));
    }
    return lines;
  }

  private @Nullable JsonNode newestBuild(JsonNode app) throws IOException, InterruptedException {
    var query = Query.of("/api/v1/jobs").with("app", app.path("name").asString());
    var newest = connection.queue().list(query, "jobs", 1);
    return newest.isEmpty() ? null : newest.getFirst();
  }

  private @Nullable JsonNode lastDeployment(JsonNode app) throws IOException, InterruptedException {
    var query = Query.of("/api/v1/deployments").with("app", app.path("name").asString());
    var last = connection.deploy().list(query, "deployments", 1);
    return last.isEmpty()
        ? null
        : connection.deploy().get("/api/v1/deployments/" + last.getFirst().path("id").asLong());
  }

  private static void row(Table table, AppLine line) {
    var build = orMissing(line.newestBuild());
    var seen = orMissing(line.lastDeployment());
    var counts = seen.path("progress");
    table.row(
        line.app().path("name").asString(),
        Words.build(build.path("id")),
        Words.state(build),
        Words.build(seen.path("deployment").path("build")),
        seen.path("deployment").path("status").asString(""),
        seen.isMissingNode() ? "" : counts.path("healthy").asLong() + "/" + Words.total(counts),
        line.app().path("repository").asString(),
        line.app().path("pinnedBy").asString(""));
  }

  private static JsonNode orMissing(@Nullable JsonNode node) {
    return node == null ? MissingNode.getInstance() : node;
  }
}
