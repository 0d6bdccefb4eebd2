package dev.slipway.bench.ha;

import dev.slipway.standalone.Teller;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The small disks of one worker and of one regional agent; none where they cannot be made. */
record Disks(Optional<SmallDisk> worker, Optional<SmallDisk> agent) implements AutoCloseable {
  static Disks mount(Path worker, Path agent, Teller teller)
      throws IOException, InterruptedException {
    var first = SmallDisk.mount(worker, teller);
    return new Disks(first, first.isEmpty() ? first : SmallDisk.mount(agent, teller));
  }

  @Override
  public void close() throws IOException {
    if (agent.isPresent()) {
      agent.get().close();
    }
    if (worker.isPresent()) {
      worker.get().close();
    }
  }
}
