package dev.slipway.standalone;

import dev.slipway.common.problem.InvalidInput;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.NullMarked;

/** Finds a base whose ports nobody has. */
@NullMarked
public final class FreePorts {
  /** Below what systems hand out by themselves, so that no connection takes one meanwhile. */
  private static final int FROM = 10_000;

  private static final int TO = 30_000;
  private static final int TRIES = 50;

  private FreePorts() {}

  /** For an installation of a size. */
  public static Ports find(Size size) throws IOException {
    for (var i = 0; i < TRIES; i++) {
      var ports = new Ports(ThreadLocalRandom.current().nextInt(FROM, TO));
      if (isFree(ports, size)) {
        return ports;
      }
    }
    throw new IOException("no free ports from " + FROM + " to " + TO);
  }

  private static boolean isFree(Ports ports, Size size) {
    try {
      ports.requireFree(size);
    } catch (InvalidInput taken) {
      return false;
    }
    for (var machine = 0; machine < size.machines(); machine++) {
      try (var socket =
          new ServerSocket(ports.firstApp(machine), 1, InetAddress.getLoopbackAddress())) {
        assert socket.isBound();
      } catch (IOException taken) {
        return false;
      }
    }
    return true;
  }
}
