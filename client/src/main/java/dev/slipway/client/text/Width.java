package dev.slipway.client.text;

/** How many columns a text takes. */
final class Width {
  private static final String MORE = "…";

  private Width() {}

  static int of(String text) {
    return text.codePoints().map(Width::of).sum();
  }

  private static int of(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> 0;
      default -> isWide(c) ? 2 : 1;
    };
  }

  /** East Asian scripts and pictures. */
  private static boolean isWide(int c) {
    return (c >= 0x1100 && c <= 0x115f)
        || (c >= 0x2e80 && c <= 0xa4cf)
        || (c >= 0xac00 && c <= 0xd7a3)
        || (c >= 0xf900 && c <= 0xfaff)
        || (c >= 0xfe30 && c <= 0xfe6f)
        || (c >= 0xff00 && c <= 0xff60)
        || (c >= 0x1f300 && c <= 0x1faff)
        || (c >= 0x20000 && c <= 0x3fffd);
  }

  /** The text itself, or as much of it as fits with a sign that there was more. */
  static String cut(String text, int columns) {
    if (of(text) <= columns) {
      return text;
    }
    var shown = new StringBuilder();
    var left = columns - of(MORE);
    for (var c : text.codePoints().toArray()) {
      left -= of(c);
      if (left < 0) {
        break;
      }
      shown.appendCodePoint(c);
    }
    return shown.append(MORE).toString();
  }
}
