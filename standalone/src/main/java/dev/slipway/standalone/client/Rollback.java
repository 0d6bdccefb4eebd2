package dev.slipway.standalone.client;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Goes back. */
@Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    description = "Goes back in all regions at once and pins the app.")
public final class Rollback implements Callable<Integer> {
  @Mixin private Service service = new Service();

  @Parameters(index = "0", paramLabel = "APP", description = "The app's name.")
  private String app = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "BUILD",
      description = "Where to; by default the last that was deployed well before.")
  private @Nullable Long build;

  @Option(names = "--waves", description = "Go by the waves of that build's recipe.")
  private boolean waves;

  @Override
  public Integer call() throws IOException, InterruptedException {
    var wish = new HashMap<String, Object>(Map.of("waves", waves));
    if (build != null) {
      wish.put("build", build);
    }
    var made = service.api().post("/api/v1/apps/" + app + "/rollback", wish);
    System.out.println(Told.deployment(made));
    return 0;
  }
}
