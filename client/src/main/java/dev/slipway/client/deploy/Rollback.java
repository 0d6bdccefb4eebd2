package dev.slipway.client.deploy;

import dev.slipway.client.context.Connection;
import dev.slipway.client.text.Reading;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Goes back. */
@Command(
    name = "rollback",
    description = {
      "Goes back in all regions at once, by default to the build that was deployed well before,",
      "and pins the app. With --watch it exits with 0 if that succeeded, else with 1."
    })
public final class Rollback implements Callable<Integer> {
  @Mixin private Connection connection = new Connection();
  @Mixin private Reading output = new Reading();
  @Mixin private AppBuild wanted = new AppBuild();
  @Mixin private Watching watching = new Watching();

  @Option(names = "--waves", description = "Go by the waves of that build's recipe.")
  private boolean waves;

  @Override
  public Integer call() throws IOException, InterruptedException {
    var service = connection.deploy();
    var wish = new HashMap<String, Object>(Map.of("waves", waves));
    var build = wanted.build();
    if (build != null) {
      wish.put("build", build);
    }
    var made = service.post("/api/v1/apps/" + wanted.app() + "/rollback", wish);
    return watching.tell(service, made, output);
  }
}
