package dev.slipway.machine.artifact;

import dev.slipway.common.loop.Loop;
import dev.slipway.common.swarm.PieceWish;
import dev.slipway.common.swarm.Swarm.Membership;
import dev.slipway.common.swarm.Torrent;
import dev.slipway.machine.region.RegionHttp;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the pieces that the region deals to this machine and hands them to the swarm, until
 * closed.
 */
public final class DealtPieces implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DealtPieces.class);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration STALL = Duration.ofSeconds(30);
  private static final long PAUSE_MILLIS = 1_000;
  private static final Pattern RANGE =
      Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})");

  /** Lines at once; all but the first are for fast networks, where an answer is soon through. */
  private static final int LINES = 3;

  private static final long SOON = TimeUnit.MILLISECONDS.toNanos(100);

  private final Torrent torrent;
  private final Membership swarm;
  private final RegionHttp region;
  private final URI artifact;
  private final IntConsumer pace;
  private final Appetite appetite;
  private final Counter pieces;
  private final List<Loop> lines;
  private volatile long took = Long.MAX_VALUE;

  /**
   * @param artifact where the region serves the bytes
   * @param pace told the bytes that came; waits where they came too fast
   * @param meters get {@code slipway.machine.dealt}, the pieces
   */
  public DealtPieces(
      Torrent torrent,
      Membership swarm,
      RegionHttp region,
      URI artifact,
      IntConsumer pace,
      MeterRegistry meters) {
    this.torrent = torrent;
    this.swarm = swarm;
    this.region = region;
    this.artifact = artifact;
    this.pace = pace;
    this.appetite = new Appetite(torrent.pieces(), torrent.pieceLength(), System.nanoTime());
    this.pieces = meters.counter("slipway.machine.dealt");
    this.lines =
        IntStream.range(0, LINES)
            .mapToObj(line -> new Loop("deal", LOOK, () -> runOnce(line), meters))
            .toList();
  }

  public DealtPieces start() {
    lines.forEach(Loop::start);
    return this;
  }

  private boolean runOnce(int line) throws InterruptedException {
    if (line > 0 && took > SOON) {
      return false;
    }
    var now = System.nanoTime();
    var wish = appetite.next(swarm.look(), now);
    if (wish.isEmpty()) {
      return false;
    }
    try {
      var came = fetch(wish.get());
      took = System.nanoTime() - now;
      return came;
    } catch (IOException e) {
      appetite.failed();
      log.debug("No piece came", e);
      TimeUnit.MILLISECONDS.sleep(
          ThreadLocalRandom.current().nextLong(PAUSE_MILLIS, 2 * PAUSE_MILLIS));
      return true;
    } catch (RuntimeException | InterruptedException e) {
      appetite.failed();
      throw e;
    }
  }

  private boolean fetch(PieceWish wish) throws IOException, InterruptedException {
    var response = region.open(wish.address(artifact), 0);
    try (var body = response.body();
        var guard = new StallGuard(body, STALL)) {
      return switch (response.statusCode()) {
        case 204 -> {
          appetite.nothing();
          yield false;
        }
        case 206 -> {
          var piece = piece(response, wish);
          appetite.comes(piece, System.nanoTime());
          swarm.take(piece, guard.watch(body, pace));
          pieces.increment();
          appetite.answered(piece);
          yield true;
        }
        default -> throw new IOException(artifact.getPath() + " answered " + response.statusCode());
      };
    }
  }

  private int piece(HttpResponse<InputStream> response, PieceWish wish) throws IOException {
    var text = response.headers().firstValue("Content-Range").orElse("");
    var range = RANGE.matcher(text);
    if (range.matches()) {
      var from = Long.parseLong(range.group(1));
      var piece = (int) Math.min(from / torrent.pieceLength(), torrent.pieces());
      if (wish.lacks().get(piece)
          && text.equals(
              "bytes %d-%d/%d".formatted(from, from + torrent.lengthOf(piece) - 1, torrent.size()))
          && from == (long) piece * torrent.pieceLength()) {
        return piece;
      }
    }
    throw new IOException(
        "answered the range '" + text + "', which is no piece that was asked for");
  }

  @Override
  public void close() {
    lines.forEach(Loop::close);
  }
}
