package dev.slipway.deploy.console;

import org.jspecify.annotations.Nullable;

/** A terminal's colour and weight, as classes of the style sheet. */
final class AnsiStyle {
  private int colour = -1;
  private boolean bold;

  /**
   * Takes the parameters of a "select graphic rendition"; what it does not know changes nothing.
   */
  void take(@Nullable String parameters) {
    for (var parameter : (parameters == null ? "" : parameters).split(";", -1)) {
      switch (parameter) {
        case "", "0" -> {
          colour = -1;
          bold = false;
        }
        case "1" -> bold = true;
        case "22" -> bold = false;
        case "39" -> colour = -1;
        case "38", "48" -> {
          return; // what follows describes a colour that we do not have
        }
        default -> takeColour(parameter);
      }
    }
  }

  private void takeColour(String parameter) {
    if (parameter.matches("3[0-7]")) {
      colour = parameter.charAt(1) - '0';
    } else if (parameter.matches("9[0-7]")) {
      colour = 8 + parameter.charAt(1) - '0';
    }
  }

  /** Writes text in this style, escaped. */
  void write(String text, StringBuilder html) {
    if (text.isEmpty()) {
      return;
    }
    var plain = colour < 0 && !bold;
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
    return (c >= '\u202a' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069');
  }
}
