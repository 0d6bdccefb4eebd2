package dev.slipway.common.log;

import dev.slipway.common.app.AppName;
import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.blob.BlobStores;
import dev.slipway.common.log.LogReadStore.Archive;
import dev.slipway.common.log.LogReadStore.Piece;
import dev.slipway.common.problem.Problem;
import dev.slipway.common.trace.TraceParent;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what builds printed: from the database while it is written, from the bucket that the
 * database names once it is archived. A place in a log is a number of bytes, the same in both.
 */
public final class BuildLogs {
  private static final Logger log = LoggerFactory.getLogger(BuildLogs.class);

  /** Read of an archive at once. */
  private static final int AT_ONCE = 1 << 20;

  private final LogReadStore store;
  private final MeterRegistry meters;
  private final Map<URI, BlobStore> buckets = new ConcurrentHashMap<>();

  public BuildLogs(LogReadStore store, MeterRegistry meters) {
    this.store = store;
    this.meters = meters;
  }

  /** The object that keeps an attempt's log. */
  public static String objectOf(AppName app, long job, int attempt) {
    return "logs/" + app + "/" + job + "-" + attempt + ".log";
  }

  /** How many bytes of a log there are by now. */
  public long length(long job, int attempt) {
    return store.length(job, attempt);
  }

  /**
   * The next bytes, some megabytes at most; none where nothing is there yet.
   *
   * @throws Problem 503 when the log's bucket cannot be read
   */
  public byte[] read(long job, int attempt, long from) {
    var place = store.find(job, attempt, from);
    var archive = place.archive();
    return archive == null
        ? joined(place.pieces(), from)
        : archived(archive, objectOf(archive.app(), job, attempt), from);
  }

  /** A text and where it ends. */
  public record Text(String content, long end) {}

  /** The same as text of whole characters. */
  public Text text(long job, int attempt, long from) {
    var bytes = read(job, attempt, from);
    var first = 0;
    while (first < bytes.length && from > 0 && isInside(bytes[first])) {
      first++;
    }
    var end = wholeCharacters(bytes);
    if (end <= first) {
      return new Text("", from + (bytes.length == 0 ? 0 : end));
    }
    return new Text(new String(bytes, first, end - first, StandardCharsets.UTF_8), from + end);
  }

  private static byte[] joined(List<Piece> pieces, long from) {
    var all = new ByteArrayOutputStream();
    var at = from;
    for (var piece : pieces) {
      if (piece.start() <= at && piece.end() > at) {
        var bytes = new byte[piece.bytes().remaining()];
        piece.bytes().duplicate().get(bytes);
        var skip = (int) (at - piece.start());
        all.write(bytes, skip, bytes.length - skip);
        at = piece.end();
      }
    }
    return all.toByteArray();
  }

  private byte[] archived(Archive archive, String object, long from) {
    var most = Math.min(AT_ONCE, archive.bytes() - from);
    if (most <= 0) {
      return new byte[0];
    }
    try (var in = open(archive.bucket()).read(object, from, most)) {
      return in.readAllBytes();
    } catch (IOException away) {
      try (var _ = TraceParent.inLogs(archive.trace())) {
        log.warn("{} of {} cannot be read", object, archive.bucket(), away);
      }
      throw new Problem(503, "log-away", "the log is archived, and its bucket cannot be read now");
    }
  }

  private BlobStore open(URI bucket) throws IOException {
    var known = buckets.get(bucket);
    if (known != null) {
      return known;
    }
    var opened = BlobStores.open(bucket, meters);
    var other = buckets.putIfAbsent(bucket, opened);
    return other == null ? opened : other;
  }

  /** How many bytes are whole characters; all of them when what is over is no character. */
  private static int wholeCharacters(byte[] bytes) {
    var last = bytes.length - 1;
    while (last > bytes.length - 4 && last > 0 && isInside(bytes[last])) {
      last--;
    }
    if (last < 0 || last + lengthOf(bytes[last]) <= bytes.length) {
      return bytes.length;
    }
    return last == 0 ? bytes.length : last;
  }

  private static boolean isInside(byte b) {
    return (b & 0xC0) == 0x80;
  }

  private static int lengthOf(byte first) {
    if ((first & 0xE0) == 0xC0) {
      return 2;
    }
    if ((first & 0xF0) == 0xE0) {
      return 3;
    }
    return (first & 0xF8) == 0xF0 ? 4 : 1;
  }
}
