package dev.slipway.machine.app;

/** Words for a POSIX shell. */
final class Shell {
  private Shell() {}

  /** A word that the shell takes as it is; plain ones stay unquoted, so that people may quote. */
  static String quote(String word) {
    return word.matches("[A-Za-z0-9_./+:@%,=-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
