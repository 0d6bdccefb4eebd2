package dev.slipway.bench.walk;

import dev.slipway.bench.Memory;
import dev.slipway.bench.Run;
import dev.slipway.bench.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What is resident of an installation, some time after it was last busy. */
final class TreeMemory {
  private static final double TARGET_MB = 2048;
  private static final int IDLE_SECONDS = 10;

  private final Run run;
  private final Samples whole = new Samples();
  private final Samples jvm = new Samples();
  private final Samples database = new Samples();
  private final Samples apps = new Samples();

  TreeMemory(Run run) {
    this.run = run;
  }

  void measure(ProcessHandle up, Path data) throws IOException, InterruptedException {
    run.teller().tell("memory", "waiting " + IDLE_SECONDS + " s for it to be idle");
    TimeUnit.SECONDS.sleep(IDLE_SECONDS);
    for (var round = 0; round <= run.rounds(); round++) {
      TimeUnit.SECONDS.sleep(1);
      take(round, up, data);
    }
  }

  private void take(int round, ProcessHandle up, Path data) throws IOException {
    // a server of its own, so that it is nobody's child
    var postgres = tree(postmaster(data)).toList();
    var others =
        tree(up).filter(process -> !process.equals(up) && !postgres.contains(process)).toList();
    var ours = Memory.sharedMb(List.of(up));
    var databases = Memory.sharedMb(postgres);
    var samples = Memory.sharedMb(others);
    Walk.round(
        run,
        round,
        whole,
        ours + databases + samples,
        "%%.0f MB in %d processes".formatted(1 + postgres.size() + others.size()));
    if (round > 0) {
      jvm.add(ours);
      database.add(databases);
      apps.add(samples);
    }
  }

  private static ProcessHandle postmaster(Path data) throws IOException {
    var pid = Files.readAllLines(data.resolve("postgres/postmaster.pid")).getFirst().strip();
    return ProcessHandle.of(Long.parseLong(pid))
        .orElseThrow(() -> new IOException("PostgreSQL does not run"));
  }

  private static Stream<ProcessHandle> tree(ProcessHandle root) {
    return Stream.concat(Stream.of(root), root.descendants());
  }

  void report() {
    run.results().figure("walk.rss_MB", whole, "MB", TARGET_MB);
    run.results().detail("services, 3 regions and 12 agents (a JVM)", jvm, "MB");
    run.results().detail("PostgreSQL", database, "MB");
    run.results().detail("the sample app on 12 machines", apps, "MB");
  }
}
