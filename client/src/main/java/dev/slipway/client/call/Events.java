package dev.slipway.client.call;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events of one connection. The other side says something each 15 seconds, if only that
 * it is there; one that is silent for longer than a minute is given up.
 */
public final class Events implements AutoCloseable {
  private static final Duration SILENCE = Duration.ofSeconds(60);
  private static final int LARGEST = 4 << 20;

  private final InputStream in;
  private final Reader reader;
  private volatile long heard = System.nanoTime();
  private volatile boolean closed;
  private String id = "";

  /**
   * An event.
   *
   * @param id to go on from after a lost connection; empty before the first
   */
  public record Event(String name, String data, String id) {}

  Events(InputStream in) {
    this.in = in;
    this.reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    Thread.ofVirtual().name("silence").start(this::watch);
  }

  /**
   * Opens a stream.
   *
   * @param after the id of the last event that is known, or empty
   */
  public static Events open(Service service, Object path, String after)
      throws IOException, InterruptedException {
    var response =
        after.isEmpty()
            ? service.open(path, "Accept", "text/event-stream")
            : service.open(path, "Accept", "text/event-stream", "Last-Event-ID", after);
    return new Events(response.body());
  }

  private void watch() {
    try {
      while (!closed && System.nanoTime() - heard < SILENCE.toNanos()) {
        TimeUnit.SECONDS.sleep(1);
      }
      // whoever reads is thrown out
      in.close();
    } catch (IOException | InterruptedException ended) {
      // then nobody need be
    }
  }

  /** The next one; none when the other side has ended the stream. */
  public @Nullable Event next() throws IOException {
    var name = "message";
    var data = new StringBuilder();
    for (var line = line(); line != null; line = line()) {
      if (line.isEmpty()) {
        if (!data.isEmpty() || !name.equals("message")) {
          return new Event(name, withoutLastBreak(data), id);
        }
      } else if (line.startsWith("event: ")) {
        name = line.substring("event: ".length());
      } else if (line.startsWith("data: ")) {
        data.append(line, "data: ".length(), line.length()).append('\n');
        if (data.length() > LARGEST) {
          throw new IOException("an event is larger than 4 MiB");
        }
      } else if (line.startsWith("id: ")) {
        id = line.substring("id: ".length());
      }
    }
    return null;
  }

  private static String withoutLastBreak(StringBuilder data) {
    return data.isEmpty() ? "" : data.substring(0, data.length() - 1);
  }

  private @Nullable String line() throws IOException {
    var line = new StringBuilder();
    for (var c = reader.read(); c != -1; c = reader.read()) {
      heard = System.nanoTime();
      if (c == '\n') {
        return line.toString();
      }
      line.append((char) c);
      if (line.length() > LARGEST) {
        throw new IOException("a line is larger than 4 MiB");
      }
    }
    return null;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    in.close();
  }
}
