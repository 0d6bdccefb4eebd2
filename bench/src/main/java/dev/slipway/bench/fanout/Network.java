package dev.slipway.bench.fanout;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Hosts of their own on this machine: network namespaces, joined by bridges, with shaped links.
 * Needs root. What it makes is named after this process and gone when it is closed.
 *
 * <p>A link is shaped where its bytes leave an interface, by a token bucket ({@code tc-tbf}) with a
 * queue of 100 ms.
 */
final class Network implements AutoCloseable {
  private final String prefix = "slw" + ProcessHandle.current().pid();
  private final String hub = prefix + "hub";
  private final List<String> namespaces = new ArrayList<>();
  private final Set<String> bridges = new HashSet<>();
  private int hosts;

  /**
   * A host of the network.
   *
   * @param namespace its network namespace
   * @param ip its address
   * @param port the hub's end of its link
   */
  record Host(String namespace, String ip, String port) {
    /** A command, to be run there. */
    List<String> command(List<String> command) {
      var all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
      all.addAll(command);
      return all;
    }
  }

  /**
   * Makes sure that namespaces can be made here.
   *
   * @throws IOException which says what is missing
   */
  static Network open() throws IOException, InterruptedException {
    if (!"root".equals(System.getProperty("user.name"))) {
      throw new IOException("network namespaces are made by root only: run it as root");
    }
    var network = new Network();
    try {
      network.namespace(network.hub);
      return network;
    } catch (IOException | InterruptedException failed) {
      network.close();
      throw new IOException(
          "ip and tc (Debian's iproute2) and the right to make network namespaces are needed: "
              + failed.getMessage(),
          failed);
    }
  }

  private void namespace(String name) throws IOException, InterruptedException {
    ip("netns", "add", name);
    namespaces.add(name);
    in(name, "link", "set", "lo", "up");
  }

  /** Makes a bridge, in which everybody reaches everybody. */
  void bridge(String name) throws IOException, InterruptedException {
    in(hub, "link", "add", name, "type", "bridge");
    in(hub, "link", "set", name, "up");
    bridges.add(name);
  }

  /**
   * Joins two bridges by a link of its own.
   *
   * @return the interface through which bytes come to {@code to}
   */
  String join(String from, String to, int mbit) throws IOException, InterruptedException {
    var near = "w" + bridges.size() + "a" + to;
    var far = "w" + bridges.size() + "b" + to;
    in(hub, "link", "add", near, "type", "veth", "peer", "name", far);
    in(hub, "link", "set", near, "master", from, "up");
    in(hub, "link", "set", far, "master", to, "up");
    shape(hub, near, mbit);
    shape(hub, far, mbit);
    return near;
  }

  /**
   * Makes a host.
   *
   * @param up what it can send, in Mbit/s
   * @param down what it can receive
   */
  Host host(String bridge, int up, int down) throws IOException, InterruptedException {
    var number = ++hosts;
    var name = prefix + "h" + number;
    var port = "p" + number;
    var address = "10.77.%d.%d".formatted(number / 250, 1 + number % 250);
    namespace(name);
    in(hub, "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", name);
    in(hub, "link", "set", port, "master", bridge, "up");
    in(name, "addr", "add", address + "/16", "dev", "eth0");
    in(name, "link", "set", "eth0", "up");
    shape(name, "eth0", up);
    shape(hub, port, down);
    return new Host(name, address, port);
  }

  /** Bytes that left the hub through an interface: what the other side has received. */
  long bytesInto(String port) throws IOException, InterruptedException {
    return counter(port, "tx_bytes");
  }

  /** Bytes that a host has sent. */
  long bytesFrom(Host host) throws IOException, InterruptedException {
    return counter(host.port(), "rx_bytes");
  }

  private long counter(String port, String name) throws IOException, InterruptedException {
    var file = "/sys/class/net/" + port + "/statistics/" + name;
    // the exec gives it the namespace's own view of /sys
    return Long.parseLong(Shell.run(List.of("ip", "netns", "exec", hub, "cat", file)).strip());
  }

  private static void shape(String namespace, String device, int mbit)
      throws IOException, InterruptedException {
    Shell.run(
        List.of(
            "ip",
            "netns",
            "exec",
            namespace,
            "tc",
            "qdisc",
            "add",
            "dev",
            device,
            "root",
            "tbf",
            "rate",
            mbit + "mbit",
            "burst",
            "64kb",
            "latency",
            "100ms"));
  }

  private static void in(String namespace, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("ip", "-n", namespace));
    command.addAll(List.of(arguments));
    Shell.run(command);
  }

  private static void ip(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    Shell.run(command);
  }

  @Override
  public void close() throws IOException {
    var interrupted = Thread.interrupted();
    for (var name : namespaces.reversed()) {
      try {
        ip("netns", "delete", name);
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    namespaces.clear();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
