package dev.slipway.bench.delta;

import dev.slipway.common.access.MachineTokens;
import dev.slipway.common.access.Secrets;
import dev.slipway.common.machine.Assignment;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.target.Release;
import dev.slipway.region.RegionalAgentApplication;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.springframework.context.ConfigurableApplicationContext;

/** A regional agent as it is, whose centre is away: it serves what is in its bucket. */
final class Agent implements AutoCloseable {
  /** Nobody listens there; an agent answers its machines all the same. */
  private static final String NOWHERE = "http://127.0.0.1:1";

  private static final String MACHINE = "m1";

  private final String secret = Secrets.random();
  private final URI address;
  private final ConfigurableApplicationContext context;

  Agent(Path folder, Bucket bucket, int port) throws IOException {
    var key = Files.writeString(folder.resolve("trusted.pem"), bucket.publicKey());
    this.address = URI.create("http://127.0.0.1:" + port);
    this.context =
        RegionalAgentApplication.builder()
            .registerShutdownHook(false)
            .run(
                List.of(
                        "server.port=" + port,
                        "server.address=127.0.0.1",
                        "slipway.region.name=bench",
                        "slipway.region.dir=" + folder.resolve("agent"),
                        "slipway.region.bucket=" + bucket.folder().toUri(),
                        "slipway.region.home-bucket=" + bucket.folder().toUri(),
                        "slipway.region.replication-url=" + NOWHERE,
                        "slipway.region.deploy-url=" + NOWHERE,
                        "slipway.region.token=none",
                        "slipway.region.machine-secret=" + secret,
                        "slipway.region.machine-rate=100GB",
                        "slipway.region.trusted-key-files=" + key,
                        "slipway.region.swarm-host=127.0.0.1",
                        "slipway.region.swarm-port=0")
                    .stream()
                    .map(property -> "--" + property)
                    .toArray(String[]::new));
  }

  String token() {
    return new MachineTokens(secret).tokenOf(new MachineId(MACHINE));
  }

  /** What a machine is told of a release. */
  Assignment assignment(Release release) {
    var file = Path.of(release.manifest()).getFileName();
    return new Assignment(
        Bucket.APP,
        release.build(),
        release,
        address.resolve("/api/v1/manifests/" + Bucket.APP + "/" + file),
        address.resolve("/artifacts/" + Bucket.APP + "/" + release.sha256()),
        address.resolve(
            "/api/v1/machines/" + MACHINE + "/passes/" + Bucket.APP + "/" + release.sha256()));
  }

  /** Bytes of artifacts and of block signatures that machines have read of it. */
  long served() {
    return (long) context.getBean(MeterRegistry.class).counter("slipway.outlet.bytes").count();
  }

  @Override
  public void close() {
    context.close();
  }
}
