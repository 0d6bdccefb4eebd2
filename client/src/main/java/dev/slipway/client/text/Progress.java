package dev.slipway.client.text;

/**
 * How far something is: a bar that is drawn over itself on a terminal, elsewhere a line whenever
 * something has changed.
 */
public final class Progress {
  private static final int BAR = 20;
  private static final String CLEAR = "\r\033[K";

  private final Output output;
  private final Terminal terminal;
  private String told = "";
  private boolean drawn;

  public Progress(Output output) {
    this.output = output;
    this.terminal = output.terminal();
  }

  /**
   * Shows where it is now.
   *
   * @param share 0 to 1
   * @param words harmless ones
   * @param more what changes all the time, so that it alone is no reason for a line
   */
  public void show(double share, String words, String more) {
    if (terminal.interactive()) {
      var full = (int) Math.round(BAR * Math.clamp(share, 0, 1));
      var text = words + (more.isEmpty() ? "" : ", " + more);
      output
          .out()
          .print(
              CLEAR
                  + "█".repeat(full)
                  + "░".repeat(BAR - full)
                  + " "
                  + Width.cut(text, terminal.columns() - BAR - 2));
      output.out().flush();
      drawn = true;
    } else if (!words.equals(told)) {
      told = words;
      output.line(words);
    }
  }

  /** Takes the bar away. */
  public void end() {
    if (drawn) {
      output.out().print(CLEAR);
      output.out().flush();
    }
  }
}
