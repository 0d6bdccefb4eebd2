package dev.slipway.common.region;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A part of the world with a bucket and machines of its own. Kept by replication-checker, read by
 * others.
 */
@Entity
public class Region {
  @Id private String name = "";
  private String bucket = "";
  private boolean wanted = true;
  private @Nullable String reason;

  @Column(insertable = false, updatable = false)
  private Instant createdAt = Instant.EPOCH;

  protected Region() {}

  public Region(RegionName name) {
    this.name = name.value();
  }

  public String name() {
    return name;
  }

  /** The bucket's address: {@code gs://name} or {@code file:///path}. */
  public String bucket() {
    return bucket;
  }

  /**
   * Whether builds must be copied here before they can be deployed; false while a sick region is
   * excluded.
   */
  public boolean wanted() {
    return wanted;
  }

  /** Why it is excluded. */
  public @Nullable String reason() {
    return reason;
  }

  public Instant createdAt() {
    return createdAt;
  }

  /** Takes a new description; the name stays. */
  public void change(String bucket, boolean wanted, @Nullable String reason) {
    this.bucket = bucket;
    this.wanted = wanted;
    this.reason = reason;
  }
}
