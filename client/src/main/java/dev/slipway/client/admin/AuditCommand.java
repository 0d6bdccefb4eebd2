package dev.slipway.client.admin;

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
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tells who did what. */
@Command(
    name = "audit",
    description = "Tells who did what, and who was refused, the latest last. For administrators.")
public final class AuditCommand implements Callable<Integer> {
  @Mixin private Connection connection = new Connection();
  @Mixin private Reading output = new Reading();
  @Mixin private Limit limit = new Limit();

  @Override
  public Integer call() throws IOException, InterruptedException {
    var lines = lines();
    if (output.isJson()) {
      output.json(lines);
      return 0;
    }
    var table =
        new Table(
            number("WHEN"),
            name("WHO"),
            name("FROM"),
            name("DID"),
            name("TO"),
            state("OUTCOME"),
            prose("DETAIL"));
    var now = Clock.systemUTC().instant();
    for (var line : lines) {
      table.row(
          Words.ago(line.path("at"), now),
          line.path("actor").asString(""),
          line.path("address").asString(""),
          line.path("action").asString(""),
          line.path("subject").asString(""),
          line.path("outcome").asString(""),
          line.path("detail").asString(""));
    }
    output.table(table, "Nobody has done anything yet.");
    return 0;
  }

  private List<JsonNode> lines() throws IOException, InterruptedException {
    var query = Query.of("/api/v1/audit").with("newest", true).with("limit", limit.rows());
    try (var in =
        new BufferedReader(
            new InputStreamReader(
                connection.deploy().open(query).body(), StandardCharsets.UTF_8))) {
      return in.lines().<JsonNode>map(JsonMapper.shared()::readTree).toList();
    }
  }
}
