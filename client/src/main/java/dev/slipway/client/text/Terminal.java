package dev.slipway.client.text;

import java.io.Console;
import java.util.Optional;

/**
 * Where answers go.
 *
 * @param columns that fit on a line
 * @param interactive whether somebody is looking, so that lines may be cut and drawn anew
 * @param colour whether states may be coloured
 */
public record Terminal(int columns, boolean interactive, boolean colour) {
  private static final int USUAL = 80;
  private static final int NARROWEST = 40;

  /** A file, or another program. */
  public static final Terminal NONE = new Terminal(USUAL, false, false);

  /**
   * Standard output. The launcher says how wide it is ({@code slipway.columns}), which the JVM
   * cannot find out.
   */
  public static Terminal standard(boolean noColour) {
    var told = Integer.getInteger("slipway.columns", 0);
    if (told <= 0 && Optional.ofNullable(System.console()).filter(Console::isTerminal).isEmpty()) {
      return NONE;
    }
    var colour =
        !noColour
            && System.getenv().getOrDefault("NO_COLOR", "").isEmpty()
            && !"dumb".equals(System.getenv("TERM"));
    return new Terminal(told <= 0 ? USUAL : Math.max(told, NARROWEST), true, colour);
  }

  /** A text in the colour of a state, where there are colours. */
  public String paint(Tone tone, String text) {
    return colour && tone != Tone.PLAIN ? "\033[" + tone.code() + "m" + text + "\033[0m" : text;
  }
}
