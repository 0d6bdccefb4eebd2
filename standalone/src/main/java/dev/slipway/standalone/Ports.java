package dev.slipway.standalone;

import dev.slipway.common.problem.InvalidInput;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * Every port of an installation, counted from one base: the services at the base and up, regional
 * agents from base + 10, the apps of machines from base + 100, ten a machine.
 */
public record Ports(int base) {
  /** How many regions there may be. */
  static final int MOST_REGIONS = 10;

  private static final int WORKERS = 4;
  private static final int DATABASE = 9;
  private static final int REGIONS = 10;
  private static final int APPS = 100;
  private static final int APPS_A_MACHINE = 10;

  public Ports {
    InvalidInput.unless(base >= 1024 && base <= 60_000, "--port", "must be 1024 to 60000");
  }

  public int deployService() {
    return base;
  }

  public int buildQueueService() {
    return base + 1;
  }

  public int heartbeatReaper() {
    return base + 2;
  }

  public int replicationChecker() {
    return base + 3;
  }

  /** A worker's, from 0 to 4. */
  public int worker(int index) {
    return base + WORKERS + index;
  }

  public int database() {
    return base + DATABASE;
  }

  /** A region's agent. */
  public int region(int index) {
    return base + REGIONS + index;
  }

  /** The first and last port for the apps of a machine, counted over all regions. */
  public int firstApp(int machine) {
    return base + APPS + APPS_A_MACHINE * machine;
  }

  public int lastApp(int machine) {
    return firstApp(machine) + APPS_A_MACHINE - 1;
  }

  /**
   * Makes sure that nobody has one of the services' ports.
   *
   * @throws InvalidInput which names the ports that are taken
   */
  void requireFree(Size size) {
    var wanted =
        new ArrayList<>(
            List.of(
                deployService(),
                buildQueueService(),
                heartbeatReaper(),
                replicationChecker(),
                database()));
    for (var i = 0; i < size.workers(); i++) {
      wanted.add(worker(i));
    }
    for (var i = 0; i < size.regions().size(); i++) {
      wanted.add(region(i));
    }
    var taken = wanted.stream().filter(port -> !isFree(port)).toList();
    InvalidInput.unless(
        taken.isEmpty(),
        "port " + taken,
        "must be free; another base is chosen with --port, as in --port " + (base + 1000));
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
