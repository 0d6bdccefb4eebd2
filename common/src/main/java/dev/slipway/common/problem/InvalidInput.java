package dev.slipway.common.problem;

/**
 * Input from outside that is refused. The message names the field and the limit and is safe to
 * show.
 */
public final class InvalidInput extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  /**
   * @param field what was wrong, as its sender knows it
   * @param limit what would have been right
   */
  public InvalidInput(String field, String limit) {
    super(field + " " + limit);
  }

  /** Refuses unless {@code holds}. */
  public static void unless(boolean holds, String field, String limit) {
    if (!holds) {
      throw new InvalidInput(field, limit);
    }
  }
}
