package dev.slipway.client.build;

import dev.slipway.client.call.Query;
import dev.slipway.client.call.Service;
import dev.slipway.client.context.Connection;
import dev.slipway.client.text.LogText;
import dev.slipway.client.text.Output;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints what a build printed. */
@Command(
    name = "logs",
    description = {
      "Prints what a build printed, or with -f what it prints until it ends.",
      "Followed to the end it exits with 0 if the build succeeded, else with 1."
    })
public final class Logs implements Callable<Integer> {
  private static final int PIECE = 16 << 10;

  @Mixin private Connection connection = new Connection();
  @Mixin private Output output = new Output();
  @Mixin private WhichBuild which = new WhichBuild();

  @Option(
      names = {"-f", "--follow"},
      description = "Goes on until the build has ended.")
  private boolean follow;

  @Option(
      names = "--attempt",
      paramLabel = "N",
      description = "Of an earlier attempt (default: the latest).")
  private @Nullable Integer attempt;

  @Override
  public Integer call() throws IOException, InterruptedException {
    var queue = connection.queue();
    var build = which.number(queue);
    var text = new LogText(output.terminal().colour());
    if (!follow) {
      print(queue, build, text);
      return 0;
    }
    var status = new Follower(queue, build, piece -> show(text.clean(piece)), output::note).run();
    show(text.end());
    if (status.equals("SUCCEEDED")) {
      output.note("Build #" + build + " succeeded.");
      return 0;
    }
    var why = queue.get("/api/v1/jobs/" + build).path("failure").asString("");
    output.note("Build #%d is %s: %s".formatted(build, status, why));
    return 1;
  }

  private void print(Service queue, long build, LogText text)
      throws IOException, InterruptedException {
    var query = Query.of("/api/v1/jobs/" + build + "/log").with("attempt", attempt);
    try (var in = new InputStreamReader(queue.open(query).body(), StandardCharsets.UTF_8)) {
      var piece = new char[PIECE];
      for (var length = in.read(piece); length != -1; length = in.read(piece)) {
        show(text.clean(new String(piece, 0, length)));
      }
    }
    show(text.end());
  }

  private void show(String clean) {
    output.out().print(clean);
    output.out().flush();
  }
}
