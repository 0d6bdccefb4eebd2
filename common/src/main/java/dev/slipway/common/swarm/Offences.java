package dev.slipway.common.swarm;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.libtorrent4j.Operation;
import org.libtorrent4j.alerts.Alert;
import org.libtorrent4j.alerts.HashFailedAlert;
import org.libtorrent4j.alerts.PeerAlert;
import org.libtorrent4j.alerts.PeerBanAlert;
import org.libtorrent4j.alerts.PeerErrorAlert;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What others did wrong: counted each time, logged once a peer. The engine itself sends a peer away
 * that sent bad pieces, for as long as it takes part in that swarm.
 */
final class Offences {
  private static final Logger log = LoggerFactory.getLogger(Offences.class);
  private static final int MOST_NAMED = 1_000;

  private final LongAdder pieces = new LongAdder();
  private final LongAdder banned = new LongAdder();
  private final LongAdder strangers = new LongAdder();

  /** Of the alert thread alone. */
  private final Set<String> named = Collections.newSetFromMap(new Latest());

  private static final class Latest extends LinkedHashMap<String, Boolean> {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
      return size() > MOST_NAMED;
    }
  }

  /** Shows the counts as {@code slipway.swarm.*}. */
  void showIn(MeterRegistry meters) {
    show(meters, "slipway.swarm.pieces.refused", pieces);
    show(meters, "slipway.swarm.peers.banned", banned);
    show(meters, "slipway.swarm.peers.refused", strangers);
  }

  private static void show(MeterRegistry meters, String name, LongAdder count) {
    FunctionCounter.builder(name, count, LongAdder::sum).register(meters);
  }

  /** On the alert thread. */
  void hear(Alert<?> alert) {
    switch (alert) {
      case HashFailedAlert _ -> pieces.increment();
      case PeerBanAlert heard -> {
        banned.increment();
        name(heard, "sent bad pieces of " + heard.torrentName() + " and is sent away");
      }
      case PeerErrorAlert heard when heard.operation() == Operation.SSL_HANDSHAKE -> {
        strangers.increment();
        name(heard, "gets nothing, its TLS handshake failed: " + heard.error().getMessage());
      }
      default -> {}
    }
  }

  private void name(PeerAlert<?> alert, String what) {
    // by address alone: the port of who comes to us is another each time
    var peer = alert.endpoint().address().toString();
    if (named.add(peer + what)) {
      log.warn("A peer at {} {}", peer, what);
    }
  }
}
