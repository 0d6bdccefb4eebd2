package dev.slipway.common.recipe;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.region.RegionName;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to deploy.
 *
 * @param auto whether builds are deployed without anybody pressing the button
 * @param regions where to; empty for every region
 * @param waves one after the other; empty for all regions at once
 * @param maxFailed share of machines, in percent, that may fail before the deployment does
 * @param rollback whether a failed deployment goes back to the build before
 * @param prefetch whether machines fetch the build ahead of its deployment; not so where a recipe
 *     was written down before there was this
 * @param gate when a wave is well; {@link Gate#PLAIN} where a recipe was written down before this
 * @param passAfter how long auto-deploy lets a ready build wait for earlier ones before it passes
 *     them; none: as long as it takes
 * @param labels that a machine must have to be deployed to at all
 */
public record DeployRecipe(
    boolean auto,
    Order order,
    List<RegionName> regions,
    List<Wave> waves,
    int maxFailed,
    boolean rollback,
    @JsonSetter(nulls = Nulls.AS_EMPTY) boolean prefetch,
    Gate gate,
    @Nullable Duration passAfter,
    Labels labels) {
  /** What a recipe without a deploy section says: somebody presses the button. */
  public static final DeployRecipe BY_HAND =
      new DeployRecipe(false, Order.EVERY, List.of(), List.of(), 0, false, false);

  public DeployRecipe {
    gate = gate == null ? Gate.PLAIN : gate;
    labels = labels == null ? Labels.NONE : labels;
  }

  /**
   * For all machines, with a plain gate and builds that wait for earlier ones as long as it takes.
   */
  public DeployRecipe(
      boolean auto,
      Order order,
      List<RegionName> regions,
      List<Wave> waves,
      int maxFailed,
      boolean rollback,
      boolean prefetch) {
    this(auto, order, regions, waves, maxFailed, rollback, prefetch, Gate.PLAIN, null, Labels.NONE);
  }

  /** Which builds auto-deploy takes. */
  public enum Order {
    /** Each in turn. */
    EVERY,
    /** The newest that is ready. */
    LATEST
  }

  /**
   * A step of a deployment.
   *
   * @param regions empty for all of the deployment's
   * @param machines share of each region's machines that have the labels, in percent
   * @param bake how long it must stay healthy before the next
   * @param labels that its machines all have; none for any machine
   */
  public record Wave(List<RegionName> regions, int machines, Duration bake, Labels labels) {
    public Wave {
      labels = labels == null ? Labels.NONE : labels;
    }

    /** Of machines with whichever labels. */
    public Wave(List<RegionName> regions, int machines, Duration bake) {
      this(regions, machines, bake, Labels.NONE);
    }
  }
}
