package dev.slipway.standalone.client;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Moves a deployment from one state to another. */
@Command(
    name = "deployment",
    mixinStandardHelpOptions = true,
    description = "Moves a deployment: approve, pause, resume, promote, promote-all, abort.")
public final class Move implements Callable<Integer> {
  @Mixin private Service service = new Service();

  @Parameters(index = "0", paramLabel = "MOVE", description = "What to do.")
  private String move = "";

  @Parameters(index = "1", paramLabel = "DEPLOYMENT", description = "The deployment's number.")
  private long deployment;

  @Override
  public Integer call() throws IOException, InterruptedException {
    var answer = service.api().post("/api/v1/deployments/" + deployment + "/" + move, Map.of());
    System.out.println(Told.deployment(answer.path("deployment")));
    return 0;
  }
}
