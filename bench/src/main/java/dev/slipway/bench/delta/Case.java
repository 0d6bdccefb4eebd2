package dev.slipway.bench.delta;

import dev.slipway.bench.Run;
import dev.slipway.bench.Samples;
import dev.slipway.common.target.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** One change of the folder, in several rounds. */
final class Case {
  private final Run run;
  private final String name;
  private final Release release;
  private final long changed;
  private final Samples moved = new Samples();
  private final Samples fromBefore = new Samples();
  private final Samples seconds = new Samples();
  private final Samples wholeSeconds = new Samples();
  private final Samples zsyncMoved = new Samples();
  private final Samples zsyncSeconds = new Samples();

  /**
   * @param changed bytes
   */
  Case(Run run, String name, Release release, long changed) {
    this.run = run;
    this.name = name;
    this.release = release;
    this.changed = changed;
  }

  /** A machine with the release before gets this one; the first round is warm-up. */
  void update(Machine machine, Agent agent, Bucket bucket, int round) throws Exception {
    var before = machine.counted("release");
    var fetched = machine.fetch(agent.assignment(release));
    check(fetched.file(), bucket);
    if (round > 0) {
      moved.add(share(fetched.moved()));
      fromBefore.add(share(machine.counted("release") - before));
      seconds.add(fetched.seconds());
    }
    machine.letGo(agent.assignment(release));
    tell("update", round, fetched.seconds(), fetched.moved());
  }

  /** A machine that has nothing gets it by HTTP. */
  void whole(Machine fresh, Agent agent, Bucket bucket, int round) throws Exception {
    var fetched = fresh.fetch(agent.assignment(release));
    check(fetched.file(), bucket);
    if (round > 0) {
      wholeSeconds.add(fetched.seconds());
    }
    fresh.letGo(agent.assignment(release));
    tell("whole", round, fetched.seconds(), fetched.moved());
  }

  /** zsync, from what it was told to offer. */
  void zsync(Zsync zsync, Path folder, Path old, ByteServer server, int port, int round)
      throws IOException, InterruptedException {
    var updated = zsync.update(folder, server, old, port);
    if (round > 0) {
      zsyncMoved.add(share(updated.moved()));
      zsyncSeconds.add(updated.seconds());
    }
    tell("zsync", round, updated.seconds(), updated.moved());
  }

  private void check(Path file, Bucket bucket) throws IOException {
    if (Files.mismatch(file, bucket.file(release)) != -1) {
      run.results().violated(name + ": another file was made");
    }
  }

  private double share(long bytes) {
    return (double) bytes / release.size();
  }

  private void tell(String who, int round, double took, long bytes) {
    run.teller()
        .tell(
            name,
            String.format(
                Locale.ROOT,
                "%s %-6s %6.2f s, %5.2f %% moved",
                round == 0 ? "warm-up  " : "round %d/%d".formatted(round, run.rounds()),
                who,
                took,
                100 * share(bytes)));
  }

  /**
   * @param most what may move, as a share of the size
   */
  void report(double most) {
    var results = run.results();
    var changes = new Samples();
    changes.add(share(changed));
    results.figure("delta." + name + ".moved_bytes_share", moved, "share", most);
    results.figure("delta." + name + ".changed_bytes_share", changes, "share");
    results.detail(name + ": filled from the release before", fromBefore, "share");
    results.detail(name + ": seconds", seconds, "s");
    results.detail(name + ": seconds whole by HTTP", wholeSeconds, "s");
    if (zsyncMoved.count() > 0) {
      results.detail(name + ": moved by zsync", zsyncMoved, "share");
      results.detail(name + ": seconds of zsync", zsyncSeconds, "s");
    }
  }

  /** Bytes that changed, as a share of the size. */
  double changedShare() {
    return share(changed);
  }
}
