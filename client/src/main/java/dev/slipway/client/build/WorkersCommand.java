package dev.slipway.client.build;

import static dev.slipway.client.text.Table.Column.name;
import static dev.slipway.client.text.Table.Column.number;
import static dev.slipway.client.text.Table.Column.state;

import dev.slipway.client.call.Query;
import dev.slipway.client.context.Connection;
import dev.slipway.client.text.Reading;
import dev.slipway.client.text.Table;
import dev.slipway.client.text.Words;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** Lists workers. */
@Command(name = "workers", description = "Lists the workers that were heard of within a day.")
public final class WorkersCommand implements Callable<Integer> {
  private static final int MOST = 10_000;
  private static final Duration SILENCE = Duration.ofMinutes(1);

  @Mixin private Connection connection = new Connection();
  @Mixin private Reading output = new Reading();

  @Override
  public Integer call() throws IOException, InterruptedException {
    var workers = connection.queue().list(Query.of("/api/v1/workers"), "workers", MOST);
    if (output.isJson()) {
      output.json(workers);
      return 0;
    }
    var table =
        new Table(
            name("WORKER"), state("STATE"), number("BUSY"), number("HEARD OF"), name("LABELS"));
    var now = Clock.systemUTC().instant();
    for (var worker : workers) {
      table.row(
          worker.path("name").asString(),
          stateOf(worker, now),
          worker.path("busy").asInt() + "/" + worker.path("slots").asInt(),
          Words.ago(worker.path("seenAt"), now),
          StreamSupport.stream(worker.path("labels").spliterator(), false)
              .map(JsonNode::asString)
              .collect(Collectors.joining(" ")));
    }
    output.table(table, "No worker was heard of within a day.");
    return 0;
  }

  private static String stateOf(JsonNode worker, Instant now) {
    var seen = Instant.parse(worker.path("seenAt").asString());
    if (Duration.between(seen, now).compareTo(SILENCE) > 0) {
      return "silent";
    }
    if (worker.path("draining").asBoolean()) {
      return "draining";
    }
    return worker.path("busy").asInt() > 0 ? "building" : "idle";
  }
}
