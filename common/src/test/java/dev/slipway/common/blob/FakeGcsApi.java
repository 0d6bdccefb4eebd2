package dev.slipway.common.blob;

import dev.slipway.common.blob.FakeGcsReply.Refusal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;

/** The JSON API's requests. Whatever it does not know is refused, so that no test leans on it. */
@NullMarked
final class FakeGcsApi {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

  /** Bytes that one rewrite request copies; longer objects take several, tied by a token. */
  private static final int REWRITE_STEP = 1 << 20;

  private static final int COMPOSABLE = 32;

  /** Objects that one page of a listing tells, which may be fewer than were asked for. */
  private static final int MAX_RESULTS = 3;

  private final Map<String, FakeGcsObjects> buckets = new ConcurrentHashMap<>();
  private final Supplier<String> address;
  private final boolean kept;
  final FakeGcsUploads uploads;

  /**
   * @param kept whether contents can be read back
   */
  FakeGcsApi(Supplier<String> address, boolean kept, String... buckets) {
    this.address = address;
    this.kept = kept;
    this.uploads = new FakeGcsUploads(kept);
    for (var bucket : buckets) {
      this.buckets.put(bucket, new FakeGcsObjects(bucket));
    }
  }

  FakeGcsReply answer(FakeGcsCall call) {
    var path = String.join(" ", call.path().subList(0, Math.min(4, call.path().size())));
    return switch (path) {
      case "upload storage v1 b" -> upload(call);
      case "download storage v1 b" -> object(call, tail(call, 4));
      default -> path.startsWith("storage v1 b ") ? object(call, tail(call, 3)) : unknown(call);
    };
  }

  private static List<String> tail(FakeGcsCall call, int from) {
    return call.path().subList(from, call.path().size());
  }

  private FakeGcsReply upload(FakeGcsCall call) {
    if (call.query().containsKey("upload_id")) {
      return switch (call.method()) {
        case "PUT" -> uploads.put(call);
        case "DELETE" -> uploads.cancel(call);
        default -> unknown(call);
      };
    }
    if (!call.method().equals("POST") || !"resumable".equals(call.query().get("uploadType"))) {
      return unknown(call);
    }
    var bucket = call.path().get(4);
    var name = call.parameter("name").orElseThrow(() -> new Refusal(400, "Required: name"));
    var id = uploads.start(bucket(bucket), name, call);
    return FakeGcsReply.empty(
        200,
        Map.of(
            "Location",
            address.get()
                + "/upload/storage/v1/b/"
                + bucket
                + "/o?uploadType=resumable&upload_id="
                + id));
  }

  /** {@code path} is the bucket, "o", and perhaps an object's name and what to do with it. */
  private FakeGcsReply object(FakeGcsCall call, List<String> path) {
    var objects = bucket(path.getFirst());
    if (path.size() == 2 && call.method().equals("GET")) {
      return list(call, objects);
    }
    if (path.size() == 3) {
      return one(call, objects, path.get(2));
    }
    if (path.size() == 4 && path.get(3).equals("compose") && call.method().equals("POST")) {
      return compose(call, objects, path.get(2));
    }
    if (path.size() == 8 && call.method().equals("POST")) {
      return copy(call, objects.source(path.get(2), call), path);
    }
    return unknown(call);
  }

  /** A page's token is the name that the next one begins with. */
  private static FakeGcsReply list(FakeGcsCall call, FakeGcsObjects objects) {
    var limit = call.parameter("maxResults").map(Integer::parseInt).orElse(MAX_RESULTS);
    var from = call.parameter("pageToken").or(() -> call.parameter("startOffset")).orElse("");
    var size = Math.min(limit, MAX_RESULTS);
    var found = objects.list(call.parameter("prefix").orElse(""), from, size);
    var answer = new LinkedHashMap<String, Object>();
    answer.put("kind", "storage#objects");
    answer.put("items", found.stream().limit(size).map(FakeGcsObject::resource).toList());
    if (found.size() > size) {
      answer.put("nextPageToken", found.getLast().name());
    }
    return FakeGcsReply.json(200, answer);
  }

