package dev.slipway.deploy.console;

import dev.slipway.deploy.console.LogReader.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Makes a log's text into HTML that can do nothing: everything is escaped, of the terminal's
 * language the sixteen colours and bold survive as classes, the rest is dropped. It keeps the
 * colour, and an escape sequence that a part cut, for the next part.
 */
final class LogHtml {
  private static final int LONGEST_LINE = 4_000;
  private static final int LINES_A_CHUNK = 100;
  private static final String PARAMETERS = "(?:\u001b\\[|\u009b)([0-9;:?<=>]{0,64})[ -/]{0,4}";

  /** Titles, links, pictures: what such a string says is not text. */
  private static final String STRING =
      "(?:\u001b[PX\\]^_]|[\u0090\u0098\u009d-\u009f])[^\n\u0007\u001b\u0090-\u009f]{0,2000}+";

  private static final Pattern SEQUENCE =
      Pattern.compile(
          PARAMETERS + "([@-~])|" + STRING + "(?:\u0007|\u001b\\\\|\u009c)|\u001b[ -/]{0,2}[0-~]");
  private static final Pattern CUT_SEQUENCE =
      Pattern.compile(PARAMETERS + "\\z|" + STRING + "\u001b?\\z|\u001b[ -/]{0,2}\\z");
  private static final int LONGEST_SEQUENCE = 2_010;

  private final AnsiStyle style = new AnsiStyle();
  private String rest = "";
  private int attempt;

  /**
   * @param attempt the one that was read last, 0 at the start
   */
  LogHtml(int attempt) {
    this.attempt = attempt;
  }

  /**
   * A few lines.
   *
   * @param lines how many line ends are in it
   */
  record Chunk(String html, int lines) {}

  /** The next part, in chunks of a bounded number of lines. */
  List<Chunk> add(Part part) {
    var text = rest + part.content();
    if (part.place().attempt() != attempt) {
      attempt = part.place().attempt();
      text = (attempt > 1 ? "\n── attempt " + attempt + " ──\n" : "") + part.content();
    }
    var cut =
        CUT_SEQUENCE
            .matcher(text)
            .region(Math.max(0, text.length() - LONGEST_SEQUENCE), text.length());
    var end = cut.find() ? cut.start() : text.length();
    rest = text.substring(end);
    return chunks(text.substring(0, end));
  }

  private List<Chunk> chunks(String text) {
    var chunks = new ArrayList<Chunk>();
    var html = new StringBuilder();
    var lines = 0;
    var from = 0;
    while (from < text.length()) {
      var newline = text.indexOf('\n', from);
      var to = newline < 0 ? text.length() : newline;
      line(text.substring(from, to), html);
      if (newline >= 0) {
        html.append('\n');
        lines++;
      }
      from = to + 1;
      if (lines == LINES_A_CHUNK) {
        chunks.add(new Chunk(html.toString(), lines));
        html.setLength(0);
        lines = 0;
      }
    }
    if (!html.isEmpty()) {
      chunks.add(new Chunk(html.toString(), lines));
    }
    return chunks;
  }

  private void line(String printed, StringBuilder html) {
    var line = lastWritten(printed);
    var shown = line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) : line;
    var sequences = SEQUENCE.matcher(shown);
    var from = 0;
    while (sequences.find()) {
      style.write(shown.substring(from, sequences.start()), html);
      if ("m".equals(sequences.group(2))) {
        style.take(sequences.group(1));
      }
      from = sequences.end();
    }
    style.write(shown.substring(from), html);
    if (shown.length() < line.length()) {
      html.append("… (a long line; the raw log has all of it)");
    }
  }

  /** A line that was written over with carriage returns shows what was written last. */
  private static String lastWritten(String line) {
    var end = line.length();
    while (end > 0 && line.charAt(end - 1) == '\r') {
      end--;
    }
    return line.substring(line.lastIndexOf('\r', end - 1) + 1, end);
  }
}
