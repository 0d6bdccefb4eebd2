package dev.slipway.standalone.compose;

import dev.slipway.common.machine.MachineId;
import dev.slipway.common.region.RegionName;
import dev.slipway.standalone.Keys;
import dev.slipway.standalone.Reach;
import dev.slipway.standalone.Size;
import java.io.IOException;
import java.net.URI;

/** The installation of {@code docker-compose.yml}, as its containers see each other. */
final class Composed implements Reach {
  static final Size SIZE = new Size(Size.DEFAULT.regions(), 2, 2);

  /** The first port for apps on each machine; each machine has an address of its own. */
  static final int FIRST_APP = 8100;

  static final int LAST_APP = 8109;

  private final Keys keys;

  Composed(Keys keys) {
    this.keys = keys;
  }

  /** A machine, counted over all regions. */
  static MachineId machine(int index) {
    return new MachineId(region(index) + "-" + (index % SIZE.machinesARegion() + 1));
  }

  /** The region of a machine, counted over all regions. */
  static RegionName region(int machine) {
    return SIZE.regions().get(machine / SIZE.machinesARegion());
  }

  /** A region's bucket, which its agent and replication-checker see in the same place. */
  static URI bucket(RegionName region) {
    return URI.create("file:///buckets/" + region);
  }

  static URI regionalAgent(RegionName region) {
    return URI.create("http://regional-agent-" + region + ":8090");
  }

  static URI git() {
    return URI.create("http://git:" + GitServer.PORT);
  }

  static URI webhook() {
    return URI.create("http://build-queue-service:8081/webhooks/github");
  }

  @Override
  public Size size() {
    return SIZE;
  }

  @Override
  public String adminToken() throws IOException {
    return keys.secret("admin");
  }

  @Override
  public URI console() {
    return URI.create("http://deploy-service:8080");
  }

  @Override
  public URI queue() {
    return URI.create("http://build-queue-service:8081");
  }

  @Override
  public URI replication() {
    return URI.create("http://replication-checker:8083");
  }

  /** The sample is the only app, so it has the first port on every machine. */
  @Override
  public URI app(int machine, String app) {
    return URI.create("http://machine-%s:%d".formatted(machine(machine), FIRST_APP));
  }
}
