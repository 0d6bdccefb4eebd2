package dev.slipway.bench.queue;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.SchedulableInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/** db-scheduler, which deletes an execution when it is done. */
final class DbScheduler implements QueueSystem, Wakeable {
  private static final String TASK = "build";
  private static final Duration POLL = Duration.ofMillis(100);
  private static final int LONGEST_SECONDS = 180;

  private final Server.Place place;
  private final Strategy strategy;
  private final AtomicLong number;

  /** How it looks for work. The limits are its documentation's. */
  enum Strategy {
    FETCH("db-scheduler", Kind.PEER),
    LOCK_AND_FETCH("db-scheduler.lock-and-fetch", Kind.PEER),
    /** What its benchmark page has for high throughput. */
    AHEAD("db-scheduler.ahead", Kind.PEER_AHEAD);

    private final String title;
    private final Kind kind;

    Strategy(String title, Kind kind) {
      this.title = title;
      this.kind = kind;
    }

    String title() {
      return title;
    }

    SchedulerBuilder set(SchedulerBuilder builder) {
      return switch (this) {
        case FETCH -> builder;
        case LOCK_AND_FETCH -> builder.pollUsingLockAndFetch(0.5, 1.0);
        case AHEAD -> builder.pollUsingLockAndFetch(4, 20);
      };
    }
  }

  private DbScheduler(Server.Place place, Strategy strategy, AtomicLong number) {
    this.place = place;
    this.strategy = strategy;
    this.number = number;
  }

  /** All strategies, on one table that it makes. */
  static List<DbScheduler> all(Server.Place place) {
    place
        .jdbc()
        .sql(
            """
            create table scheduled_tasks (
              task_name            text        not null,
              task_instance        text        not null,
              task_data            bytea,
              execution_time       timestamptz,
              picked               boolean     not null,
              picked_by            text,
              last_success         timestamptz,
              last_failure         timestamptz,
              consecutive_failures int,
              last_heartbeat       timestamptz,
              version              bigint      not null,
              priority             smallint,
              state                text,
              primary key (task_name, task_instance)
            );
            create index execution_time_idx on scheduled_tasks (execution_time);
            create index last_heartbeat_idx on scheduled_tasks (last_heartbeat);
            """)
        .update();
    var number = new AtomicLong();
    var all = new ArrayList<DbScheduler>();
    for (var strategy : Strategy.values()) {
      all.add(new DbScheduler(place, strategy, number));
    }
    return all;
  }

  @Override
  public String name() {
    return strategy.title;
  }

  @Override
  public Kind kind() {
    return strategy.kind;
  }

  @Override
  public List<String> tables() {
    return List.of("scheduled_tasks");
  }

  @Override
  public double enqueue(int jobs, int callers) throws Exception {
    var task = task(() -> {});
    try (var pool = place.pool(callers)) {
      var client = SchedulerClient.Builder.create(pool, task).build();
      var left = new AtomicLong(jobs);
      return Callers.seconds(
          Collections.nCopies(
              callers,
              () -> {
                while (left.getAndDecrement() > 0) {
                  schedule(client, task);
                }
              }));
    }
  }

  @Override
  public void load(int jobs) {
    var task = task(() -> {});
    var client = SchedulerClient.Builder.create(place.dataSource(), task).build();
    var batch = new ArrayList<SchedulableInstance<?>>();
    for (var i = 0; i < jobs; i++) {
      batch.add(next(task));
    }
    client.scheduleBatch(batch);
  }

  @Override
  public double drain(int jobs, int workers) throws Exception {
    var done = new CountDownLatch(jobs);
    try (var pool = place.pool(connections(workers))) {
      var scheduler =
          scheduler(pool, task(() -> {}), workers)
              .addSchedulerListener(
                  new AbstractSchedulerListener() {
                    @Override
                    public void onExecutionComplete(ExecutionComplete complete) {
                      done.countDown();
                    }
                  })
              .build();
      var begun = System.nanoTime();
      scheduler.start();
      try {
        if (!done.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
          throw new IOException(name() + " left " + done.getCount() + " jobs undone");
        }
        return (System.nanoTime() - begun) / 1e9;
      } finally {
        stop(scheduler);
      }
    }
  }

  @Override
  public List<Double> pickups(int workers, int probes) throws Exception {
    var probe = new Probe();
    var task = task(probe::started);
    try (var pool = place.pool(connections(workers))) {
      var scheduler = scheduler(pool, task, workers).build();
      // not the scheduler's own client: who enqueues is another process than who works
      var client = SchedulerClient.Builder.create(place.dataSource(), task).build();
      scheduler.start();
      try {
        return probe.run(probes, () -> schedule(client, task));
      } finally {
        stop(scheduler);
      }
    }
  }

  /** One more for who polls. */
  private static int connections(int workers) {
    return workers + 1;
  }

  private static OneTimeTask<Void> task(Runnable body) {
    return Tasks.oneTime(TASK).execute((instance, context) -> body.run());
  }

  private void schedule(SchedulerClient client, OneTimeTask<Void> task) {
    client.scheduleIfNotExists(next(task));
  }

  /** Due since long, in the order of their numbers. */
  private SchedulableInstance<Void> next(OneTimeTask<Void> task) {
    var n = number.incrementAndGet();
    return SchedulableInstance.of(task.instance("" + n), Instant.EPOCH.plusMillis(n));
  }

  private SchedulerBuilder scheduler(DataSource pool, OneTimeTask<Void> task, int workers) {
    return strategy.set(Scheduler.create(pool, task).threads(workers).pollingInterval(POLL));
  }

  private static void stop(Scheduler scheduler) {
    scheduler.stop();
  }

  @Override
  public void close() {}
}
