package dev.slipway.queue.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.common.job.Job;
import dev.slipway.common.job.JobStatus;
import dev.slipway.common.job.Pool;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job as callers see it.
 *
 * @param labels that its worker must have, as far as its app's builds before told
 * @param attempts only where one job was asked for
 */
public record JobView(
    long id,
    String app,
    long seq,
    String commit,
    String ref,
    String foundBy,
    JobStatus status,
    List<String> labels,
    int attempt,
    int maxAttempts,
    @Nullable String worker,
    Instant createdAt,
    @Nullable Instant mergedAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable String failure,
    @Nullable String binaryName,
    @Nullable Long sizeBytes,
    @Nullable String sha256,
    @Nullable Instant replicatedAt,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Attempt> attempts) {

  static JobView of(Job job, @Nullable List<Attempt> attempts) {
    return new JobView(
        job.id(),
        job.app(),
        job.seq(),
        job.commitSha(),
        job.ref(),
        job.foundBy(),
        job.status(),
        Pool.of(job.pool()).labels(),
        job.attempt(),
        job.maxAttempts(),
        job.worker(),
        job.createdAt(),
        job.mergedAt(),
        job.startedAt(),
        job.finishedAt(),
        job.failure(),
        job.binaryName(),
        job.sizeBytes(),
        job.sha256(),
        job.replicatedAt(),
        attempts);
  }
}
