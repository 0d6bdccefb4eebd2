package dev.slipway.client.deploy;

import dev.slipway.client.call.Service;
import dev.slipway.client.call.Unreachable;
import dev.slipway.client.text.Clean;
import dev.slipway.client.text.Progress;
import dev.slipway.client.text.Reading;
import dev.slipway.client.text.Words;
import dev.slipway.common.problem.Problem;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** Shows how a deployment goes until it has ended. Interrupted it leaves the deployment alone. */
final class Watch {
  private static final List<String> ENDED = List.of("SUCCEEDED", "FAILED", "ABORTED", "SUPERSEDED");
  private static final int GLANCE_MILLIS = 1_000;

  /** So often in a row the service may not answer: a bit more than its restart takes. */
  private static final int PATIENCE = 60;

  private final Service service;
  private final String path;
  private final Reading output;
  private final Progress progress;

  Watch(Service service, long deployment, Reading output) {
    this.service = service;
    this.path = "/api/v1/deployments/" + deployment;
    this.output = output;
    this.progress = new Progress(output);
  }

  /**
   * Blocks until the deployment has ended.
   *
   * @return what the API says of it then
   */
  JsonNode run() throws IOException, InterruptedException {
    for (var missed = 0; ; ) {
      try {
        var seen = service.get(path);
        missed = 0;
        if (isEnded(seen)) {
          end(seen);
          return seen;
        }
        show(seen);
      } catch (Unreachable away) {
        if (++missed == PATIENCE) {
          throw away;
        }
      } catch (Problem away) {
        if (away.status() < 502 || ++missed == PATIENCE) {
          throw away;
        }
      }
      TimeUnit.MILLISECONDS.sleep(GLANCE_MILLIS);
    }
  }

  private static boolean isEnded(JsonNode seen) {
    return ENDED.contains(seen.path("deployment").path("status").asString());
  }

  private void show(JsonNode seen) {
    if (output.isJson()) {
      return;
    }
    var deployment = seen.path("deployment");
    var counts = seen.path("progress");
    var total = Words.total(counts);
    var failed = counts.path("failed").asLong();
    var waits = deployment.path("reason").asString("");
    var words =
        "%s, wave %d of %d, %d of %s%s%s"
            .formatted(
                deployment.path("status").asString(),
                deployment.path("wave").asInt() + 1,
                deployment.path("plan").path("steps").size(),
                counts.path("healthy").asLong(),
                Words.count(total, "machine"),
                failed == 0 ? "" : ", " + failed + " failed",
                waits.isEmpty() ? "" : ": " + waits);
    var left = seen.path("secondsLeft");
    progress.show(
        total == 0 ? 0 : (double) counts.path("healthy").asLong() / total,
        Clean.line(words),
        left.isNumber() ? "about " + Words.seconds(left.asDouble()) + " to go" : "");
  }

  private void end(JsonNode seen) throws IOException, InterruptedException {
    progress.end();
    if (!output.isJson()) {
      output.lines(
          Told.status(seen, service.get(path + "/stragglers?limit=20"), output.terminal()));
    }
  }
}
