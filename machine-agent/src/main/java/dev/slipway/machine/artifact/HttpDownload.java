package dev.slipway.machine.artifact;

import dev.slipway.machine.region.RegionHttp;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * The path without a swarm: one connection, going on from the bytes that are there. What it fetches
 * is not trusted; the caller checks the digest.
 */
final class HttpDownload {
  private static final int TRIES = 5;
  private static final int BUFFER = 128 << 10;
  private static final long FIRST_PAUSE_MILLIS = 200;

  private final RegionHttp http;
  private final Duration stall;

  /**
   * @param stall after which a connection without a byte is given up
   */
  HttpDownload(RegionHttp http, Duration stall) {
    this.http = http;
    this.stall = stall;
  }

  /**
   * Fetches {@code size} bytes into {@code part}, which keeps what came when it fails.
   *
   * @param progress told the bytes that are there
   * @throws IOException after {@value #TRIES} tries in a row that brought nothing
   */
  void fetch(URI address, Path part, long size, LongConsumer progress)
      throws IOException, InterruptedException {
    if (!Files.exists(part)) {
      Files.createFile(part);
    }
    var tries = 0;
    while (Files.size(part) < size) {
      var before = Files.size(part);
      try {
        once(address, part, size, progress);
      } catch (IOException e) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        tries = Files.size(part) > before ? 1 : tries + 1;
        if (tries >= TRIES) {
          throw e;
        }
        pause(tries);
      }
    }
    if (Files.size(part) > size) {
      Files.delete(part);
      throw new IOException("there was more than the " + size + " bytes that were promised");
    }
    progress.accept(size);
  }

  private void once(URI address, Path part, long size, LongConsumer progress)
      throws IOException, InterruptedException {
    var from = Files.size(part);
    var response = http.open(address, from);
    try (var body = response.body()) {
      switch (response.statusCode()) {
        case 206 -> checkRange(response, from, size);
        case 200 -> {
          // ranges are not supported there: from the start
          Files.write(part, new byte[0]);
          from = 0;
        }
        case 416 -> {
          Files.write(part, new byte[0]);
          throw new IOException(address.getPath() + " is shorter than promised");
        }
        default -> throw new IOException(address.getPath() + " answered " + response.statusCode());
      }
      copy(body, part, from, size, progress);
    }
  }

  private static void checkRange(HttpResponse<InputStream> response, long from, long size)
      throws IOException {
    var expected = "bytes %d-%d/%d".formatted(from, size - 1, size);
    var range = response.headers().firstValue("Content-Range").orElse("");
    // the first range is asked for without a header, so a 206 to it is as odd as a wrong one
    if (!range.equals(expected)) {
      throw new IOException(
          "answered the range '%s' where %s was asked for".formatted(range, expected));
    }
  }

  private void copy(InputStream body, Path part, long from, long size, LongConsumer progress)
      throws IOException {
    try (var guard = new StallGuard(body, stall);
        var out = Files.newOutputStream(part, StandardOpenOption.APPEND)) {
      var buffer = new byte[BUFFER];
      var done = from;
      while (done < size) {
        var read = body.read(buffer, 0, (int) Math.min(buffer.length, size - done));
        if (read < 0) {
          throw new EOFException("ended after %d of %d bytes".formatted(done, size));
        }
        guard.alive();
        out.write(buffer, 0, read);
        done += read;
        progress.accept(done);
      }
    }
  }

  private static void pause(int tries) throws InterruptedException {
    var most = FIRST_PAUSE_MILLIS << tries;
    TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
  }
}
