package dev.slipway.queue.webhook;

import dev.slipway.common.job.CommitSha;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A webhook's body, or an object in it, read field by field; what is missing is named. */
final class Payload {
  private static final int LONGEST = 1_000;
  private static final JsonMapper JSON = JsonMapper.shared();

  private final JsonNode root;
  private final String path;

  /**
   * @param path of the node in the body, empty or with a dot at its end
   */
  private Payload(JsonNode root, String path) {
    this.root = root;
    this.path = path;
  }

  static Payload parse(byte[] body) {
    try {
      var root = JSON.readTree(body);
      if (root != null && root.isObject()) {
        return new Payload(root, "");
      }
    } catch (JacksonException malformed) {
      // its message would quote the body
    }
    throw new Problem(
        400,
        "malformed",
        "the body must be a JSON object: choose the content type application/json");
  }

  /** An object in this one; reading what is not there names what is missing. */
  Payload in(String object) {
    return new Payload(root.path(object), path + object + ".");
  }

  /** An object in this one; none where the forge leaves it out or writes null. */
  @Nullable Payload inIfThere(String object) {
    var node = root.path(object);
    return node.isMissingNode() || node.isNull() ? null : in(object);
  }

  /** The elements of a list, at most 1,000. */
  List<Payload> list(String field) {
    var node = root.path(field);
    InvalidInput.unless(node.isArray(), path + field, "must be a list");
    InvalidInput.unless(node.size() <= LONGEST, path + field, "must have at most 1000 elements");
    var elements = new ArrayList<Payload>();
    node.forEach(element -> elements.add(new Payload(element, path + field + ".")));
    return elements;
  }

  /** A text of 1 to 1,000 characters. */
  String text(String field) {
    return checked(root.path(field), path + field);
  }

  /** Those of this object's texts that are there: at least one. */
  List<String> texts(String... fields) {
    var found = new ArrayList<String>();
    for (var field : fields) {
      var node = root.path(field);
      if (!node.isMissingNode() && !node.isNull()) {
        found.add(checked(node, path + field));
      }
    }
    InvalidInput.unless(!found.isEmpty(), path + fields[0], "is missing");
    return found;
  }

  /** A commit; none where the forge writes only zeros. */
  @Nullable CommitSha commit(String field) {
    var text = text(field);
    if (text.matches("0{40}|0{64}")) {
      return null;
    }
    try {
      return new CommitSha(text);
    } catch (InvalidInput notACommit) {
      throw new InvalidInput(path + field, "must be 40 or 64 lower-case hex digits");
    }
  }

  /** A time, where it is there. */
  @Nullable Instant time(String object, String field) {
    return time(root.path(object).path(field), path + object + "." + field);
  }

  /** The timestamp of a commit in the list of all, where it is there. */
  @Nullable Instant timeOfCommit(CommitSha commit) {
    for (var node : root.path("commits")) {
      if (commit.value().equals(node.path("id").asString(""))) {
        return time(node.path("timestamp"), "commits.timestamp");
      }
    }
    return null;
  }

  private static @Nullable Instant time(JsonNode node, String field) {
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    try {
      var time = OffsetDateTime.parse(checked(node, field));
      InvalidInput.unless(
          time.getYear() >= 1970 && time.getYear() < 10_000, field, "must be of this age");
      return time.toInstant();
    } catch (DateTimeException e) {
      throw new InvalidInput(field, "must be a time like 2026-01-31T12:00:00Z");
    }
  }

  private static String checked(JsonNode node, String field) {
    InvalidInput.unless(!node.isMissingNode() && !node.isNull(), field, "is missing");
    InvalidInput.unless(node.isString(), field, "must be a text");
    var text = node.stringValue();
    InvalidInput.unless(
        !text.isEmpty() && text.length() <= LONGEST, field, "must be 1 to 1000 characters");
    return text;
  }
}
