package dev.slipway.client.deploy;

import static dev.slipway.client.text.Table.Column.name;
import static dev.slipway.client.text.Table.Column.number;
import static dev.slipway.client.text.Table.Column.prose;
import static dev.slipway.client.text.Table.Column.state;

import dev.slipway.client.call.Query;
import dev.slipway.client.call.Service;
import dev.slipway.client.context.Connection;
import dev.slipway.client.text.Limit;
import dev.slipway.client.text.Reading;
import dev.slipway.client.text.Table;
import dev.slipway.client.text.Words;
import dev.slipway.common.app.AppName;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** Tells how deployments stand. */
@Command(
    name = "status",
    description = {
      "Tells how a deployment stands in each region, and which machines are behind;",
      "of an app the last one; without either it lists deployments, the newest first."
    })
public final class Status implements Callable<Integer> {
  private static final int MOST_STRAGGLERS = 1_000;

  @Mixin private Connection connection = new Connection();
  @Mixin private Reading output = new Reading();
  @Mixin private Limit limit = new Limit();

  @Parameters(
      arity = "0..1",
      paramLabel = "DEPLOYMENT|APP",
      description = "A deployment's number or an app's name.")
  private @Nullable String what;

  /** What is told of one, for programs. */
  record Stand(JsonNode deployment, JsonNode stragglers) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    var service = connection.deploy();
    if (what == null) {
      list(service.list(Query.of("/api/v1/deployments"), "deployments", limit.rows()));
    } else if (what.matches("[0-9]{1,18}")) {
      tell(service, Long.parseLong(what));
    } else {
      tellLast(service, new AppName(what));
    }
    return 0;
  }

  private void tellLast(Service service, AppName app) throws IOException, InterruptedException {
    connection.queue().get("/api/v1/apps/" + app);
    var last = service.list(Query.of("/api/v1/deployments").with("app", app), "deployments", 1);
    if (!last.isEmpty()) {
      tell(service, last.getFirst().path("id").asLong());
    } else if (output.isJson()) {
      output.json(NullNode.getInstance());
    } else {
      output.line(app + " was never deployed.");
    }
  }

  private void tell(Service service, long deployment) throws IOException, InterruptedException {
    var path = "/api/v1/deployments/" + deployment;
    var seen = service.get(path);
    var most = Math.min(limit.rows(), MOST_STRAGGLERS);
    var behind = service.get(Query.of(path + "/stragglers").with("limit", most));
    if (output.isJson()) {
      output.json(new Stand(seen, behind));
    } else {
      output.lines(Told.status(seen, behind, output.terminal()));
    }
  }

  private void list(List<JsonNode> deployments) {
    if (output.isJson()) {
      output.json(deployments);
      return;
    }
    var table =
        new Table(
            number("DEPLOYMENT"),
            name("APP"),
            number("BUILD"),
            state("STATUS"),
            name("BY"),
            number("WHEN"),
            prose("REASON"));
    var now = Clock.systemUTC().instant();
    for (var each : deployments) {
      table.row(
          each.path("id").asLong(),
          each.path("app").asString(),
          Words.build(each.path("build")),
          each.path("status").asString(),
          each.path("requestedBy").asString(""),
          Words.ago(each.path("createdAt"), now),
          each.path("reason").asString(""));
    }
    output.table(table, "Nothing was deployed yet.");
  }
}
