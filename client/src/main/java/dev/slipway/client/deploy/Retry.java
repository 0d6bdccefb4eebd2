package dev.slipway.client.deploy;

import dev.slipway.client.context.Connection;
import dev.slipway.client.text.Output;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lets a deployment's failed machines try again. */
@Command(name = "retry", description = "Lets the machines that failed a deployment try again.")
public final class Retry implements Callable<Integer> {
  @Mixin private Connection connection = new Connection();
  @Mixin private Output output = new Output();

  @Parameters(paramLabel = "DEPLOYMENT", description = "The deployment's number.")
  private long deployment;

  @Override
  public Integer call() throws IOException, InterruptedException {
    var retried =
        connection.deploy().post("/api/v1/deployments/" + deployment + "/retry", Map.of());
    for (var region : retried.path("regions").properties()) {
      output.line("%s: %d try again".formatted(region.getKey(), region.getValue().asInt()));
    }
    return 0;
  }
}
