package dev.slipway.bench.walk;

import dev.slipway.bench.Jars;
import dev.slipway.bench.Launched;
import dev.slipway.bench.Memory;
import dev.slipway.bench.Run;
import dev.slipway.bench.Samples;
import dev.slipway.common.machine.MachineId;
import dev.slipway.standalone.Elsewhere;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts a machine's agent as a process of its own, which has nothing to run. */
final class Agents {
  private static final double RESIDENT_MB = 130;
  private static final double READY_S = 2;
  private static final int IDLE_SECONDS = 5;

  private final Run run;
  private final Samples ready = new Samples();
  private final Samples resident = new Samples();

  Agents(Run run) {
    this.run = run;
  }

  void measure(Elsewhere installation) throws IOException, InterruptedException {
    var config = config(installation, run.folder().resolve("machine"));
    var command =
        Jars.command("machine-agent", Jars.MACHINE_FLAGS, List.of("--config", config.toString()));
    for (var round = 0; round <= run.rounds(); round++) {
      try (var agent = Launched.start(command, "ready: ")) {
        Walk.round(run, round, ready, agent.readySeconds(), "machine agent ready in %.2f s");
        TimeUnit.SECONDS.sleep(IDLE_SECONDS);
        Walk.round(
            run, round, resident, Memory.residentMb(agent.handle()), "machine agent idle: %.1f MB");
      }
    }
  }

  /** It hosts one app that nobody has registered. */
  private static Path config(Elsewhere installation, Path folder) throws IOException {
    var id = new MachineId("bench-1");
    Files.createDirectories(folder);
    return Files.writeString(
        folder.resolve("agent.properties"),
        """
        slipway.machine.id=%s
        slipway.machine.regional-agents=%s
        slipway.machine.token=%s
        slipway.machine.trusted-key-files=%s
        slipway.machine.dir=%s
        slipway.machine.swarm-host=127.0.0.1
        slipway.machine.apps.idle.port=%d
        """
            .formatted(
                id,
                installation.regionalAgent(0),
                installation.machineToken(0, id),
                installation.publicKeyFile(),
                folder.resolve("data"),
                installation.ports().lastApp(installation.size().machines())));
  }

  void report() {
    run.results().figure("walk.agent_rss_MB", resident, "MB", RESIDENT_MB);
    run.results().figure("walk.agent_ready_s", ready, "s", READY_S);
  }
}
