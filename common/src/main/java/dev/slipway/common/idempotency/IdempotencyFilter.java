package dev.slipway.common.idempotency;

import dev.slipway.common.access.Caller;
import dev.slipway.common.idempotency.IdempotencyStore.Known;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * Makes a person's POST safe to repeat. Its key, what it does and what it is answered are one
 * transaction: who dies in between has done nothing, and who comes at the same time waits for it
 * and gets the same answer. A refusal does nothing, so it is not kept: the key is free for another
 * try.
 */
public final class IdempotencyFilter extends OncePerRequestFilter {
  /** The header that holds the key. */
  public static final String HEADER = "Idempotency-Key";

  /** How long a key may be. */
  public static final int LONGEST_KEY = 200;

  private static final String REPLAYED = "Idempotency-Replayed";

  private final IdempotencyStore store;
  private final TransactionOperations transaction;
  private final HandlerExceptionResolver problems;
  private final MeterRegistry meters;

  /**
   * @param problems answers what a controller would throw
   * @param meters get {@code slipway.idempotent.calls} by outcome
   */
  public IdempotencyFilter(
      IdempotencyStore store,
      TransactionOperations transaction,
      HandlerExceptionResolver problems,
      MeterRegistry meters) {
    this.store = store;
    this.transaction = transaction;
    this.problems = problems;
    this.meters = meters;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !request.getMethod().equals("POST")
        || !request.getRequestURI().startsWith("/api/")
        || request.getHeader(HEADER) == null
        || caller() == null;
  }

  private static @Nullable Caller caller() {
    var authentication = SecurityContextHolder.getContext().getAuthentication();
    return authentication != null
            && authentication.getPrincipal() instanceof Caller caller
            && caller.role().isPersons()
        ? caller
        : null;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var buffer = new ContentCachingResponseWrapper(response);
    try {
      var key = String.valueOf(request.getHeader(HEADER));
      InvalidInput.unless(
          key.matches("[\\x21-\\x7e]{1," + LONGEST_KEY + "}"),
          HEADER,
          "must be 1 to %d ASCII characters without blanks".formatted(LONGEST_KEY));
      var call = new Call(callerName(), key, BufferedRequest.read(request));
      // what is sent before the commit would tell of what may not come to be
      transaction.executeWithoutResult(status -> run(call, buffer, chain, status));
      buffer.copyBodyToResponse();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (Failed e) {
      throw e.cause;
    } catch (RuntimeException refused) {
      response.reset();
      if (problems.resolveException(request, response, null, refused) == null) {
        throw refused;
      }
    }
  }

  private static String callerName() {
    var caller = caller();
    return caller == null ? "" : caller.name();
  }

  private record Call(String caller, String key, BufferedRequest request) {}

  private void run(
      Call call,
      ContentCachingResponseWrapper response,
      FilterChain chain,
      TransactionStatus transaction) {
    if (take(call)) {
      answer(call, response, chain, transaction);
    } else {
      replay(store.find(call.caller(), call.key()).orElseThrow(), call, response);
    }
  }

  private boolean take(Call call) {
    if (store.isFull(call.caller()) && store.find(call.caller(), call.key()).isEmpty()) {
      throw new Problem(
          429,
          "too-many-idempotency-keys",
          "a caller may have %d keys within a day".formatted(IdempotencyStore.MOST));
    }
    return store.take(call.caller(), call.key(), call.request().digest());
  }

  private void answer(
      Call call,
      ContentCachingResponseWrapper response,
      FilterChain chain,
      TransactionStatus transaction) {
    try {
      chain.doFilter(call.request(), response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ServletException e) {
      throw new Failed(e);
    }
    if (response.getStatus() >= HttpStatus.BAD_REQUEST.value()) {
      transaction.setRollbackOnly();
      count("refused");
      return;
    }
    store.keep(
        call.caller(),
        call.key(),
        KeptAnswer.of(
            response.getStatus(), response.getContentType(), response.getContentAsByteArray()));
    count("done");
  }

  private void replay(Known known, Call call, HttpServletResponse response) {
    if (!known.digest().equals(call.request().digest())) {
      throw new Problem(
          422, "idempotency-key-reused", "this key was sent with another call or body before");
    }
    var answer = known.answer();
    if (!answer.kept()) {
      throw Problem.conflict(
          "answer-not-kept",
          "the call was made, and its answer is not kept: it held a secret or was too large");
    }
    response.setStatus(answer.status());
    response.setHeader(REPLAYED, "true");
    if (answer.contentType() != null) {
      response.setContentType(answer.contentType());
    }
    try {
      response.getOutputStream().write(answer.body().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    count("replayed");
  }

  private void count(String outcome) {
    meters.counter("slipway.idempotent.calls", "outcome", outcome).increment();
  }

  /** Carries a checked exception out of the transaction. */
  private static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient ServletException cause;

    Failed(ServletException cause) {
      super(cause);
      this.cause = cause;
    }
  }
}
