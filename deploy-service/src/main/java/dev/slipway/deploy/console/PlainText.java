package dev.slipway.deploy.console;

import java.util.Locale;

/**
 * Text from outside as pages show it: not too long, and with every character that would hide, turn
 * round or move others written out, as {@code ⟨U+202E⟩}.
 */
final class PlainText {
  private PlainText() {}

  /** One line of at most so many characters. */
  static String line(String text, int most) {
    return of(text, most, false);
  }

  /** The same with its line breaks and tabs. */
  static String lines(String text, int most) {
    return of(text, most, true);
  }

  private static String of(String text, int most, boolean breaks) {
    var out = new StringBuilder();
    text.codePoints()
        .limit(most)
        .forEach(c -> {
          if (isPlain(c) || (breaks && (c == '\n' || c == '\t'))) {
            out.appendCodePoint(c);
          } else {
            out.append(String.format(Locale.ROOT, "⟨U+%04X⟩", c));
          }
        });
    return text.codePoints().skip(most).findFirst().isPresent()
        ? out.append('…').toString()
        : out.toString();
  }

  private static boolean isPlain(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
