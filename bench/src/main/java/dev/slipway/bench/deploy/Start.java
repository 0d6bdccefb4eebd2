package dev.slipway.bench.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * One start of the app on a machine, as the app wrote it down itself.
 *
 * @param build that was started
 * @param alone whether no other process of the app was there
 */
record Start(long build, boolean alone) {
  /** The end of a script's first lines, which write one down. What holds the lock lives. */
  static final String SCRIPT =
      """
      exec 9>>"$HISTORY.lock"
      flock -n 9 && how=alone || how=beside
      echo "$SLIPWAY_BUILD $how $$ $(date +%s)" >> "$HISTORY"
      """;

  /** All that are whole, in order. */
  static List<Start> read(Path history) throws IOException {
    try {
      var text = Files.readString(history);
      return text.substring(0, text.lastIndexOf('\n') + 1).lines().map(Start::parse).toList();
    } catch (NoSuchFileException neverStarted) {
      return List.of();
    }
  }

  private static Start parse(String line) {
    var words = line.split(" ", -1);
    return new Start(Long.parseLong(words[0]), "alone".equals(words[1]));
  }
}
