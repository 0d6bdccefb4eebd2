package dev.slipway.client.build;

import dev.slipway.client.call.Query;
import dev.slipway.client.call.Service;
import dev.slipway.common.app.AppName;
import dev.slipway.common.problem.Problem;
import java.io.IOException;
import picocli.CommandLine.Parameters;

/** A build, by its number or as the newest of an app. */
public final class WhichBuild {
  @Parameters(
      paramLabel = "BUILD|APP",
      description = "The build's number, or an app whose newest build is meant.")
  private String named = "";

  /**
   * Its number.
   *
   * @param queue build-queue-service, which knows the newest
   */
  long number(Service queue) throws IOException, InterruptedException {
    if (named.matches("#?[0-9]{1,18}")) {
      return Long.parseLong(named.replace("#", ""));
    }
    var app = new AppName(named);
    var newest = queue.list(Query.of("/api/v1/jobs").with("app", app), "jobs", 1);
    if (newest.isEmpty()) {
      // an app that is not there is told from one that was never pushed
      queue.get("/api/v1/apps/" + app);
      throw Problem.notFound("a build of " + app);
    }
    return newest.getFirst().path("id").asLong();
  }
}
