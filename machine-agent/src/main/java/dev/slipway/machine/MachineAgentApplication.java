package dev.slipway.machine;

import dev.slipway.common.loop.Loop;
import dev.slipway.common.problem.InvalidInput;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * A machine agent as a process of its own: {@code --config FILE}, a properties file in UTF-8. It
 * ends on SIGTERM and leaves the apps running, unless it is told otherwise. Unknown keys are
 * refused.
 *
 * <ul>
 *   <li>{@code slipway.machine.id}: the machine's name, unique in its region
 *   <li>{@code slipway.machine.region}: the machine's region; required with target keys
 *   <li>{@code slipway.machine.zone}: where it stands; default {@code default}
 *   <li>{@code slipway.machine.labels}: what it is, separated by commas; default none
 *   <li>{@code slipway.machine.regional-agents}: base addresses, separated by commas, tried in
 *       order
 *   <li>{@code slipway.machine.token}, or {@code token-file} with the file that holds it
 *   <li>{@code slipway.machine.registration-token}, or {@code registration-token-file}: in the
 *       place of a token, what the machine gets its own with when it first starts
 *   <li>{@code slipway.machine.trusted-keys}: public keys in PEM, one after the other; or {@code
 *       trusted-key-files}: files of one each, separated by commas
 *   <li>{@code slipway.machine.target-keys}, {@code target-key-files}: as these, of those who sign
 *       targets; without any, targets are taken unsigned
 *   <li>{@code slipway.machine.dir}: where everything is kept
 *   <li>{@code slipway.machine.apps.NAME.port} and {@code slipway.machine.apps.NAME.env.VARIABLE}
 *   <li>{@code slipway.machine.any-app}: FROM-TO, a range of ports; when given, every app that the
 *       region assigns is run, each on a free port of these
 *   <li>{@code slipway.machine.keep-releases}: releases that each app keeps; default 3
 *   <li>{@code slipway.machine.swarm-host}: address to listen on; default all
 *   <li>{@code slipway.machine.swarm-port}: default any
 *   <li>{@code slipway.machine.stop-apps}: whether apps end with the agent, as they must in a
 *       container; default false
 * </ul>
 */
public final class MachineAgentApplication {
  private static final Duration METRICS = Duration.ofSeconds(15);

  private static final int USAGE = 2;

  private MachineAgentApplication() {}

  public static void main(String[] arguments) throws InterruptedException {
    Logging.toStandardError();
    if (arguments.length != 2 || !arguments[0].equals("--config")) {
      quit("usage: machine-agent --config FILE");
    }
    try {
      var meters = new SimpleMeterRegistry();
      var config = ConfigFile.read(Path.of(arguments[1]), new Registration(meters)::credential);
      var agent = new MachineAgent(config, Clock.systemUTC(), meters);
      Runnable end = config.stopApps() ? agent::stopApps : agent::close;
      Runtime.getRuntime().addShutdownHook(new Thread(end, "stop"));
      agent.start();
      writeMetrics(config.dir(), meters);
      System.out.println("ready: " + config);
    } catch (InvalidInput | IOException | UncheckedIOException e) {
      quit("machine-agent cannot start: " + e.getMessage());
    }
    // until a signal ends it: everything runs on virtual threads, which keep no process alive
    new CountDownLatch(1).await();
  }

  private static void writeMetrics(Path folder, MeterRegistry meters) {
    var file = new MetricsFile(folder, meters);
    new Loop(Thread.ofVirtual(), "metrics", METRICS, file::runOnce, meters).start();
  }

  private static void quit(String reason) {
    System.err.println(reason);
    System.exit(USAGE);
  }
}
