package dev.slipway.bench.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BalancerTest {
  private static final int END = -1;

  @Test
  void who_listens_is_found_and_a_cut_ends_what_passes_until_it_is_healed() throws Exception {
    try (var instance = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        var balancer = new Balancer(List.of(unused(), instance.getLocalPort()));
        var caller = call(balancer);
        var called = instance.accept()) {
      caller.getOutputStream().write('a');
      called.getOutputStream().write('b');
      assertThat(called.getInputStream().read()).isEqualTo('a');
      assertThat(caller.getInputStream().read()).isEqualTo('b');

      balancer.cut();
      assertThat(ending(caller)).isTrue();
      assertThat(ending(called)).isTrue();
      try (var refused = call(balancer)) {
        assertThat(ending(refused)).isTrue();
      }

      balancer.heal();
      try (var again = call(balancer)) {
        again.getOutputStream().write('c');
        assertThat(heard(instance)).isEqualTo('c');
      }
    }
  }

  private static int unused() throws IOException {
    try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  private static Socket call(Balancer balancer) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), balancer.address().getPort());
  }

  private static boolean ending(Socket socket) {
    try {
      return socket.getInputStream().read() == END;
    } catch (IOException reset) {
      return true;
    }
  }

  /** The first byte of the next caller who says any: one that was cut off says nothing. */
  private static int heard(ServerSocket instance) throws IOException {
    for (; ; ) {
      try (var called = instance.accept()) {
        var first = called.getInputStream().read();
        if (first != END) {
          return first;
        }
      } catch (SocketException reset) {
        // the next
      }
    }
  }
}
