package dev.slipway.common.problem;

/** An error with an HTTP status and a code that callers may rely on; the detail is safe to show. */
public final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String code;

  /**
   * @param status HTTP status, 400 to 599
   * @param code stable, lower-case words joined by hyphens
   * @param detail a sentence for people
   */
  public Problem(int status, String code, String detail) {
    super(detail);
    this.status = status;
    this.code = code;
  }

  public static Problem notFound(String what) {
    return new Problem(404, "not-found", what + " does not exist");
  }

  public static Problem conflict(String code, String detail) {
    return new Problem(409, code, detail);
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }
}
