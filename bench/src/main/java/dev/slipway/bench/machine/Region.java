package dev.slipway.bench.machine;

import dev.slipway.bench.Jars;
import dev.slipway.bench.Launched;
import dev.slipway.bench.Run;
import dev.slipway.common.access.MachineTokens;
import dev.slipway.common.access.Secrets;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.target.Release;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A regional agent: its executable jar in a process of its own. */
final class Region implements AutoCloseable {
  private static final List<String> FLAGS = List.of("-Xmx128m", "-XX:+UseSerialGC");
  private static final Duration LOOK = Duration.ofMillis(50);

  private final Launched process;
  private final URI address;
  private final Path folder;
  private final Path key;
  private final MachineTokens tokens;

  private Region(Launched process, URI address, Path folder, Path key, MachineTokens tokens) {
    this.process = process;
    this.address = address;
    this.folder = folder;
    this.key = key;
    this.tokens = tokens;
  }

  /** Starts one, whose bucket has the build already. */
  static Region start(Run run, Centre centre, Bucket bucket)
      throws IOException, InterruptedException {
    var key = Files.writeString(run.folder().resolve("trusted.pem"), bucket.publicKey());
    var folder = run.folder().resolve("region");
    var port = run.ports().region(0);
    var secret = Secrets.random();
    var process =
        Launched.start(
            Jars.command(
                "regional-agent",
                FLAGS,
                List.of(
                    "--server.port=" + port,
                    "--server.address=127.0.0.1",
                    "--slipway.region.name=" + Centre.REGION,
                    "--slipway.region.dir=" + folder,
                    "--slipway.region.bucket=" + bucket.folder().toUri(),
                    "--slipway.region.home-bucket=" + bucket.folder().toUri(),
                    "--slipway.region.replication-url=" + centre.address(),
                    "--slipway.region.deploy-url=" + centre.address(),
                    "--slipway.region.token=none",
                    "--slipway.region.machine-secret=" + secret,
                    "--slipway.region.machine-rate=100GB",
                    "--slipway.region.trusted-key-files=" + key,
                    "--slipway.region.swarm-host=127.0.0.1",
                    "--slipway.region.swarm-port=0")),
            "Started RegionalAgentApplication");
    return new Region(
        process, URI.create("http://127.0.0.1:" + port), folder, key, new MachineTokens(secret));
  }

  URI address() {
    return address;
  }

  URI artifact(Release release) {
    return address.resolve("/artifacts/" + Bucket.APP + "/" + release.sha256());
  }

  /** The file with the public key that everybody here trusts. */
  Path key() {
    return key;
  }

  String tokenOf(MachineId machine) {
    return tokens.tokenOf(machine);
  }

  ProcessHandle handle() {
    return process.handle();
  }

  /** Waits until its cache has all of a release. */
  void awaitCached(Release release, Duration longest) throws IOException, InterruptedException {
    var complete = folder.resolve("cache").resolve(release.sha256() + ".torrent");
    var end = System.nanoTime() + longest.toNanos();
    while (!Files.exists(complete)) {
      requireAlive();
      if (System.nanoTime() > end) {
        throw new IOException("the regional agent has not taken it in within " + longest);
      }
      Thread.sleep(LOOK);
    }
  }

  void requireAlive() throws IOException {
    process.requireAlive();
  }

  @Override
  public void close() throws IOException {
    process.close();
  }
}
