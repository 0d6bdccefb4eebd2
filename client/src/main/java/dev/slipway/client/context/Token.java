package dev.slipway.client.context;

import dev.slipway.common.problem.InvalidInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A bearer token: checked before it becomes part of a request. */
public record Token(String value) {
  private static final int LONGEST = 400;

  public Token {
    InvalidInput.unless(
        value.matches("[\\x21-\\x7e]{1," + LONGEST + "}"),
        "the token",
        "must be 1 to " + LONGEST + " ASCII characters without blanks");
  }

  /** The one that a file holds. */
  static Token in(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      // a file of another kind is not read whole
      return new Token(new String(in.readNBytes(2 * LONGEST), StandardCharsets.UTF_8).strip());
    } catch (NoSuchFileException missing) {
      throw new IOException("there is no token file " + file);
    }
  }

  /** Never the token. */
  @Override
  public String toString() {
    return "…";
  }
}
