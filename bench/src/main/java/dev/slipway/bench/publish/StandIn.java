package dev.slipway.bench.publish;

import dev.slipway.bench.Launched;
import dev.slipway.common.blob.FakeGcsServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A process that stands in for Cloud Storage: the server that the tests use. It counts and sums
 * what it is sent, and keeps nothing of it.
 */
final class StandIn {
  static final String BUCKET = "bench";
  private static final String READY = "ready";

  private StandIn() {}

  /** Starts it. */
  static Launched start(int port) throws IOException, InterruptedException {
    return Launched.start(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            StandIn.class.getName(),
            Integer.toString(port)),
        READY);
  }

  static void main(String[] arguments) throws Exception {
    try (var server = new FakeGcsServer(Integer.parseInt(arguments[0]), false, BUCKET)) {
      System.out.println(READY + " " + server.address());
      Thread.currentThread().join();
    }
  }
}
