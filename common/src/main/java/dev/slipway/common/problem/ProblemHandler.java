package dev.slipway.common.problem;

import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Turns every error of a controller into a problem detail with a {@code code}, and none into a
 * stack trace.
 */
@RestControllerAdvice
public final class ProblemHandler extends ResponseEntityExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);
  private static final String RETRY_AFTER_SECONDS = "5";

  @ExceptionHandler
  ResponseEntity<ProblemDetail> problem(Problem problem) {
    var answer = ResponseEntity.status(problem.status());
    if (problem.status() == HttpStatus.SERVICE_UNAVAILABLE.value()) {
      answer.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    return answer.body(
        detail(HttpStatusCode.valueOf(problem.status()), problem.code(), problem.getMessage()));
  }

  @ExceptionHandler
  ProblemDetail invalid(InvalidInput invalid) {
    return detail(HttpStatusCode.valueOf(400), "invalid-input", invalid.getMessage());
  }

  @ExceptionHandler
  ProblemDetail mismatch(MethodArgumentTypeMismatchException mismatch) {
    var cause = invalidInputIn(mismatch);
    return detail(
        HttpStatusCode.valueOf(400),
        "invalid-input",
        cause != null ? cause.getMessage() : mismatch.getName() + " is not of its type");
  }

  @ExceptionHandler
  ProblemDetail forbidden(AccessDeniedException denied) {
    return detail(HttpStatusCode.valueOf(403), "forbidden", "your token's role may not do this");
  }

  @ExceptionHandler
  ProblemDetail unexpected(Exception unexpected) {
    log.error("A request failed", unexpected);
    return detail(
        HttpStatusCode.valueOf(500),
        "internal-error",
        "an internal error; the service's log has more");
  }

  @Override
  protected ResponseEntity<Object> handleHttpMessageNotReadable(
      HttpMessageNotReadableException unreadable,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    var cause = invalidInputIn(unreadable);
    return ResponseEntity.badRequest()
        .body(
            detail(
                HttpStatusCode.valueOf(400),
                "invalid-input",
                cause != null
                    ? cause.getMessage()
                    : "the body is not the JSON that this call takes"));
  }

  @Override
  protected ResponseEntity<Object> handleMethodArgumentNotValid(
      MethodArgumentNotValidException invalid,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    var fields =
        invalid.getFieldErrors().stream()
            .map(e -> e.getField() + " " + e.getDefaultMessage())
            .collect(Collectors.joining("; "));
    return ResponseEntity.badRequest()
        .body(detail(HttpStatusCode.valueOf(400), "invalid-input", fields));
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleExceptionInternal(
      Exception exception,
      @Nullable Object body,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    if (body instanceof ProblemDetail detail && detail.getProperties() == null) {
      detail.setProperty("code", "http-" + status.value());
    }
    return super.handleExceptionInternal(exception, body, headers, status, request);
  }

  private static ProblemDetail detail(HttpStatusCode status, String code, @Nullable String text) {
    var detail = ProblemDetail.forStatusAndDetail(status, text);
    detail.setProperty("code", code);
    return detail;
  }

  private static @Nullable InvalidInput invalidInputIn(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof InvalidInput found) {
        return found;
      }
    }
    return null;
  }
}
