package dev.slipway.bench.delta;

import dev.slipway.bench.Program;
import dev.slipway.bench.Run;
import dev.slipway.common.target.Release;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/**
 * A machine that has a release of a folder gets the next, of which little has changed: a worker's
 * publisher, a regional agent and a machine's artifacts as they are, over loopback. Beside it the
 * whole artifact by HTTP, and zsync.
 */
public final class Delta implements Program {
  private static final int MIB = 1024;
  private static final int QUICK_MIB = 128;

  /** Of the size, besides the bytes that changed. */
  private static final double MOST_BESIDES = 0.03;

  /** Times the bytes that changed, in many small runs. */
  private static final double MOST_TIMES = 8;

  private record Setting(
      Run run, Content content, Bucket bucket, Agent agent, Machine machine, Release old) {}

  @Override
  public String name() {
    return "delta";
  }

  @Override
  public Duration expected(boolean quick) {
    return quick ? Duration.ofMinutes(2) : Duration.ofMinutes(8);
  }

  @Override
  public void run(Run run) throws Exception {
    var mib = run.quick() ? QUICK_MIB : MIB;
    var content = new Content(run.folder().resolve("checkout"), mib);
    run.teller().tell("content", "making a folder of %d MiB".formatted(mib));
    content.make();
    var bucket = new Bucket(run.folder().resolve("bucket"));
    var zsync = Zsync.fetch(cache(), run.teller());
    var old = bucket.publish(1, content.checkout());
    try (var agent = new Agent(run.folder(), bucket, run.ports().region(0));
        var machine = new Machine(run.folder().resolve("machine"), agent, bucket)) {
      machine.fetch(agent.assignment(old));
      var setting = new Setting(run, content, bucket, agent, machine, old);
      measure(setting, zsync, "files", content::changeFiles, c -> c + MOST_BESIDES);
      measure(setting, zsync, "bytes", content::changeBytes, c -> c * MOST_TIMES);
      measure(setting, zsync, "insert", content::insert, c -> c + MOST_BESIDES);
    }
  }

  private static Path cache() {
    return Path.of(System.getProperty("slipway.launcher", "slipway"))
        .toAbsolutePath()
        .resolveSibling("bench/target/delta-peers");
  }

  private static void measure(
      Setting setting,
      Optional<Zsync> zsync,
      String name,
      Content.Change change,
      DoubleUnaryOperator most)
      throws Exception {
    var changed = change.make();
    var release = setting.bucket().publish(2, setting.content().checkout());
    var measured = new Case(setting.run(), name, release, changed);
    for (var round = 0; round <= setting.run().rounds(); round++) {
      measured.update(setting.machine(), setting.agent(), setting.bucket(), round);
      whole(setting, measured, round);
      if (zsync.isPresent()) {
        zsync(setting, measured, zsync.get(), release, round);
      }
    }
    measured.report(most.applyAsDouble(measured.changedShare()));
    setting.bucket().forget(release);
    setting.content().restore();
  }

  private static void whole(Setting setting, Case measured, int round) throws Exception {
    var folder = setting.run().folder().resolve("fresh");
    try (var fresh = new Machine(folder, setting.agent(), setting.bucket())) {
      measured.whole(fresh, setting.agent(), setting.bucket(), round);
    }
  }

  private static void zsync(Setting setting, Case measured, Zsync zsync, Release release, int round)
      throws Exception {
    var folder = setting.run().folder().resolve("zsync");
    var port = setting.run().ports().region(1);
    if (round == 0) {
      zsync.offer(folder, setting.bucket().file(release), port);
    }
    try (var server = new ByteServer(folder, port)) {
      measured.zsync(zsync, folder, setting.bucket().file(setting.old()), server, port, round);
    }
  }
}
