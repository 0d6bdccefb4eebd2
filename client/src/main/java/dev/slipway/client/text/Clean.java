package dev.slipway.client.text;

/**
 * Takes from texts what a terminal would act on rather than show: what services answer comes from
 * commits, builds and machines, so it is anybody's.
 */
public final class Clean {
  private static final char UNPRINTABLE = '\uFFFD';
  private static final int PICTURES = 0x2400;
  private static final int DELETE = 0x7f;

  private Clean() {}

  /** As one line: blanks for breaks and tabs, signs for everything else that cannot be seen. */
  public static String line(String text) {
    var clean = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c == '\n' || c == '\r' || c == '\t' ? ' ' : shown(c))
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }

  /** A character that only shows, in place of any. */
  static int shown(int c) {
    if (c < ' ') {
      return PICTURES + c;
    }
    if (c == DELETE) {
      return PICTURES + 0x21;
    }
    return switch (Character.getType(c)) {
      // C1 controls, marks that turn the writing round, separators of lines, halves of characters
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          UNPRINTABLE;
      default -> c;
    };
  }
}
