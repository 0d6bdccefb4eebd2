package dev.slipway.client.build;

import static dev.slipway.client.text.Table.Column.name;
import static dev.slipway.client.text.Table.Column.number;

import dev.slipway.client.context.Connection;
import dev.slipway.client.text.Reading;
import dev.slipway.client.text.Table;
import dev.slipway.client.text.Words;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** Tells where a build's seconds went. */
@Command(
    name = "timeline",
    description = "Tells where the seconds of a commit went, from its push to its last machine.")
public final class TimelineCommand implements Callable<Integer> {
  private static final int BAR = 30;

  @Mixin private Connection connection = new Connection();
  @Mixin private Reading output = new Reading();
  @Mixin private WhichBuild which = new WhichBuild();

  @Override
  public Integer call() throws IOException, InterruptedException {
    var build = which.number(connection.queue());
    var timeline = connection.deploy().get("/api/v1/builds/" + build + "/timeline");
    if (output.isJson()) {
      output.json(timeline);
      return 0;
    }
    output.line(
        "Build #%d of %s, commit %s: %s of %s, %s"
            .formatted(
                build,
                timeline.path("app").asString(),
                Words.commit(timeline.path("commit")),
                Words.seconds(timeline.path("seconds").asDouble()),
                Words.seconds(timeline.path("budgetSeconds").asDouble()),
                timeline.path("outlook").asString().toLowerCase(Locale.ROOT).replace('_', ' ')));
    if (timeline.path("warning").isString()) {
      output.line(timeline.path("warning").asString());
    }
    output.lines(table(timeline.path("stages")).lines(output.terminal()));
    return 0;
  }

  /** A bar a stage, one after the other on one scale. */
  private static Table table(JsonNode stages) {
    var whole = 0.0;
    for (var stage : stages) {
      whole += stage.path("seconds").asDouble(0);
    }
    var table = new Table(name("STAGE"), number("TOOK"), number("OF"), name(""));
    var before = 0.0;
    for (var stage : stages) {
      var seconds = stage.path("seconds").asDouble(0);
      var begins = whole == 0 ? 0 : (int) (BAR * before / whole);
      var ends = whole == 0 ? 0 : (int) Math.ceil(BAR * (before + seconds) / whole);
      before += seconds;
      table.row(
          stage.path("name").asString(),
          stage.path("seconds").isNumber() ? Words.seconds(seconds) : "",
          Words.seconds(stage.path("budgetSeconds").asDouble()),
          " ".repeat(begins) + "█".repeat(seconds == 0 ? 0 : Math.max(1, ends - begins)));
    }
    return table;
  }
}
