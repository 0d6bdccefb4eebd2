package dev.slipway.standalone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;

/**
 * What a service of Kubernetes is to its pods: one address for each global service; a new
 * connection goes to one of the processes that are let in, in turn, and stays with it.
 */
@NullMarked
final class Doors implements AutoCloseable {
  /** Above what an installation's services have, and below its apps. */
  private static final int FIRST = 20;

  private static final int TRIES = 50;

  private final Map<String, Door> doors;
  private final AtomicInteger next;

  Doors(Ports ports) throws IOException {
    this.next = new AtomicInteger(ports.base() + FIRST);
    this.doors =
        Map.of(
            "deploy-service", new Door(ports.deployService()),
            "build-queue-service", new Door(ports.buildQueueService()),
            "heartbeat-reaper", new Door(ports.heartbeatReaper()),
            "replication-checker", new Door(ports.replicationChecker()));
  }

  boolean has(String service) {
    return doors.containsKey(service);
  }

  /** A port for another process of a service; the first one's is let in at once. */
  int admitAnother(String service) throws IOException {
    var port = freePort();
    var door = door(service);
    door.waiting = port;
    if (door.inside.isEmpty()) {
      letIn(service);
    }
    return port;
  }

  private int freePort() throws IOException {
    for (var tries = 0; tries < TRIES; tries++) {
      var port = next.getAndIncrement();
      try (var socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return port;
      } catch (IOException taken) {
        // the next one may be free
      }
    }
    throw new IOException("no free ports from " + next);
  }

  /** The process that came last gets connections from now on. */
  void letIn(String service) {
    var door = door(service);
    door.inside.add(door.waiting);
  }

  /** A process gets no new connections any more; those that it has it keeps. */
  void leave(String service, int port) {
    door(service).inside.remove(Integer.valueOf(port));
  }

  private Door door(String service) {
    var door = doors.get(service);
    if (door == null) {
      throw new IllegalArgumentException(service + " has no door");
    }
    return door;
  }

  @Override
  public void close() throws IOException {
    for (var door : doors.values()) {
      door.socket.close();
    }
  }

  /** One address. */
  private static final class Door {
    final ServerSocket socket = new ServerSocket();
    final List<Integer> inside = new CopyOnWriteArrayList<>();
    volatile int waiting;
    private int turn;

    Door(int port) throws IOException {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
      Thread.ofPlatform().daemon().name("door " + port).start(this::receive);
    }

    private void receive() {
      while (!socket.isClosed()) {
        try {
          var caller = socket.accept();
          var port = inside.get(turn++ % inside.size());
          Thread.ofVirtual().start(() -> connect(caller, port));
        } catch (IOException closed) {
          return;
        }
      }
    }

    private static void connect(Socket caller, int port) {
      try (caller;
          var service = new Socket(InetAddress.getLoopbackAddress(), port)) {
        var back = Thread.ofVirtual().start(() -> pass(service, caller));
        pass(caller, service);
        back.join();
      } catch (IOException gone) {
        // as the caller sees by the end of its connection
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    /** Until one side has said all; the other may go on. */
    private static void pass(Socket from, Socket to) {
      try {
        from.getInputStream().transferTo(to.getOutputStream());
        to.shutdownOutput();
      } catch (IOException gone) {
        // nobody is left to tell
      }
    }
  }
}
