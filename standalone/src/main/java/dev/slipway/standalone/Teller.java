package dev.slipway.standalone;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;

/** Tells a person what happens, each line with the seconds since it began. */
public final class Teller {
  private final PrintStream out;
  private final Map<String, String> told = new HashMap<>();
  private final long begun = System.nanoTime();

  public Teller(PrintStream out) {
    this.out = out;
  }

  /** Tells that a stage is reached. */
  public void tell(String stage, String what) {
    line("%7.2f s  %-12s %s".formatted(seconds(), stage, what));
  }

  /** As {@link #tell}, unless that was the last thing told of the stage. */
  public void tellOnce(String stage, String what) {
    if (!what.isEmpty() && !what.equals(told.put(stage, what))) {
      tell(stage, what);
    }
  }

  /** A line as it is. */
  public void line(String text) {
    out.println(text);
    out.flush();
  }

  /** Since this teller was made. */
  public double seconds() {
    return (System.nanoTime() - begun) / 1e9;
  }
}
