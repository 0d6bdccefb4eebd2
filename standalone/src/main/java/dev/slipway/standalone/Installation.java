package dev.slipway.standalone;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/** Slipway running on this machine, be it in one JVM or in many processes. */
public interface Installation extends Reach {
  /** Where everything is kept. */
  Path data();

  /** Where everything listens. */
  Ports ports();

  @Override
  default URI console() {
    return Services.local(ports().deployService());
  }

  @Override
  default URI queue() {
    return Services.local(ports().buildQueueService());
  }

  @Override
  default URI replication() {
    return Services.local(ports().replicationChecker());
  }

  /** A region's agent, by its place in {@link Size#regions()}. */
  default URI regionalAgent(int index) {
    return Services.local(ports().region(index));
  }

  /** The port on which an app answers on a machine, counted over all regions. */
  default int appPort(int machine, String app) throws IOException {
    return ports().firstApp(machine);
  }

  @Override
  default URI app(int machine, String app) throws IOException {
    return Services.local(appPort(machine, app));
  }
}
