package dev.slipway.common.swarm;

import dev.slipway.common.problem.InvalidInput;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks its tracker (BEP 3).
 *
 * @param port where it listens
 * @param complete whether it has everything
 * @param stopped whether it leaves
 * @param wanted how many peers it wants at most
 */
record Announce(int port, boolean complete, boolean stopped, int wanted) {
  private static final int LONGEST_QUERY = 2_000;
  private static final int MOST_FIELDS = 40;
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

  /** Reads a query as it came, before any decoding; others' extensions are ignored. */
  static Announce parse(@Nullable String rawQuery, int mostPeers) {
    var fields = fields(rawQuery == null ? "" : rawQuery);
    bytes(fields, "info_hash");
    bytes(fields, "peer_id");
    var port = number(fields, "port", "");
    InvalidInput.unless(port >= 1 && port <= 65_535, "port", "must be 1 to 65535");
    return new Announce(
        (int) port,
        number(fields, "left", "") == 0,
        "stopped".equals(fields.get("event")),
        (int) Math.min(mostPeers, number(fields, "numwant", "" + mostPeers)));
  }

  private static Map<String, String> fields(String query) {
    InvalidInput.unless(
        query.length() <= LONGEST_QUERY, "query", "must be at most " + LONGEST_QUERY + " letters");
    var pairs = query.split("&", MOST_FIELDS + 1);
    InvalidInput.unless(
        pairs.length <= MOST_FIELDS, "query", "must have at most " + MOST_FIELDS + " fields");
    var fields = new HashMap<String, String>();
    for (var pair : pairs) {
      var equals = pair.indexOf('=');
      if (equals > 0) {
        fields.put(pair.substring(0, equals), decode(pair.substring(equals + 1)));
      }
    }
    return fields;
  }

  private static String decode(String escaped) {
    try {
      return URLDecoder.decode(escaped, StandardCharsets.ISO_8859_1);
    } catch (IllegalArgumentException e) {
      throw new InvalidInput("query", "must be percent-encoded");
    }
  }

  private static void bytes(Map<String, String> fields, String name) {
    InvalidInput.unless(
        fields.getOrDefault(name, "").length() == Torrent.HASH_BYTES, name, "must be 20 bytes");
  }

  private static long number(Map<String, String> fields, String name, String otherwise) {
    var text = fields.getOrDefault(name, otherwise);
    InvalidInput.unless(
        DIGITS.matcher(text).matches(), name, "must be a number of at most 18 digits");
    return Long.parseLong(text);
  }
}
