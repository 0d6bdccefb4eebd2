package dev.slipway.client;

import dev.slipway.client.call.Unreachable;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;

/** What programs learn from how a command ends. */
enum ExitCode {
  /** Done; what was watched ended well. */
  OK(0),
  /** Refused, or what was watched did not end well. */
  FAILED(1),
  /** The command line is not understood. */
  USAGE(2),
  NOT_FOUND(3),
  /** A service does not answer, or not now: trying again later may help. */
  UNREACHABLE(4),
  /** Not signed in, or the role does not allow it. */
  NOT_PERMITTED(5);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  static ExitCode of(Exception failed) {
    return switch (failed) {
      case InvalidInput _ -> USAGE;
      case Unreachable _ -> UNREACHABLE;
      case Problem problem -> of(problem.status());
      default -> FAILED;
    };
  }

  private static ExitCode of(int status) {
    return switch (status) {
      case 401, 403 -> NOT_PERMITTED;
      case 404 -> NOT_FOUND;
      case 502, 503, 504 -> UNREACHABLE;
      default -> FAILED;
    };
  }
}
