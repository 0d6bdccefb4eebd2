package dev.slipway.common.blob;

import dev.slipway.common.blob.FakeGcsReply.Refusal;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** Resumable upload sessions. */
@NullMarked
final class FakeGcsUploads {
  private static final int CHUNK_UNIT = 256 << 10;
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (?:(\\d+)-(\\d+)|\\*)/(\\d+|\\*)");

  private final Map<String, Session> sessions = new ConcurrentHashMap<>();

  private final boolean kept;

  FakeGcsUploads(boolean kept) {
    this.kept = kept;
  }

  /** Opens a session; the conditions hold now, and are looked at again when it is finished. */
  String start(FakeGcsObjects objects, String name, FakeGcsCall conditions) {
    objects.check(name, conditions, "ifGenerationMatch");
    var id = UUID.randomUUID().toString();
    sessions.put(id, new Session(objects, name, conditions, new FakeGcsContent(kept)));
    return id;
  }

  FakeGcsReply put(FakeGcsCall call) {
    return session(call).put(call);
  }

  FakeGcsReply cancel(FakeGcsCall call) {
    session(call);
    sessions.remove(call.parameter("upload_id").orElseThrow());
    return FakeGcsReply.empty(499, Map.of());
  }

  /** Sessions that did not come to an object. */
  long unfinished() {
    return sessions.values().stream().filter(session -> session.done == null).count();
  }

  private Session session(FakeGcsCall call) {
    return call.parameter("upload_id")
        .flatMap(id -> Optional.ofNullable(sessions.get(id)))
        .orElseThrow(() -> new Refusal(404, "No such upload session"));
  }

  private static final class Session {
    private final FakeGcsObjects objects;
    private final String name;
    private final FakeGcsCall conditions;
    private final FakeGcsContent content;
    private @Nullable FakeGcsObject done;

    Session(FakeGcsObjects objects, String name, FakeGcsCall conditions, FakeGcsContent content) {
      this.content = content;
      this.objects = objects;
      this.name = name;
      this.conditions = conditions;
    }

    synchronized FakeGcsReply put(FakeGcsCall call) {
      if (done != null) {
        return FakeGcsReply.json(200, done.resource());
      }
      var range = CONTENT_RANGE.matcher(call.header("content-range").orElse(""));
      require(range.matches(), "Content-Range");
      if (range.group(1) != null) {
        append(Long.parseLong(range.group(1)), Long.parseLong(range.group(2)), call.body(), range);
      }
      var whole = range.group(3);
      if (whole.equals("*") || Long.parseLong(whole) != content.size()) {
        return persisted();
      }
      return finish(call);
    }

    /** What is there already is skipped, a gap is refused, as is an odd length but at the end. */
    private void append(long from, long to, byte[] body, Matcher range) {
      require(to - from + 1 == body.length, "Content-Range that fits its body");
      require(from <= content.size(), "Content-Range that leaves no gap");
      var last = !range.group(3).equals("*");
      require(last || body.length % CHUNK_UNIT == 0, "chunk of a multiple of 256 KiB");
      var known = (int) Math.min(content.size() - from, body.length);
      content.append(body, known, body.length - known);
    }

    private FakeGcsReply persisted() {
      var headers =
          content.size() == 0
              ? Map.<String, String>of()
              : Map.of("Range", "bytes=0-" + (content.size() - 1));
      return FakeGcsReply.empty(308, headers);
    }

    private FakeGcsReply finish(FakeGcsCall call) {
      call.header("x-goog-hash")
          .filter(hash -> hash.startsWith("crc32c="))
          .ifPresent(hash -> require(hash.equals("crc32c=" + content.crc32c()), "x-goog-hash"));
      conditions
          .text("crc32c")
          .ifPresent(crc32c -> require(crc32c.equals(content.crc32c()), "crc32c that fits"));
      done = objects.put(name, content, conditions);
      return FakeGcsReply.json(200, done.resource());
    }

    private static void require(boolean holds, String what) {
      if (!holds) {
        throw new Refusal(400, "Needs a " + what);
      }
    }
  }
}
