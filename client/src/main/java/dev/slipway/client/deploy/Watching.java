package dev.slipway.client.deploy;

import dev.slipway.client.call.Service;
import dev.slipway.client.text.Reading;
import java.io.IOException;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Whether a command stays until its deployment has ended. */
final class Watching {
  @Option(
      names = {"-w", "--watch"},
      description = "Show how it goes, until it has ended.")
  private boolean watch;

  /** Tells of a deployment that was made, or of all that comes of it; returns the exit code. */
  int tell(Service service, JsonNode made, Reading output)
      throws IOException, InterruptedException {
    if (!output.isJson()) {
      output.line(Told.deployment(made));
    }
    if (!watch) {
      if (output.isJson()) {
        output.json(made);
      }
      return 0;
    }
    var ended = new Watch(service, made.path("id").asLong(), output).run();
    if (output.isJson()) {
      output.json(ended);
    }
    return ended.path("deployment").path("status").asString().equals("SUCCEEDED") ? 0 : 1;
  }
}
