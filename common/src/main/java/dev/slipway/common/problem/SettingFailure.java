package dev.slipway.common.problem;

import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConversionFailedException;

/** Tells in a line which setting, or which file that a setting names, is wrong. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class SettingFailure implements FailureAnalyzer {
  private static final String ACTION =
      "Set it in a file, with --spring.config.additional-location, as an argument or in the environment.";

  @Override
  public @Nullable FailureAnalysis analyze(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConversionFailedException) {
        // Spring Boot tells these better: it knows the property
        return null;
      }
      var reason =
          switch (cause) {
            case InvalidInput refused -> refused.getMessage();
            case NoSuchFileException missing -> missing.getFile() + " does not exist";
            case FileSystemException unusable -> "a file cannot be used: " + unusable.getMessage();
            default -> null;
          };
      if (reason != null) {
        return new FailureAnalysis(reason, cause instanceof InvalidInput ? ACTION : null, failure);
      }
    }
    return null;
  }
}
