package dev.slipway.common.swarm;

import dev.slipway.common.problem.InvalidInput;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads bencoded values one by one, strictly: the one encoding that a value has, nothing after the
 * last.
 */
final class BencodeReader {
  private static final int MOST_DIGITS = 18;

  private final String field;
  private final byte[] bytes;
  private int at;

  /**
   * @param field what errors name
   */
  BencodeReader(String field, byte[] bytes) {
    this.field = field;
    this.bytes = bytes;
  }

  void expect(char letter) {
    require(at < bytes.length && bytes[at] == letter, "'" + letter + "'");
    at++;
  }

  /** Expects this very key. */
  void key(String name) {
    require(Arrays.equals(string(name.length()), ascii(name)), "the key '" + name + "'");
  }

  /** An integer of at least 0. */
  long integer() {
    expect('i');
    var value = digits();
    expect('e');
    return value;
  }

  /**
   * @param longest bytes
   */
  byte[] string(int longest) {
    var length = digits();
    expect(':');
    require(
        length <= longest && length <= bytes.length - at,
        "a string of at most " + longest + " bytes");
    at += (int) length;
    return Arrays.copyOfRange(bytes, at - (int) length, at);
  }

  void end() {
    require(at == bytes.length, "its end");
  }

  private long digits() {
    var start = at;
    while (at < bytes.length && at - start < MOST_DIGITS && bytes[at] >= '0' && bytes[at] <= '9') {
      at++;
    }
    require(at > start && (bytes[start] != '0' || at == start + 1), "a number");
    return Long.parseLong(new String(bytes, start, at - start, StandardCharsets.US_ASCII));
  }

  private void require(boolean holds, String what) {
    InvalidInput.unless(holds, field, "must have " + what + " at byte " + at);
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