  private FakeGcsReply compose(FakeGcsCall call, FakeGcsObjects objects, String name) {
    var sources = new ArrayList<FakeGcsContent>();
    for (var source : call.json().get("sourceObjects")) {
      sources.add(objects.get(source.get("name").stringValue(), call.without()).content());
    }
    if (sources.isEmpty() || sources.size() > COMPOSABLE) {
      throw new Refusal(400, "The number of source components must be 1 to " + COMPOSABLE);
    }
    return FakeGcsReply.json(
        200, objects.put(name, FakeGcsContent.concat(kept, sources), call).resource());
  }

  private static FakeGcsReply one(FakeGcsCall call, FakeGcsObjects objects, String name) {
    return switch (call.method()) {
      case "GET" -> {
        var object = objects.get(name, call);
        yield call.isDownload() ? media(call, object) : FakeGcsReply.json(200, object.resource());
      }
      case "DELETE" -> {
        objects.delete(name, call);
        yield FakeGcsReply.empty(204, Map.of());
      }
      default -> unknown(call);
    };
  }

  private static FakeGcsReply media(FakeGcsCall call, FakeGcsObject object) {
    var bytes = object.content().bytes();
    var size = bytes.length;
    var headers = new LinkedHashMap<String, String>();
    headers.put("Content-Type", "application/octet-stream");
    headers.put("x-goog-generation", Long.toString(object.generation()));
    headers.put("x-goog-hash", "crc32c=" + object.content().crc32c());
    headers.put("x-goog-stored-content-length", Integer.toString(size));
    headers.put("x-goog-stored-content-encoding", "identity");
    var range = call.header("range").map(RANGE::matcher);
    if (range.isEmpty()) {
      return new FakeGcsReply(200, headers, bytes);
    }
    var asked = range.get();
    if (!asked.matches() || Long.parseLong(asked.group(1)) >= size) {
      throw new Refusal(416, "The requested range cannot be satisfied.");
    }
    var from = Integer.parseInt(asked.group(1));
    var last =
        asked.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(asked.group(2)));
    headers.put("Content-Range", "bytes " + from + "-" + last + "/" + size);
    return new FakeGcsReply(206, headers, Arrays.copyOfRange(bytes, from, (int) last + 1));
  }

  private FakeGcsReply copy(FakeGcsCall call, FakeGcsObject source, List<String> path) {
    var target = bucket(path.get(5));
    var name = path.get(7);
    if (path.get(3).equals("copyTo")) {
      return FakeGcsReply.json(200, target.put(name, source.content(), call).resource());
    }
    if (!path.get(3).equals("rewriteTo")) {
      return unknown(call);
    }
    target.check(name, call, "ifGenerationMatch");
    var size = source.content().size();
    var copied = call.parameter("rewriteToken").map(Long::parseLong).orElse(0L) + REWRITE_STEP;
    var answer = new LinkedHashMap<String, Object>();
    answer.put("kind", "storage#rewriteResponse");
    answer.put("objectSize", Long.toString(size));
    answer.put("totalBytesRewritten", Long.toString(Math.min(copied, size)));
    answer.put("done", copied >= size);
    if (copied >= size) {
      var metadata = call.metadata().orElse(source.metadata());
      answer.put("resource", target.put(name, source.content(), metadata, call).resource());
    } else {
      answer.put("rewriteToken", Long.toString(copied));
    }
    return FakeGcsReply.json(200, answer);
  }

  private FakeGcsObjects bucket(String name) {
    return Optional.ofNullable(buckets.get(name))
        .orElseThrow(() -> new Refusal(404, "The specified bucket does not exist."));
  }

  private static FakeGcsReply unknown(FakeGcsCall call) {
    throw new Refusal(501, "The fake does not know " + call.method() + " " + call.path());
  }
}
