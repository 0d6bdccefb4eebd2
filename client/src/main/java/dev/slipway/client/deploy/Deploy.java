package dev.slipway.client.deploy;

import dev.slipway.client.call.Query;
import dev.slipway.client.context.Connection;
import dev.slipway.client.text.Reading;
import java.io.IOException;
import java.util.HashMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Presses the button, or tells what it would do. */
@Command(
    name = "deploy",
    description = {
      "Deploys a build of an app, by default the newest that can be; says first what that does.",
      "With --watch it exits with 0 if the deployment succeeded, else with 1."
    })
public final class Deploy implements Callable<Integer> {
  @Mixin private Connection connection = new Connection();
  @Mixin private Reading output = new Reading();
  @Mixin private AppBuild wanted = new AppBuild();
  @Mixin private Watching watching = new Watching();

  @Option(names = "--dry-run", description = "Tell what it would do; change nothing.")
  private boolean dryRun;

  @Option(
      names = "--override",
      paramLabel = "REASON",
      description = "Why it must be in spite of a freeze; audited.")
  private @Nullable String override;

  @Override
  public Integer call() throws IOException, InterruptedException {
    var service = connection.deploy();
    var preview =
        service.get(
            Query.of("/api/v1/apps/" + wanted.app() + "/preview").with("build", wanted.build()));
    if (dryRun && output.isJson()) {
      output.json(preview);
    } else if (!output.isJson()) {
      output.lines(Told.preview(preview, output.terminal()));
    }
    if (dryRun) {
      return preview.path("deployable").asBoolean() ? 0 : 1;
    }
    var wish = new HashMap<String, Object>();
    wish.put("app", wanted.app());
    wish.put("build", preview.path("build").asLong());
    if (override != null) {
      wish.put("override", override);
    }
    return watching.tell(service, service.post("/api/v1/deployments", wish), output);
  }
}
