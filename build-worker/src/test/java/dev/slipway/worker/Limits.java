package dev.slipway.worker;

import dev.slipway.worker.checkout.CheckoutLimits;
import java.time.Duration;
import org.jspecify.annotations.NullMarked;
import org.springframework.util.unit.DataSize;

/** What tests allow that are about something else. */
@NullMarked
public final class Limits {
  /** Enough for everything. */
  public static final CheckoutLimits USUAL =
      new CheckoutLimits(
          DataSize.ofGigabytes(1),
          DataSize.ofGigabytes(1),
          DataSize.ofGigabytes(1),
          Duration.ofDays(1));

  private Limits() {}
}
