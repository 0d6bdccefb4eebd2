package dev.slipway.worker.checkout;

import java.nio.file.Path;

/**
 * One attempt's folder.
 *
 * @param root what is removed in the end
 * @param mirror the repository whose objects the checkout borrows
 */
public record Workspace(Path root, Path mirror) {
  /** The commit's files, where the build runs. */
  public Path checkout() {
    return root.resolve("checkout");
  }

  /** The build's home. */
  public Path home() {
    return root.resolve("home");
  }

  /** The build's temporary files. */
  public Path temporary() {
    return root.resolve("tmp");
  }
}
