package dev.slipway.replication.retention;

import dev.slipway.common.loop.Loop;

/** The loop of passes, where there is one. */
record RetentionLoop(Loop loop) implements AutoCloseable {
  @Override
  public void close() {
    loop.close();
  }
}
