package dev.slipway.client.text;

/**
 * What a build prints, made fit for a terminal: lines and colours stay, every other escape sequence
 * goes. Sequences may be cut anywhere between two pieces of the text.
 */
public final class LogText {
  private static final char ESCAPE = 0x1b;
  private static final char BELL = 0x07;
  private static final int LONGEST_SEQUENCE = 32;

  private final boolean colour;
  private final StringBuilder sequence = new StringBuilder();
  private State state = State.TEXT;
  private boolean coloured;
  private int before;

  private enum State {
    TEXT,
    ESCAPED,
    CONTROL_SEQUENCE,
    /** A title or the like, up to a bell or the next escape. */
    STRING
  }

  /**
   * @param colour whether colours may stay
   */
  public LogText(boolean colour) {
    this.colour = colour;
  }

  /** The next piece. */
  public String clean(String text) {
    var out = new StringBuilder(text.length());
    for (var i = 0; i < text.length(); ) {
      var c = text.codePointAt(i);
      take(c, out);
      before = c;
      i += Character.charCount(c);
    }
    return out.toString();
  }

  /** What ends the colours that the text left on. */
  public String end() {
    return coloured ? ESCAPE + "[0m" : "";
  }

  private void take(int c, StringBuilder out) {
    switch (state) {
      case TEXT -> show(c, out);
      case ESCAPED -> state = afterEscape(c);
      case CONTROL_SEQUENCE -> control(c, out);
      case STRING -> {
        if (c == BELL || c == 0x9c) {
          state = State.TEXT;
        } else if (c == ESCAPE) {
          state = State.ESCAPED;
        }
      }
    }
  }

  private void show(int c, StringBuilder out) {
    switch (c) {
      case ESCAPE -> state = State.ESCAPED;
      // a bar that is drawn over itself becomes lines
      case '\r' -> out.append('\n');
      case '\n' -> {
        if (before != '\r') {
          out.append('\n');
        }
      }
      case '\t' -> out.append('\t');
      default -> out.appendCodePoint(Clean.shown(c));
    }
  }

  private State afterEscape(int c) {
    sequence.setLength(0);
    return switch (c) {
      case '[' -> State.CONTROL_SEQUENCE;
      case ']', 'P', 'X', '^', '_' -> State.STRING;
      case ESCAPE -> State.ESCAPED;
      default -> State.TEXT;
    };
  }

  private void control(int c, StringBuilder out) {
    if (c >= '@' && c <= '~') {
      state = State.TEXT;
      if (colour && c == 'm' && sequence.chars().allMatch(LogText::isOfColours)) {
        out.append(ESCAPE).append('[').append(sequence).append('m');
        coloured = true;
      }
    } else if (c < ' ' || c > '~' || sequence.length() == LONGEST_SEQUENCE) {
      state = State.TEXT;
      show(c, out);
    } else {
      sequence.append((char) c);
    }
  }

  private static boolean isOfColours(int c) {
    return (c >= '0' && c <= '9') || c == ';';
  }
}
