package dev.slipway.bench.deploy;

import dev.slipway.common.problem.Problem;
import dev.slipway.standalone.Api;
import dev.slipway.standalone.Wait;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Presses the buttons, as often as it takes where a service dies meanwhile. */
final class Deployments {
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final Api api;
  private final Ledger ledger;
  private int pressed;

  Deployments(Api api, Ledger ledger) {
    this.api = api;
    this.ledger = ledger;
  }

  /** Deploys a build; says which deployment that is. */
  long press(long build) throws IOException, InterruptedException {
    pressed++;
    return Wait.until(
        "deploy-service to take build " + build,
        LONGEST,
        () -> {
          // whoever answered nothing may have taken it all the same
          var made = ledger.deploymentOf(build);
          return made != null
              ? made
              : call("/api/v1/deployments", Map.of("app", Builds.APP.value(), "build", build));
        });
  }

  private @Nullable Long call(String path, Map<String, ?> body) throws InterruptedException {
    try {
      return api.post(path, body).path("id").asLong();
    } catch (IOException died) {
      return null;
    } catch (Problem refused) {
      if (refused.status() < 500 && !refused.code().equals("already-deploying")) {
        throw refused;
      }
      return null;
    }
  }

  /** Goes back to a build; says by which deployment. */
  long rollBack(long build) throws IOException, InterruptedException {
    return api.post("/api/v1/apps/" + Builds.APP + "/rollback", Map.of("build", build))
        .path("id")
        .asLong();
  }

  /** After a way back: machines fetch ahead again. */
  void unpin() throws IOException, InterruptedException {
    api.post("/api/v1/apps/" + Builds.APP + "/auto-deploy", Map.of("enabled", true));
  }

  /** Waits for a deployment's end. */
  Ledger.Fate awaitEnd(long deployment) throws IOException, InterruptedException {
    return Wait.until(
        "deployment " + deployment + " to end",
        LONGEST,
        () -> {
          var fate = ledger.fateOf(deployment);
          return fate.isEnd() ? fate : null;
        });
  }

  /** How often Deploy was pressed. */
  int pressed() {
    return pressed;
  }
}
