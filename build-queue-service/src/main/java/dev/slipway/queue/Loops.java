package dev.slipway.queue;

import dev.slipway.common.loop.Loop;
import java.util.List;

/** Loops that stop together. */
record Loops(List<Loop> loops) implements AutoCloseable {
  @Override
  public void close() {
    loops.forEach(Loop::close);
  }
}
