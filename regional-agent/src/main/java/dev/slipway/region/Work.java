package dev.slipway.region;

import dev.slipway.common.loop.Loop;
import java.util.List;
import org.springframework.context.SmartLifecycle;

/**
 * What the agent does by itself: begins when its web server is up, as the engine reads the home
 * bucket through it, and ends before the web server, so that no machine's poll holds up the stop.
 */
public final class Work implements SmartLifecycle {
  private final List<Loop> loops;
  private final Runnable beforeStop;
  private volatile boolean running;

  /**
   * @param beforeStop run before the loops are stopped
   */
  public Work(List<Loop> loops, Runnable beforeStop) {
    this.loops = loops;
    this.beforeStop = beforeStop;
  }

  @Override
  public void start() {
    running = true;
    loops.forEach(Loop::start);
  }

  @Override
  public void stop() {
    running = false;
    beforeStop.run();
    loops.forEach(Loop::close);
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
