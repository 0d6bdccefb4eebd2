package dev.slipway.queue.job;

import dev.slipway.common.log.BuildLogs;
import dev.slipway.common.loop.Changes;
import dev.slipway.common.problem.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.Writer;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * Sends a job's output while it is written, over attempts, until the job has ended. Output is not
 * notified, so it is looked for a few times a second; the end is.
 */
public final class LogFollower implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(300);
  private static final int LOOKS_PER_PING = 50;

  private final ProgressStore jobs;
  private final BuildLogs logs;
  private final Changes jobChanges;
  private final Duration atMost;
  private final Semaphore places;
  private volatile boolean open = true;

  /**
   * @param jobChanges signalled when some job changed
   * @param atMost how long one connection is kept; its client connects again
   * @param followers how many connections there may be; {@code slipway.log.followers} are there
   */
  public LogFollower(
      ProgressStore jobs,
      BuildLogs logs,
      Changes jobChanges,
      Duration atMost,
      int followers,
      MeterRegistry meters) {
    this.jobs = jobs;
    this.logs = logs;
    this.jobChanges = jobChanges;
    this.atMost = atMost;
    this.places = new Semaphore(followers);
    meters.gauge("slipway.log.followers", places, free -> followers - free.availablePermits());
  }

  /** Who follows; opened only once there is a place for them, so that a refusal is no stream. */
  @FunctionalInterface
  interface Reader {
    /** What is written to them; it throws once they are gone. */
    Writer open() throws IOException;
  }

  /** Where a reader is. */
  record Place(int attempt, long end) {
    static final Place START = new Place(0, 0);

    /** From a {@code Last-Event-ID} header; the start where it is none of ours. */
    static Place of(String lastEventId) {
      if (!lastEventId.matches("[0-9]{1,4}-[0-9]{1,10}")) {
        return START;
      }
      var parts = lastEventId.split("-", 2);
      return new Place(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
    }
  }

  /**
   * Blocks until the job has ended, the time is over, the service stops or the reader is gone.
   *
   * @throws IOException if the reader is gone
   * @throws Problem 404, or 503 when there are too many followers
   */
  void follow(long job, Place from, Reader reader) throws IOException, InterruptedException {
    if (!places.tryAcquire()) {
      throw new Problem(503, "busy", "too many logs are being followed");
    }
    try {
      send(job, from, new LogEvents(reader.open()));
    } finally {
      places.release();
    }
  }

  private void send(long job, Place from, LogEvents out) throws IOException, InterruptedException {
    var place = from;
    var start = System.nanoTime();
    for (var looks = 1L; open && System.nanoTime() - start < atMost.toNanos(); looks++) {
      var seen = jobChanges.count();
      // the state first: what was printed before the end is there once the end is
      var progress = jobs.progress(job).orElseThrow(() -> Problem.notFound("job " + job));
      if (progress.attempt() != place.attempt()) {
        place = new Place(progress.attempt(), 0);
        out.attempt(progress.attempt());
      }
      place = sendNew(job, place, out);
      if (progress.status().isEnded()) {
        out.end(progress.status().name());
        return;
      }
      if (looks % LOOKS_PER_PING == 0) {
        out.ping();
      }
      jobChanges.awaitAbove(seen, LOOK);
    }
  }

  private Place sendNew(long job, Place from, LogEvents out) throws IOException {
    var place = from;
    for (var text = logs.text(job, place.attempt(), place.end());
        !text.content().isEmpty();
        text = logs.text(job, place.attempt(), place.end())) {
      out.log(place.attempt(), text);
      place = new Place(place.attempt(), text.end());
    }
    return place;
  }

  /** Ends every connection, so that the service can stop. */
  @Override
  public void close() {
    open = false;
    jobChanges.signal();
  }
}
