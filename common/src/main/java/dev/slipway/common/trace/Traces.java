package dev.slipway.common.trace;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether commits are traced; where they are not, nothing of a span is even made. */
public final class Traces implements AutoCloseable {
  /** Nothing is traced. */
  public static final Traces OFF = new Traces(null);

  private final @Nullable Tracer tracer;

  private Traces(@Nullable Tracer tracer) {
    this.tracer = tracer;
  }

  /** Everything is traced. */
  public static Traces by(Tracer tracer) {
    return new Traces(tracer);
  }

  public boolean areOn() {
    return tracer != null;
  }

  /**
   * Tells a span where commits are traced and the span that it is a part of is told, too.
   *
   * @param within the span that it is a part of, or another of its trace; none: nothing is told
   */
  public void tell(@Nullable TraceParent within, Supplier<Span> span) {
    if (tracer != null && within != null && within.recorded()) {
      tracer.tell(span.get());
    }
  }

  @Override
  public void close() {
    if (tracer != null) {
      tracer.close();
    }
  }
}
