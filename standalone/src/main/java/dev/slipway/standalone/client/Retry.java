package dev.slipway.standalone.client;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lets a deployment's failed machines try again. */
@Command(
    name = "retry",
    mixinStandardHelpOptions = true,
    description = "Lets the machines that failed a deployment try again.")
public final class Retry implements Callable<Integer> {
  @Mixin private Service service = new Service();

  @Parameters(paramLabel = "DEPLOYMENT", description = "The deployment's number.")
  private long deployment;

  @Override
  public Integer call() throws IOException, InterruptedException {
    var retried = service.api().post("/api/v1/deployments/" + deployment + "/retry", Map.of());
    for (var region : retried.path("regions").properties()) {
      System.out.printf("  %s: %d try again%n", region.getKey(), region.getValue().asInt());
    }
    return 0;
  }
}
