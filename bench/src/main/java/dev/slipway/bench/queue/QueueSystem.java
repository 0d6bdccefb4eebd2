package dev.slipway.bench.queue;

import java.util.List;

/** A job queue in one database, with jobs that do nothing. Calls come one at a time. */
interface QueueSystem extends AutoCloseable {
  /** As in the figures' names. */
  String name();

  Kind kind();

  /** The tables to vacuum between two measurements. */
  List<String> tables();

  /** Makes jobs one by one, one job a call. Answers the seconds that it took. */
  double enqueue(int jobs, int callers) throws Exception;

  /** Makes jobs in whatever way is quick. */
  void load(int jobs) throws Exception;

  /**
   * Takes and finishes jobs that are there. Answers the seconds from when the workers are ready to
   * when the last job is finished in the database.
   *
   * @param jobs exactly as many as are there
   */
  double drain(int jobs, int workers) throws Exception;

  @Override
  void close();
}
