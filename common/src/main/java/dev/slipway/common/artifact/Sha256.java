package dev.slipway.common.artifact;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.slipway.common.problem.InvalidInput;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** The SHA-256 of an artifact's bytes, in lower-case hex: what is trusted, everywhere. */
public record Sha256(@JsonValue String value) {
  /** What it may look like. */
  public static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

  @JsonCreator
  public Sha256 {
    InvalidInput.unless(
        FORM.matcher(value).matches(), "sha256", "must be 64 lower-case hex digits");
  }

  /** The digest of something small. */
  public static Sha256 of(byte[] bytes) {
    try {
      return new Sha256(
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
