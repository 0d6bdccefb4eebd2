package dev.slipway.common.job;

import dev.slipway.common.trace.TraceParent;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import java.time.Instant;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/**
 * A row of the jobs table, for reading. It is written by the few native statements of the queue
 * alone, so that every change is fenced and on the database's clock.
 */
@Entity
@Immutable
public class Job {
  @Id private long id;
  private String app = "";
  private long seq;
  private String commitSha = "";
  private String ref = "";
  private String foundBy = "";

  @Enumerated(EnumType.STRING)
  private JobStatus status = JobStatus.QUEUED;

  private String pool = "";
  private int attempt;
  private int maxAttempts;
  private @Nullable String worker;
  private Instant createdAt = Instant.EPOCH;
  private @Nullable Instant mergedAt;
  private @Nullable Instant startedAt;
  private @Nullable Instant finishedAt;
  private @Nullable String failure;
  private @Nullable String binaryName;
  private @Nullable Long sizeBytes;
  private @Nullable String sha256;
  private @Nullable String crc32c;
  private @Nullable String manifest;
  private @Nullable Instant replicatedAt;
  private @Nullable String traceParent;

  protected Job() {}

  public long id() {
    return id;
  }

  public String app() {
    return app;
  }

  /** The build's place in its app's branch; higher is later. */
  public long seq() {
    return seq;
  }

  public String commitSha() {
    return commitSha;
  }

  public String ref() {
    return ref;
  }

  /** WEBHOOK, RECONCILIATION or PERSON. */
  public String foundBy() {
    return foundBy;
  }

  public JobStatus status() {
    return status;
  }

  /** Which line it waits in; see {@link Pool#text}. */
  public String pool() {
    return pool;
  }

  public int attempt() {
    return attempt;
  }

  public int maxAttempts() {
    return maxAttempts;
  }

  public @Nullable String worker() {
    return worker;
  }

  public Instant createdAt() {
    return createdAt;
  }

  public @Nullable Instant mergedAt() {
    return mergedAt;
  }

  public @Nullable Instant startedAt() {
    return startedAt;
  }

  public @Nullable Instant finishedAt() {
    return finishedAt;
  }

  public @Nullable String failure() {
    return failure;
  }

  /** The artifact's object name in the home bucket. */
  public @Nullable String binaryName() {
    return binaryName;
  }

  public @Nullable Long sizeBytes() {
    return sizeBytes;
  }

  public @Nullable String sha256() {
    return sha256;
  }

  public @Nullable String crc32c() {
    return crc32c;
  }

  /** The signed manifest's object name in the home bucket. */
  public @Nullable String manifest() {
    return manifest;
  }

  /** When every wanted region's copy had been read back and matched; deployable from then on. */
  public @Nullable Instant replicatedAt() {
    return replicatedAt;
  }

  /** The span of its push; none of builds that have no trace. */
  public @Nullable TraceParent trace() {
    return TraceParent.parse(traceParent).orElse(null);
  }
}
