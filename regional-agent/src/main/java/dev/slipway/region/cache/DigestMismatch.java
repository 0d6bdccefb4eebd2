package dev.slipway.region.cache;

import dev.slipway.common.artifact.Sha256;
import java.io.IOException;

/** Bytes that are not the artifact that they were taken for. */
public final class DigestMismatch extends IOException {
  private static final long serialVersionUID = 1;

  DigestMismatch(Sha256 wanted, Sha256 found) {
    super("wanted " + wanted + ", found " + found);
  }
}
