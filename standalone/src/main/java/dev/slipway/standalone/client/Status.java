package dev.slipway.standalone.client;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells how a deployment stands. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Tells how a deployment stands in each region, and which machines are behind.")
public final class Status implements Callable<Integer> {
  @Mixin private Service service = new Service();

  @Parameters(paramLabel = "DEPLOYMENT", description = "The deployment's number.")
  private long deployment;

  @Option(
      names = "--most",
      defaultValue = "20",
      description = "The most machines that are named, 1 to 1000 (default ${DEFAULT-VALUE}).")
  private int most = 20;

  @Override
  public Integer call() throws IOException, InterruptedException {
    var api = service.api();
    var path = "/api/v1/deployments/" + deployment;
    Told.status(api.get(path), api.get(path + "/stragglers?limit=" + most))
        .forEach(System.out::println);
    return 0;
  }
}
