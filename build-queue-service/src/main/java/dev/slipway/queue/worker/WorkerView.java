package dev.slipway.queue.worker;

import java.time.Instant;
import java.util.List;

/**
 * A worker process as its heartbeats tell.
 *
 * @param busy of its slots
 * @param draining whether it takes no more jobs because it is about to end
 */
public record WorkerView(
    String name,
    int slots,
    int busy,
    List<String> labels,
    boolean draining,
    Instant startedAt,
    Instant seenAt) {}
