package dev.slipway.bench.deploy;

import dev.slipway.standalone.Teller;
import dev.slipway.standalone.Wait;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the parts of the drill work with.
 *
 * @param first the region that waves begin with
 * @param second the one that they end with
 */
record Scene(
    Services services,
    Region first,
    Region second,
    Builds builds,
    Deployments deployments,
    Ledger ledger,
    Found found,
    Teller teller) {
  private static final Duration LONGEST = Duration.ofMinutes(3);

  List<Host> hosts() {
    return Stream.of(first, second).flatMap(region -> region.hosts().stream()).toList();
  }

  /** Deploys a build, which must end well, on machines that are left alone. */
  void deploy(long build) throws IOException, InterruptedException {
    mustEndWell(deployments.press(build), build);
  }

  /** Waits for a deployment's end, after which every machine must run its build, once. */
  void mustEndWell(long deployment, long build) throws IOException, InterruptedException {
    var fate = deployments.awaitEnd(deployment);
    found.must(fate.status().equals("SUCCEEDED"), "deployment " + deployment + " ended as " + fate);
    for (var host : hosts()) {
      mustRun(host, build);
    }
  }

  void mustRun(Host host, long build) throws IOException {
    found.must(
        host.runs(build),
        "%s is to run build %d, and has %d processes after the starts %s"
            .formatted(host.id(), build, host.processes(), host.starts()));
  }

  /** Waits until machines run a build. */
  void awaitRunning(List<Host> some, long build) throws IOException, InterruptedException {
    for (var host : some) {
      Wait.until(
          host.id() + " to run build " + build, LONGEST, () -> host.runs(build) ? host : null);
    }
  }
}
