package dev.slipway.deploy.console.log;

/** Some lines as HTML, each with its number as a link. */
final class LogPage {
  private final StringBuilder html = new StringBuilder();
  private final LogHtml text;
  private final long first;
  private int lines;

  /**
   * @param first number of the first line
   * @param style that the lines before have left
   */
  LogPage(long first, AnsiStyle style) {
    this.first = first;
    this.text = new LogHtml(style);
  }

  boolean isFull() {
    return lines >= LogIndex.STEP;
  }

  /** Adds a line; one that comes after the last is left out. */
  void add(LineCutter.Line line) {
    if (isFull()) {
      return;
    }
    var number = first + lines++;
    html.append("<div class=\"line\" id=\"L")
        .append(number)
        .append("\"><a class=\"n\" tabindex=\"-1\" href=\"#L")
        .append(number)
        .append("\">")
        .append(number)
        .append("</a><span class=\"t\">");
    text.write(line, html);
    html.append("</span></div>\n");
  }

  String html() {
    return html.toString();
  }
}
