package dev.slipway.common.blob;

import java.io.IOException;

/** An object of that name is there already. */
public final class BlobExists extends IOException {
  private static final long serialVersionUID = 1;

  public BlobExists(String name) {
    super(name + " exists already");
  }
}
