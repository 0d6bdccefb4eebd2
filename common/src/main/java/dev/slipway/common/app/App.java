package dev.slipway.common.app;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A repository that Slipway builds and deploys. Registered through build-queue-service, read by
 * others.
 */
@Entity
public class App {
  @Id private String name = "";
  private String repository = "";
  private String branch = "";
  private String webhookSecret = "";
  private @Nullable String recipe;
  private String builds = BuildOptions.DEFAULT.builds().text();
  private int maxAttempts = BuildOptions.DEFAULT.maxAttempts();
  private boolean retryFailures = BuildOptions.DEFAULT.retryFailures();
  private int keepBuilds = BuildOptions.DEFAULT.keepBuilds();

  @Column(insertable = false, updatable = false)
  private @Nullable Instant pinnedAt;

  @Column(insertable = false, updatable = false)
  private @Nullable String pinnedBy;

  @Column(insertable = false, updatable = false)
  private Instant createdAt = Instant.EPOCH;

  protected App() {}

  public App(
      AppName name,
      String repository,
      String branch,
      String webhookSecret,
      @Nullable String recipe,
      BuildOptions options) {
    this.name = name.value();
    change(repository, branch, webhookSecret, recipe, options);
  }

  public String name() {
    return name;
  }

  /** The address that workers clone. */
  public String repository() {
    return repository;
  }

  /** The branch whose pushes are built. */
  public String branch() {
    return branch;
  }

  /** What the forge signs its webhooks with; never shown again after it was set. */
  public String webhookSecret() {
    return webhookSecret;
  }

  /** The text of a slipway.yml for repositories without one. */
  public @Nullable String recipe() {
    return recipe;
  }

  /** Since when auto-deploy is off for this app, after a rollback or by a person. */
  public @Nullable Instant pinnedAt() {
    return pinnedAt;
  }

  public @Nullable String pinnedBy() {
    return pinnedBy;
  }

  public Instant createdAt() {
    return createdAt;
  }

  /** How the app's builds are treated. */
  public BuildOptions options() {
    return new BuildOptions(Builds.of(builds), maxAttempts, retryFailures, keepBuilds);
  }

  /** Takes a new registration; the name stays. */
  public final void change(
      String repository,
      String branch,
      String webhookSecret,
      @Nullable String recipe,
      BuildOptions options) {
    this.repository = repository;
    this.branch = branch;
    this.webhookSecret = webhookSecret;
    this.recipe = recipe;
    this.builds = options.builds().text();
    this.maxAttempts = options.maxAttempts();
    this.retryFailures = options.retryFailures();
    this.keepBuilds = options.keepBuilds();
  }
}
