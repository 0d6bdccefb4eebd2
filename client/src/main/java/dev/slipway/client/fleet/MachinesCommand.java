package dev.slipway.client.fleet;

import static dev.slipway.client.text.Table.Column.name;
import static dev.slipway.client.text.Table.Column.number;
import static dev.slipway.client.text.Table.Column.prose;
import static dev.slipway.client.text.Table.Column.state;

import dev.slipway.client.call.Query;
import dev.slipway.client.call.Service;
import dev.slipway.client.context.Connection;
import dev.slipway.client.text.Reading;
import dev.slipway.client.text.Table;
import dev.slipway.client.text.Words;
import dev.slipway.common.app.AppName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Lists machines. */
@Command(name = "machines", description = "Lists what each machine runs: of one app, or of all.")
public final class MachinesCommand implements Callable<Integer> {
  private static final int MOST_APPS = 10_000;
  private static final int PAGE = 1_000;

  @Mixin private Connection connection = new Connection();
  @Mixin private Reading output = new Reading();

  @Parameters(arity = "0..1", paramLabel = "APP", description = "Only one app.")
  private @Nullable AppName app;

  @Option(names = "--region", description = "Only one region.")
  private @Nullable String region;

  @Option(
      names = "--state",
      description =
          "Only those that are downloading, activating, running, failed, unknown or waiting.")
  private @Nullable String state;

  @Override
  public Integer call() throws IOException, InterruptedException {
    var machines = new ArrayList<ObjectNode>();
    for (var each : apps()) {
      machines.addAll(machinesOf(connection.deploy(), each));
    }
    if (output.isJson()) {
      output.json(machines);
      return 0;
    }
    var table =
        new Table(
            name("REGION"),
            name("MACHINE"),
            name("ZONE"),
            name("APP"),
            state("STATE"),
            number("RUNS"),
            number("FOR"),
            prose("DETAIL"));
    machines.forEach(machine -> row(table, machine));
    output.table(table, "There are no such machines.");
    return 0;
  }

  private List<String> apps() throws IOException, InterruptedException {
    var queue = connection.queue();
    if (app != null) {
      queue.get("/api/v1/apps/" + app);
      return List.of(app.value());
    }
    return queue.list(Query.of("/api/v1/apps"), "apps", MOST_APPS).stream()
        .map(each -> each.path("name").asString())
        .toList();
  }

  private List<ObjectNode> machinesOf(Service deploy, String name)
      throws IOException, InterruptedException {
    var found = new ArrayList<ObjectNode>();
    var page = fleet(deploy, name, "");
    addWanted(page, name, found);
    while (page.size() == PAGE) {
      var last = page.path(PAGE - 1);
      page =
          fleet(
              deploy, name, last.path("region").asString() + "/" + last.path("machine").asString());
      addWanted(page, name, found);
    }
    return found;
  }

  private static JsonNode fleet(Service deploy, String name, String after)
      throws IOException, InterruptedException {
    return deploy.get(
        Query.of("/api/v1/apps/" + name + "/fleet").with("limit", PAGE).with("after", after));
  }

  private void addWanted(JsonNode page, String name, List<ObjectNode> found) {
    for (var machine : page) {
      if (machine instanceof ObjectNode known && isWanted(known)) {
        found.add(known.put("app", name));
      }
    }
  }

  private boolean isWanted(JsonNode machine) {
    return (region == null || region.equals(machine.path("region").asString()))
        && (state == null || state.equalsIgnoreCase(machine.path("state").asString()));
  }

  private static void row(Table table, JsonNode machine) {
    var silent = machine.path("state").asString().equals("UNKNOWN");
    table.row(
        machine.path("region").asString(),
        machine.path("machine").asString(),
        machine.path("zone").asString(),
        machine.path("app").asString(),
        machine.path("state").asString(),
        Words.build(machine.path("running")),
        Words.seconds(machine.path(silent ? "silentSeconds" : "stateSeconds").asDouble()),
        detail(machine));
  }

  private static String detail(JsonNode machine) {
    if (machine.path("state").asString().equals("DOWNLOADING")) {
      return Words.bytes(machine.path("bytesDone").asLong())
          + " of "
          + Words.bytes(machine.path("bytesTotal").asLong());
    }
    return machine.path("detail").asString("");
  }
}
