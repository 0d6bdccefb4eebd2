package dev.slipway.common.problem;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.dao.UncategorizedDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Says when to come again while the database is away, so that forges deliver again. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class DatabaseGone {
  private static final Logger log = LoggerFactory.getLogger(DatabaseGone.class);
  private static final String RETRY_AFTER_SECONDS = "5";

  @ExceptionHandler({
    NonTransientDataAccessResourceException.class,
    TransientDataAccessException.class,
    RecoverableDataAccessException.class,
    // a lock that was not to be had in time, or a connection that ended while it was rolled back
    UncategorizedDataAccessException.class,
    TransactionException.class
  })
  ResponseEntity<ProblemDetail> gone(Exception cause) {
    log.warn("The database is away: {}", cause.toString());
    var detail =
        ProblemDetail.forStatusAndDetail(
            HttpStatus.SERVICE_UNAVAILABLE, "the database cannot be reached or is busy: try again");
    detail.setProperty("code", "database-gone");
    return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
        .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
        .body(detail);
  }
}
