package dev.slipway.deploy.console.log;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Cuts what was printed into lines as a terminal leaves them, in bounded memory: of a line that was
 * written over with carriage returns only what was written last is kept.
 */
final class LineCutter {
  private final int longest;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private long position;
  private boolean begun;
  private boolean cut;
  private boolean returned;

  /**
   * @param position bytes of the log before the first line
   * @param longest bytes that are kept of a line
   */
  LineCutter(long position, int longest) {
    this.position = position;
    this.longest = longest;
  }

  /**
   * A line without its end.
   *
   * @param cut whether it is longer than what is kept
   * @param end bytes of the log up to behind it
   */
  record Line(String text, boolean cut, long end) {}

  /** Takes the next bytes, and hands out the lines that end in them. */
  void add(byte[] bytes, Consumer<Line> lines) {
    var from = 0;
    for (var i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        take(bytes, from, i);
        lines.accept(end(position + i + 1));
        from = i + 1;
      } else if (bytes[i] == '\r') {
        take(bytes, from, i);
        returned = true;
        from = i + 1;
      }
    }
    take(bytes, from, bytes.length);
    begun |= bytes.length > 0 && bytes[bytes.length - 1] != '\n';
    position += bytes.length;
  }

  private void take(byte[] bytes, int from, int to) {
    if (from == to) {
      return;
    }
    if (returned) {
      kept.reset();
      cut = false;
      returned = false;
    }
    var room = Math.min(to - from, longest - kept.size());
    kept.write(bytes, from, room);
    cut |= room < to - from;
  }

  private Line end(long behind) {
    var line = new Line(kept.toString(StandardCharsets.UTF_8), cut, behind);
    kept.reset();
    begun = false;
    cut = false;
    returned = false;
    return line;
  }

  /** How many bytes there were, with those before the first line. */
  long position() {
    return position;
  }

  /** Whether there is a line that has not ended. */
  boolean hasRest() {
    return begun;
  }

  /** That line, as far as it is there; nothing may be added after it. */
  Line rest() {
    return end(position);
  }
}
