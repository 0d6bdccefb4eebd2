package dev.slipway.bench;

import dev.slipway.standalone.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;

/** Ports for a drill of which none is taken just now. */
@NullMarked
public final class FreePorts {
  /** Services and regions, and the apps of a few machines. */
  private static final int SERVICES = 20;

  private static final int APPS = 10;

  private FreePorts() {}

  /** Some that were free a moment ago. */
  public static Ports take() throws IOException {
    for (; ; ) {
      try (var probe = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
        var ports = new Ports(Math.clamp(probe.getLocalPort(), 1_024, 60_000));
        var wanted =
            IntStream.concat(
                IntStream.range(1, SERVICES),
                IntStream.range(0, APPS).map(n -> ports.firstApp(0) + n - ports.base()));
        if (wanted.allMatch(n -> isFree(ports.base() + n))) {
          return ports;
        }
      }
    }
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket(port)) {
      return socket.isBound();
    } catch (BindException taken) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
