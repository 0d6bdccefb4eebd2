package dev.slipway.standalone.compose;

import dev.slipway.standalone.Api;
import dev.slipway.standalone.HookedRepository;
import dev.slipway.standalone.Keys;
import dev.slipway.standalone.Teller;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * What the containers of {@code docker-compose.yml} run that are no services: four that end when
 * they are done, and may be run again, and the git server.
 */
@Command(
    name = "compose",
    description = "Sets up the installation of docker-compose.yml.",
    mixinStandardHelpOptions = true)
public final class Compose {
  /** All keys, in the containers of whoever runs the installation. */
  private static final Path KEYS = Path.of("/run/slipway/keys");

  /** Runs a command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    var line = new CommandLine(new Compose());
    line.setExecutionExceptionHandler((failed, command, result) -> {
      System.err.println(failed);
      return 1;
    });
    System.exit(line.execute(arguments));
  }

  @Command(description = "Makes the keys that are missing and hands out what each part needs.")
  int keys() throws Exception {
    new Handout(new Keys(KEYS), Path.of("/volumes")).run();
    return 0;
  }

  @Command(description = "Brings the database up to date and puts tokens in.")
  int schema() throws Exception {
    new Schema(new Keys(KEYS)).run();
    return 0;
  }

  @Command(description = "Registers the regions.")
  int regions() throws Exception {
    var composed = new Composed(new Keys(KEYS));
    var checker = new Api(composed.replication(), composed.adminToken());
    for (var region : Composed.SIZE.regions()) {
      Patience.put(
          checker,
          "/api/v1/regions/" + region,
          Map.of("bucket", Composed.bucket(region), "wanted", true));
    }
    return 0;
  }

  @Command(description = "Serves the sample's git repository by HTTP.")
  int git() throws Exception {
    var root = Path.of("/var/lib/slipway");
    HookedRepository.make(
        root.resolve(SampleApp.NAME + ".git"),
        SampleApp.repository(),
        Composed.webhook(),
        KEYS.resolve("webhook-secret"));
    try (var _ = GitServer.start(root, new InetSocketAddress(GitServer.PORT))) {
      // until a signal ends the process
      new CountDownLatch(1).await();
    }
    return 0;
  }

  @Command(description = "Registers the sample, pushes it and follows it to every machine.")
  int sample() throws Exception {
    var keys = new Keys(KEYS);
    new SampleApp(keys, new Composed(keys), new Teller(System.out)).run();
    return 0;
  }
}
