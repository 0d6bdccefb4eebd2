package dev.slipway.region;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;

/** Hands half-sent answers to the server, which cuts the connection: no problem detail fits in. */
@ControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
final class HalfSentHandler {
  @SuppressWarnings("DoNotCallSuggester") // called by Spring MVC alone
  @ExceptionHandler
  void cut(RangedAnswer.HalfSent halfSent) {
    throw halfSent;
  }
}
