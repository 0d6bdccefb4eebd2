package dev.slipway.deploy.preview;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.deploy.Plan.Step;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a deployment of a build would do, as things are now.
 *
 * @param obstacles what is in the way, or goes otherwise than one may think
 * @param skipped builds between what machines are to run now and this one, at most 100
 * @param regions those that the deployment would reach
 * @param waves in which it would; empty when there is no plan
 * @param expectedSeconds by the last deployments of the app that went well, {@code basedOn} of
 *     them, with the bakes of this one; none where there were none
 */
public record Preview(
    String app,
    long build,
    String commit,
    long sizeBytes,
    List<Obstacle> obstacles,
    List<Skipped> skipped,
    List<RegionPreview> regions,
    List<Step> waves,
    @Nullable Double expectedSeconds,
    int basedOn) {
  /** Whether pressing the button would make a deployment. */
  @JsonProperty
  public boolean isDeployable() {
    return obstacles.stream().noneMatch(Obstacle::blocks);
  }

  /**
   * Something to know before.
   *
   * @param code stable, lower-case words joined by hyphens
   * @param blocks whether there would be no deployment
   */
  public record Obstacle(String code, String text, boolean blocks) {}

  /** A build that no machine will have run. */
  public record Skipped(long build, String commit, String status) {}

  /**
   * What a region has yet to do.
   *
   * @param now the build that its machines are to run; none while there is none
   * @param copy the state of its bucket's copy; none while it was not asked for
   * @param copyBytes that its bucket still lacks
   * @param machineBytes that its machines fetch inside the region, at most: what they have of older
   *     builds they do not fetch again
   * @param running machines that run it already
   * @param ahead machines that have it here, unpacked
   * @param kept machines that have kept it from before
   * @param silent machines that were not heard of for too long, wherever else they count
   */
  public record RegionPreview(
      String region,
      @Nullable Long now,
      @Nullable String copy,
      long copyBytes,
      long machineBytes,
      int machines,
      int running,
      int ahead,
      int kept,
      int silent) {
    /** Machines that need only switch. */
    @JsonProperty
    public int warm() {
      return ahead + kept;
    }
  }
}
