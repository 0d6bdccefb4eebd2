package dev.slipway.bench.deploy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Passes calls on to one of several instances that listens; the way can be cut. */
public final class Balancer implements AutoCloseable {
  private final ServerSocket server;
  private final List<Integer> instances;
  private final Set<Socket> passed = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;

  /**
   * Listens on a free port of loopback.
   *
   * @param instances their ports
   */
  public Balancer(List<Integer> instances) throws IOException {
    this.instances = List.copyOf(instances);
    this.server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().name("balancer").start(this::accept);
  }

  /** Where it listens. */
  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  /** Whether something listens there. */
  public static boolean isListening(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException nobody) {
      return false;
    }
  }

  /** Nothing passes any more, in either direction; what was on its way is lost. */
  void cut() {
    cut = true;
    passed.forEach(Balancer::end);
  }

  void heal() {
    cut = false;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var caller = server.accept();
        Thread.ofVirtual().start(() -> serve(caller));
      } catch (IOException closed) {
        // the condition says so
      }
    }
  }

  private void serve(Socket caller) {
    try (caller;
        var instance = connect()) {
      passed.add(caller);
      passed.add(instance);
      if (cut) {
        return;
      }
      var back = Thread.ofVirtual().start(() -> pass(instance, caller));
      pass(caller, instance);
      back.join();
    } catch (IOException nobody) {
      // the caller sees its connection end
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      passed.removeIf(Socket::isClosed);
    }
  }

  private Socket connect() throws IOException {
    var order = new ArrayList<>(instances);
    Collections.shuffle(order);
    for (var port : order) {
      try {
        return new Socket(InetAddress.getLoopbackAddress(), port);
      } catch (IOException down) {
        // the next one
      }
    }
    throw new IOException("nobody listens");
  }

  /** Until one of both ends; then both do. */
  private static void pass(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException ended) {
      // as when it ends in good order
    } finally {
      end(from);
      end(to);
    }
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException closedAlready) {
      // that is what was wanted
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    cut();
  }
}
