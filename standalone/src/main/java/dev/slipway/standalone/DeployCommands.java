package dev.slipway.standalone;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** The commands that press deploy-service's buttons. */
final class DeployCommands {
  private DeployCommands() {}

  /** Which deploy-service, and who calls. */
  static final class Service {
    @Option(
        names = "--url",
        defaultValue = "http://127.0.0.1:8080",
        description = "deploy-service's address (default ${DEFAULT-VALUE}).")
    private URI url = URI.create("http://127.0.0.1:8080");

    @Option(
        names = "--token-file",
        defaultValue = ".slipway/keys/admin",
        description = "A file with a token of role DEPLOYER (default ${DEFAULT-VALUE}).")
    private Path tokenFile = Path.of("");

    JsonNode post(String path, Object body) throws IOException, InterruptedException {
      return new Api(url, Files.readString(tokenFile).strip()).post("/api/v1" + path, body);
    }

    /** Tells how a deployment is. */
    static int tell(JsonNode deployment) {
      System.out.printf(
          "Deployment %d of %s, build #%d, is %s.%n",
          deployment.path("id").asLong(),
          deployment.path("app").asString(),
          deployment.path("build").asLong(),
          deployment.path("status").asString());
      return 0;
    }
  }

  @Command(
      name = "deploy",
      mixinStandardHelpOptions = true,
      description = "Deploys a build by its recipe's waves.")
  static final class Deploy implements Callable<Integer> {
    @Mixin private Service service = new Service();

    @Parameters(paramLabel = "APP")
    private String app = "";

    @Parameters(paramLabel = "BUILD", description = "The build's number.")
    private long build;

    @Option(names = "--override", description = "Why it must be in spite of a freeze; audited.")
    private @Nullable String override;

    @Override
    public Integer call() throws IOException, InterruptedException {
      var wish = new HashMap<String, Object>(Map.of("app", app, "build", build));
      if (override != null) {
        wish.put("override", override);
      }
      return Service.tell(service.post("/deployments", wish));
    }
  }

  @Command(
      name = "rollback",
      mixinStandardHelpOptions = true,
      description = "Goes back in all regions at once and pins the app.")
  static final class Rollback implements Callable<Integer> {
    @Mixin private Service service = new Service();

    @Parameters(paramLabel = "APP")
    private String app = "";

    @Parameters(
        paramLabel = "BUILD",
        arity = "0..1",
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
      return Service.tell(service.post("/apps/" + app + "/rollback", wish));
    }
  }

  @Command(
      name = "deployment",
      mixinStandardHelpOptions = true,
      description = "Moves a deployment: approve, pause, resume, promote, promote-all, abort.")
  static final class Move implements Callable<Integer> {
    @Mixin private Service service = new Service();

    @Parameters(paramLabel = "MOVE")
    private String move = "";

    @Parameters(paramLabel = "DEPLOYMENT", description = "The deployment's number.")
    private long deployment;

    @Override
    public Integer call() throws IOException, InterruptedException {
      var answer = service.post("/deployments/" + deployment + "/" + move, Map.of());
      return Service.tell(answer.path("deployment"));
    }
  }
}
