package dev.slipway.bench.deploy;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How many starts there were on each machine at some moment, to tell those after it. */
final class Marks {
  private final Found found;
  private final Map<Host, Integer> known = new HashMap<>();

  /** As it is now. */
  Marks(Scene scene) throws IOException {
    this.found = scene.found();
    for (var host : scene.hosts()) {
      known.put(host, host.starts().size());
    }
  }

  /** Exactly these builds must have been started on a machine since then, in that order. */
  void mustBeFollowedBy(Host host, List<Long> builds) throws IOException {
    var started =
        host.starts().stream().skip(known.getOrDefault(host, 0)).map(Start::build).toList();
    found.must(
        started.equals(builds),
        "%s started the builds %s where it should have %s".formatted(host.id(), started, builds));
  }
}
