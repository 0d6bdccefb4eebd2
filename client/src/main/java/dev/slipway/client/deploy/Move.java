package dev.slipway.client.deploy;

import dev.slipway.client.context.Connection;
import dev.slipway.client.text.Output;
import dev.slipway.common.problem.InvalidInput;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Moves a deployment from one state to another. */
@Command(
    name = "deployment",
    description = "Moves a deployment: approve, pause, resume, promote, promote-all or abort.")
public final class Move implements Callable<Integer> {
  private static final List<String> MOVES =
      List.of("approve", "pause", "resume", "promote", "promote-all", "abort");

  @Mixin private Connection connection = new Connection();
  @Mixin private Output output = new Output();

  @Parameters(
      index = "0",
      paramLabel = "MOVE",
      completionCandidates = Moves.class,
      description = "What to do: ${COMPLETION-CANDIDATES}.")
  private String move = "";

  @Parameters(index = "1", paramLabel = "DEPLOYMENT", description = "The deployment's number.")
  private long deployment;

  /** For the shell. */
  static final class Moves implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return MOVES.iterator();
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    InvalidInput.unless(MOVES.contains(move), "MOVE", "must be one of " + String.join(", ", MOVES));
    var answer =
        connection.deploy().post("/api/v1/deployments/" + deployment + "/" + move, Map.of());
    output.line(Told.deployment(answer.path("deployment")));
    return 0;
  }
}
