package dev.slipway.deploy.console.log;

import dev.slipway.deploy.console.log.LineCutter.Line;
import java.util.regex.Pattern;

/**
 * Makes lines of a log into HTML that can do nothing: everything is escaped, of the terminal's
 * language the sixteen colours and bold survive as classes, the rest is dropped. A colour goes on
 * in the next line.
 */
final class LogHtml {
  /** Characters of a line that are shown. */
  static final int LONGEST_LINE = 4_000;

  private static final char ESCAPE = '\u001b';

  private static final Pattern SEQUENCE =
      Pattern.compile(
          "(?:\u001b\\[|\u009b)([0-9;:?<=>]{0,64})[ -/]{0,4}([@-~])"
              // titles, links, pictures: what such a string says is not text
              + "|(?:\u001b[PX\\]^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u0090-\u009f]{0,2000}+"
              + "(?:\u0007|\u001b\\\\|\u009c)"
              + "|\u001b[ -/]{0,2}[0-~]");

  private AnsiStyle style;

  /**
   * @param style that the lines before have left
   */
  LogHtml(AnsiStyle style) {
    this.style = style;
  }

  AnsiStyle style() {
    return style;
  }

  /** Passes a line over: only the style that it leaves is wanted. */
  void skip(Line line) {
    if (isPlain(line.text())) {
      return;
    }
    var sequences = SEQUENCE.matcher(shown(line));
    while (sequences.find()) {
      if ("m".equals(sequences.group(2))) {
        style = style.after(sequences.group(1));
      }
    }
  }

  /** Writes a line, without its end. */
  void write(Line line, StringBuilder html) {
    var shown = shown(line);
    var sequences = SEQUENCE.matcher(shown);
    var from = 0;
    while (sequences.find()) {
      style.write(shown.substring(from, sequences.start()), html);
      if ("m".equals(sequences.group(2))) {
        style = style.after(sequences.group(1));
      }
      from = sequences.end();
    }
    style.write(shown.substring(from), html);
    if (line.cut() || shown.length() < line.text().length()) {
      html.append("<span class=\"cut\">… a long line; the download has all of it</span>");
    }
  }

  /** What people see of a text: no sequences. */
  static String visible(String text) {
    return isPlain(text) ? text : SEQUENCE.matcher(text).replaceAll("");
  }

  private static boolean isPlain(String text) {
    return text.indexOf(ESCAPE) < 0 && text.chars().noneMatch(c -> c >= 0x90 && c <= 0x9f);
  }

  private static String shown(Line line) {
    var text = line.text();
    if (text.length() <= LONGEST_LINE) {
      return text;
    }
    var splits = Character.isHighSurrogate(text.charAt(LONGEST_LINE - 1));
    return text.substring(0, splits ? LONGEST_LINE - 1 : LONGEST_LINE);
  }
}
