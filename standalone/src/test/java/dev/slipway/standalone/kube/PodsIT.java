package dev.slipway.standalone.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.access.Secrets;
import dev.slipway.common.database.TestPostgres;
import dev.slipway.standalone.Api;
import dev.slipway.standalone.Keys;
import dev.slipway.standalone.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * The real services started as the manifests say, in the order of a first installation: that each
 * comes up with its environment, arguments and files, answers what the cluster asks, and ends in
 * time. One pod of each kind, from the overlays that companies begin with.
 */
class PodsIT {
  private static final String REGION = "eu-west";
  private static final String ADMIN = "only-for-this-test-".repeat(3);

  /** With what processes print, which is of use when it fails. */
  private @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder;

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void every_pod_starts_as_its_manifest_says_and_ends_in_time() throws Exception {
    var view = view();
    try (var postgres = TestPostgres.start();
        var cluster = new LocalCluster(view, folder, postgres.url("postgres"))) {
      makeSecrets(cluster);
      centre(cluster);
      workersAndRegion(cluster);
      machine(cluster, postgres.url("postgres"));
      assertThat(cluster.started())
          .containsExactlyInAnyOrderElementsOf(view.workloads().map(Manifest::name).toList());
      cluster.end();
    }
  }

  /** Rendered where that can be, of the control plane and of a region. */
  private static View view() {
    var manifests = new ArrayList<Manifest>();
    for (var overlay : List.of("control-plane", "region")) {
      manifests.addAll(View.rendered(overlay).orElseGet(() -> View.ofFiles(overlay)).manifests());
    }
    return new View("control plane and region", manifests);
  }

  /** As docs/operations.md says, of values that this test makes up. */
  private void makeSecrets(LocalCluster cluster) throws IOException {
    var keys = new Keys(folder.resolve("keys"));
    var signing = Files.readString(keys.signingKeyFile());
    var signingPublic = Files.readString(keys.publicKeyFile());
    var targets = Files.readString(keys.targetKeyFile());
    var targetsPublic = Files.readString(keys.targetPublicKeyFile());
    cluster.secret("slipway-database", Map.of("username", "postgres", "password", "postgres"));
    cluster.secret("slipway-admin", Map.of("token", ADMIN));
    cluster.secret("slipway-announce", Map.of("secret", keys.secret("announce")));
    cluster.secret(
        "slipway-target-keys", Map.of("targets.pem", targets, "targets.pub.pem", targetsPublic));
    cluster.secret(
        "slipway-signing-keys", Map.of("signing.pem", signing, "signing.pub.pem", signingPublic));
    cluster.secret(
        "slipway-trusted-keys",
        Map.of("signing.pub.pem", signingPublic, "targets.pub.pem", targetsPublic));
  }

  /** All at once: the services wait for the schema. */
  private static void centre(LocalCluster cluster) throws Exception {
    for (var service : View.STATELESS) {
      cluster.start(service);
    }
    cluster.start("migrate").process().awaitSuccess();
    for (var service : View.STATELESS) {
      cluster.pod(service).awaitWell();
    }
  }

  private static void workersAndRegion(LocalCluster cluster) throws Exception {
    var deploy = new Api(cluster.pod("deploy-service").address(), ADMIN);
    cluster.secret("slipway-worker", Map.of("token", token(deploy, "WORKER", Map.of())));
    cluster.secret(
        "slipway-region",
        Map.of(
            "token", token(deploy, "REGION", Map.of("scope", REGION)),
            "machine-secret", Secrets.random(),
            "admin-token", ADMIN,
            "swarm-secret", Secrets.random()));
    new Api(cluster.pod("replication-checker").address(), ADMIN)
        .put(
            "/api/v1/regions/" + REGION,
            Map.of("bucket", cluster.bucket("example-slipway-eu-west"), "wanted", true));
    cluster.start("build-worker");
    cluster.start("regional-agent");
    cluster.pod("build-worker").awaitWell();
    cluster.pod("regional-agent").awaitWell();
  }

  private static String token(Api deploy, String role, Map<String, String> scope)
      throws IOException, InterruptedException {
    var wish = new HashMap<>(scope);
    wish.put("name", role);
    wish.put("role", role);
    return deploy.post("/api/v1/tokens", wish).path("token").asString();
  }

  /** It has no port: the centre knows that it is there, and where. */
  private static void machine(LocalCluster cluster, String database) throws Exception {
    var agent = new Api(cluster.pod("regional-agent").address(), ADMIN);
    var registration = agent.post("/api/v1/registrations", Map.of()).path("token").asString();
    cluster.secret("slipway-machine", Map.of("registration-token", registration));
    cluster.start("machine-agent");
    var jdbc = JdbcClient.create(new DriverManagerDataSource(database));
    var machine =
        Wait.until(
            "the machine",
            () ->
                jdbc.sql("select region, id, zone from machine").query().listOfRows().stream()
                    .findFirst()
                    .orElse(null));
    assertThat(machine)
        .containsEntry("region", REGION)
        .containsEntry("id", LocalCluster.NODE)
        .containsEntry("zone", LocalCluster.ZONE);
  }
}
