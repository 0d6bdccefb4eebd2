package dev.slipway.machine.region;

import dev.slipway.common.app.AppName;
import dev.slipway.common.loop.Loop;
import dev.slipway.common.machine.Assignment;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.machine.Limits;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.machine.Poll;
import dev.slipway.common.machine.PollAnswer;
import dev.slipway.common.machine.Prefetch;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The talk with the region. One loop long-polls; a second sends news at once by a poll that does
 * not wait, while the long one stays. Both take assignments from the answers.
 *
 * <p>What one target tells to a whole region makes all its machines speak again. So who was told
 * something asks again, and says that it is on its way, a while later: the longer, the larger the
 * region. How it ended is said at once.
 */
public final class PollLoop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PollLoop.class);
  private static final int LARGEST_ANSWER = 1 << 20;
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final int LONGEST_RETRY_SECONDS = 60;

  /** What a region of a thousand machines or fewer asks for. */
  private static final int SHORTEST_RETRY_SECONDS = 2;

  /** For each second that machines should take longer to come back to an agent that was gone. */
  private static final int LEISURE_MILLIS = 100;

  /** An agent that lied about its revision is so found out, whoever answers by then. */
  private static final Duration ALL = Duration.ofMinutes(10);

  /** Who polls. */
  public record Self(MachineId id, String zone, Labels labels, List<AppName> hosts) {
    /** A machine without labels. */
    public Self(MachineId id, String zone, List<AppName> hosts) {
      this(id, zone, Labels.NONE, hosts);
    }
  }

  /** Takes what the region asks for. */
  public interface Orders {
    /** Told with each answer. */
    void keepTo(Limits limits);

    void run(Assignment assignment);

    void haveAhead(Prefetch prefetch);
  }

  private final Self self;
  private final List<URI> agents;
  private final RegionHttp http;
  private final Board board;
  private final Orders orders;
  private final AtomicLong sequence;
  private final AtomicLong after = new AtomicLong();
  private final AtomicInteger agent = new AtomicInteger();
  private final Loop poller;
  private final Loop reporter;
  private volatile int retrySeconds = SHORTEST_RETRY_SECONDS;
  private volatile boolean reachable = true;
  private volatile long told = -1;
  private long allNanos = System.nanoTime();
  private boolean holds;
  private long heldUntilNanos;

  /**
   * @param agents tried in order; the one that answers is kept
   * @param clock where the sequence starts, so that it grows over restarts
   */
  public PollLoop(
      Self self,
      List<URI> agents,
      RegionHttp http,
      Board board,
      Orders orders,
      Clock clock,
      MeterRegistry meters) {
    this.self = self;
    this.agents = agents;
    this.http = http;
    this.board = board;
    this.orders = orders;
    this.sequence = new AtomicLong(clock.millis() << 10);
    // virtual, for processes of many machines
    this.poller = loop("poll-", this::poll, meters);
    this.reporter = loop("report-", this::report, meters);
    meters.gauge("slipway.machine.revision", Tags.of("machine", self.id().value()), after);
  }

  private Loop loop(String name, Loop.Pass pass, MeterRegistry meters) {
    return new Loop(Thread.ofVirtual(), name + self.id(), INTERVAL, pass, meters);
  }

  public PollLoop start() {
    board.onNews(reporter::wake);
    poller.start();
    reporter.start();
    return this;
  }

  /** Asks for all assignments again: their addresses may have changed. */
  public void forget() {
    after.set(0);
    told = -1;
    reporter.wake();
  }

  private boolean poll() throws InterruptedException {
    var started = System.nanoTime();
    if (started - allNanos > ALL.toNanos()) {
      allNanos = started;
      after.set(0);
    }
    var known = after.get();
    var before = told;
    var carried = board.news();
    told = carried;
    try {
      if (exchange(Poll.LONGEST_WAIT)) {
        TimeUnit.MILLISECONDS.sleep(leisureMillis());
      }
    } catch (IOException unreachable) {
      if (told == carried) {
        told = before;
      }
      TimeUnit.MILLISECONDS.sleep(pauseMillis());
      return true;
    }
    // an agent that answers at once and says nothing new must not be asked in a tight loop
    return after.get() > known || System.nanoTime() - started > Duration.ofSeconds(1).toNanos();
  }

  private boolean report() throws InterruptedException {
    var news = board.news();
    if (news == told) {
      holds = false;
      return false;
    }
    if (mayWait()) {
      return false;
    }
    holds = false;
    try {
      exchange(0);
      told = news;
      return true;
    } catch (IOException unreachable) {
      // news is no reason to ask more often than all the others who have lost their region
      TimeUnit.MILLISECONDS.sleep(pauseMillis());
      return true;
    }
  }

  /** Whether news of an app on its way can still wait for a poll that takes it along. */
  private boolean mayWait() {
    if (board.isSettled()) {
      return false;
    }
    var now = System.nanoTime();
    if (!holds) {
      holds = true;
      heldUntilNanos = now + TimeUnit.MILLISECONDS.toNanos(leisureMillis());
    }
    return now - heldUntilNanos < 0;
  }

  /**
   * Asks the agent that answered last, and the others at once when it does not.
   *
   * @return whether there was something to do
   */
  private boolean exchange(int wait) throws IOException, InterruptedException {
    for (var left = agents.size() - 1; ; left--) {
      try {
        return exchange(agent.get(), wait);
      } catch (IOException e) {
        if (left == 0) {
          unreachable(String.valueOf(e.getMessage()));
          throw e;
        }
      }
    }
  }

  private boolean exchange(int asked, int wait) throws IOException, InterruptedException {
    var address = agents.get(asked).resolve("/api/v1/machines/" + self.id().value() + "/poll");
    // before the reports are read: of two polls at once, the later number must not carry older news
    var number = sequence.incrementAndGet();
    var poll =
        new Poll(
            self.zone(), self.hosts(), board.reports(), number, after.get(), wait, self.labels());
    try {
      var json =
          http.post(
              "poll",
              address,
              JsonMapper.shared().writeValueAsBytes(poll),
              LARGEST_ANSWER,
              GRACE.plusSeconds(wait));
      var answer = JsonMapper.shared().readValue(json, PollAnswer.class);
      take(answer, poll.after());
      reached(address);
      return !answer.assignments().isEmpty() || !answer.ahead().isEmpty();
    } catch (JacksonException | IllegalArgumentException | NullPointerException e) {
      turnFrom(asked);
      throw new IOException("its answer is not understood", e);
    } catch (IOException e) {
      turnFrom(asked);
      throw e;
    }
  }

  private void take(PollAnswer answer, long asked) {
    retrySeconds = Math.clamp(answer.retrySeconds(), 1, LONGEST_RETRY_SECONDS);
    orders.keepTo(answer.limits());
    answer.assignments().forEach(orders::run);
    answer.ahead().forEach(orders::haveAhead);
    // only from where this poll asked: forget() may have been called since
    after.accumulateAndGet(answer.revision(), (now, to) -> now < asked ? now : Math.max(now, to));
  }

  private long leisureMillis() {
    var most = (retrySeconds - SHORTEST_RETRY_SECONDS) * LEISURE_MILLIS;
    return most <= 0 ? 0 : ThreadLocalRandom.current().nextLong(most);
  }

  private long pauseMillis() {
    var millis = TimeUnit.SECONDS.toMillis(retrySeconds);
    return ThreadLocalRandom.current().nextLong(millis / 2, millis + 1);
  }

  private void reached(URI address) {
    if (!reachable) {
      reachable = true;
      log.info("Machine {} reaches its region again, at {}", self.id(), address.getAuthority());
    }
  }

  private void turnFrom(int asked) {
    agent.compareAndSet(asked, (asked + 1) % agents.size());
  }

  private void unreachable(String why) {
    if (reachable) {
      reachable = false;
      log.warn("Machine {} cannot reach its region ({}); its apps go on running", self.id(), why);
    }
  }

  @Override
  public void close() {
    board.onNews(() -> {});
    reporter.close();
    poller.close();
  }
}
