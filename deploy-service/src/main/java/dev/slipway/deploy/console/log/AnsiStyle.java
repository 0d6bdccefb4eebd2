package dev.slipway.deploy.console.log;

import org.jspecify.annotations.Nullable;

/**
 * A terminal's colour and weight, as classes of the style sheet.
 *
 * @param colour one of the sixteen, or -1
 */
record AnsiStyle(int colour, boolean bold) {
  static final AnsiStyle PLAIN = new AnsiStyle(-1, false);

  /**
   * The style after a "select graphic rendition"; what it does not know changes nothing.
   *
   * @param parameters joined by semicolons
   */
  AnsiStyle after(@Nullable String parameters) {
    var style = this;
    for (var parameter : (parameters == null ? "" : parameters).split(";", -1)) {
      if (parameter.equals("38") || parameter.equals("48")) {
        return style; // what follows describes a colour that we do not have
      }
      style = style.with(parameter);
    }
    return style;
  }

  private AnsiStyle with(String parameter) {
    return switch (parameter) {
      case "", "0" -> PLAIN;
      case "1" -> new AnsiStyle(colour, true);
      case "22" -> new AnsiStyle(colour, false);
      case "39" -> new AnsiStyle(-1, bold);
      default -> {
        if (parameter.matches("3[0-7]")) {
          yield new AnsiStyle(parameter.charAt(1) - '0', bold);
        }
        yield parameter.matches("9[0-7]")
            ? new AnsiStyle(8 + parameter.charAt(1) - '0', bold)
            : this;
      }
    };
  }

  /** Writes text in this style, escaped. */
  void write(String text, StringBuilder html) {
    if (text.isEmpty()) {
      return;
    }
    var plain = equals(PLAIN);
    if (!plain) {
      html.append("<span class=\"").append(bold ? "bold" : "");
      if (colour >= 0) {
        html.append(bold ? " " : "").append("ansi-").append(colour);
      }
      html.append("\">");
    }
    text.chars().forEach(c -> escape((char) c, html));
    if (!plain) {
      html.append("</span>");
    }
  }

  private static void escape(char c, StringBuilder html) {
    switch (c) {
      case '&' -> html.append("&amp;");
      case '<' -> html.append("&lt;");
      case '>' -> html.append("&gt;");
      case '"' -> html.append("&quot;");
      case '\'' -> html.append("&#39;");
      case '\t' -> html.append('\t');
      default -> {
        if (turnsText(c)) {
          html.append('\uFFFD');
        } else if (c >= ' ' && (c < '\u007f' || c > '\u009f')) {
          html.append(c);
        }
      }
    }
  }

  /** Characters that make text look like other text by turning its direction. */
  private static boolean turnsText(char c) {
    return (c >= '\u202a' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u2069')
        || c == '\u200e'
        || c == '\u200f'
        || c == '\u061c';
  }
}
