package dev.slipway.client.admin;

import dev.slipway.client.call.Query;
import dev.slipway.client.context.Connection;
import dev.slipway.client.text.Output;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Has what is no longer kept deleted. */
@Command(
    name = "retention",
    description = "Has builds deleted that are not kept, or tells which that would be.")
public final class Retention implements Callable<Integer> {
  @Mixin private Connection connection = new Connection();
  @Mixin private Output output = new Output();

  @Option(names = "--dry-run", description = "Tell what would be deleted, as JSON; change nothing.")
  private boolean dryRun;

  @Override
  public Integer call() throws IOException, InterruptedException {
    var query = Query.of("/api/v1/retention").with("dry-run", dryRun);
    var answer = connection.replication().post(query, Map.of());
    if (dryRun) {
      output.json(answer);
    } else {
      output.line("A pass has begun; the audit trail tells what it did.");
    }
    return 0;
  }
}
