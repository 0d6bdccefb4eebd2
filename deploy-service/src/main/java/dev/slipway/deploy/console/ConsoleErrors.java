package dev.slipway.deploy.console;

import dev.slipway.common.problem.DatabaseGone;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.web.ErrorResponse;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.ExceptionHandlerMethodResolver;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * Turns what the console's paths throw into {@link ErrorPages}; the API keeps its problem details.
 */
final class ConsoleErrors implements HandlerExceptionResolver, Ordered {
  private static final Logger log = LoggerFactory.getLogger(ConsoleErrors.class);

  /** Knows what {@link DatabaseGone} would answer. */
  private static final ExceptionHandlerMethodResolver GONE =
      new ExceptionHandlerMethodResolver(DatabaseGone.class);

  @Override
  public int getOrder() {
    return -1; // before the advice that the API has
  }

  @Override
  public @Nullable ModelAndView resolveException(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable Object handler,
      Exception thrown) {
    if (!ErrorPages.isConsole(request.getRequestURI())
        || response.isCommitted()
        || thrown instanceof AsyncRequestNotUsableException) {
      return null;
    }
    try {
      send(request, response, thrown);
      return new ModelAndView();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void send(
      HttpServletRequest request, HttpServletResponse response, Exception thrown)
      throws IOException {
    switch (thrown) {
      case Problem problem ->
          ErrorPages.send(request, response, problem.status(), sentence(problem));
      case InvalidInput invalid -> ErrorPages.send(request, response, 400, sentence(invalid));
      case MethodArgumentTypeMismatchException noSuchName -> response.sendError(404);
      case ErrorResponse known -> response.sendError(known.getStatusCode().value());
      case Exception gone when GONE.resolveMethod(gone) != null -> {
        log.warn("The database is away", gone);
        response.sendError(503);
      }
      default -> {
        log.error("A page failed", thrown);
        response.sendError(500);
      }
    }
  }

  private static String sentence(Exception thrown) {
    var text = String.valueOf(thrown.getMessage());
    return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
  }
}
