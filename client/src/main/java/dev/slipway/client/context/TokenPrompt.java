package dev.slipway.client.context;

import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Takes a token from a person without showing it, or from another program. */
final class TokenPrompt {
  private static final int LONGEST = 1_000;

  private TokenPrompt() {}

  /** Never from the command line, which everybody on the host can read. */
  static Token ask(InputStream in) throws IOException {
    var console = Optional.ofNullable(System.console()).filter(Console::isTerminal);
    if (console.isEmpty()) {
      return new Token(firstLine(in));
    }
    var typed = console.get().readPassword("Token (not shown): ");
    if (typed == null) {
      throw new IOException("no token was given");
    }
    return new Token(new String(typed).strip());
  }

  private static String firstLine(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (var b = in.read(); b != -1 && b != '\n' && line.size() < LONGEST; b = in.read()) {
      line.write(b);
    }
    if (line.size() == 0) {
      throw new IOException("no token was given; it is read from standard input");
    }
    return line.toString(StandardCharsets.UTF_8).strip();
  }
}
