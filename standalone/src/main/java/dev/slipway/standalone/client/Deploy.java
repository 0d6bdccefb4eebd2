package dev.slipway.standalone.client;

import java.io.IOException;
import java.util.HashMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Presses the button, or tells what it would do. */
@Command(
    name = "deploy",
    mixinStandardHelpOptions = true,
    description = "Deploys a build of an app; says first what that does.")
public final class Deploy implements Callable<Integer> {
  @Mixin private Service service = new Service();

  @Parameters(index = "0", paramLabel = "APP", description = "The app's name.")
  private String app = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "BUILD",
      description = "The build's number; default: the newest that can be deployed.")
  private @Nullable Long build;

  @Option(names = "--dry-run", description = "Tell what it would do; change nothing.")
  private boolean dryRun;

  @Option(names = "--override", description = "Why it must be in spite of a freeze; audited.")
  private @Nullable String override;

  @Override
  public Integer call() throws IOException, InterruptedException {
    var api = service.api();
    var preview =
        api.get("/api/v1/apps/" + app + "/preview" + (build == null ? "" : "?build=" + build));
    Told.preview(preview).forEach(System.out::println);
    if (dryRun) {
      return preview.path("deployable").asBoolean() ? 0 : 1;
    }
    var wish = new HashMap<String, Object>();
    wish.put("app", app);
    wish.put("build", preview.path("build").asLong());
    if (override != null) {
      wish.put("override", override);
    }
    System.out.println(Told.deployment(api.post("/api/v1/deployments", wish)));
    return 0;
  }
}
