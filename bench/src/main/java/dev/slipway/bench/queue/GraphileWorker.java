package dev.slipway.bench.queue;

import java.io.IOException;
import java.util.List;

/** graphile-worker, which deletes a job when it is done. */
final class GraphileWorker extends NodePeer implements Wakeable {
  /** As in the performance tests of its own repository. */
  private static final int BATCH = 500;

  private GraphileWorker(String name, Kind kind, PeerProcess process) {
    super(name, kind, List.of("graphile_worker._private_jobs"), process);
  }

  /** One at a time, and in batches, on the same tables. */
  static List<GraphileWorker> all(NodeModules node, Server.Place place)
      throws IOException, InterruptedException {
    var one = new GraphileWorker("graphile-worker", Kind.PEER, start(node, place, 1));
    one.process.call("setup");
    return List.of(
        one,
        new GraphileWorker("graphile-worker.batch", Kind.PEER_AHEAD, start(node, place, BATCH)));
  }

  private static PeerProcess start(NodeModules node, Server.Place place, int batch)
      throws IOException, InterruptedException {
    return node.start("graphile-worker.mjs", place.nodeUrl(), "" + batch);
  }

  @Override
  public List<Double> pickups(int workers, int probes) throws IOException, InterruptedException {
    return process.call("pickup", workers, WARM_UP, probes);
  }
}
