package dev.slipway.deploy.installation;

import dev.slipway.common.access.Role;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An installation as the database and deploy-service know it.
 *
 * @param version of deploy-service; none where it does not run from a jar
 * @param you who asked
 * @param now the database's time
 * @param schema the newest migration of the database; none where another tool keeps the schema
 * @param knownSchema the newest migration that deploy-service was built with
 * @param targetsSigned whether deploy-service has a key to sign targets with
 */
public record Installation(
    @Nullable String version,
    You you,
    Instant now,
    @Nullable String schema,
    int knownSchema,
    boolean targetsSigned,
    Queue queue,
    List<RegionState> regions,
    List<AppState> apps) {
  /** Who a token belongs to. */
  public record You(String name, Role role) {}

  /**
   * What waits, and who may take it.
   *
   * @param oldestSeconds how long the first in line has waited; none when nobody waits
   * @param workers that were heard of within a minute
   * @param slots of those that take jobs
   * @param busy of these
   */
  public record Queue(
      int waiting, @Nullable Double oldestSeconds, int workers, int slots, int busy) {}

  /**
   * A region.
   *
   * @param agents that asked within a minute
   * @param silentSeconds since one of its agents asked last; none when none did within a day
   * @param silent machines that were not heard of for a minute
   * @param corrupt copies that were read back and are wrong
   * @param problem of one of them
   * @param unreadSeconds how long the oldest copy waits to be read back; none when none waits
   */
  public record RegionState(
      String name,
      boolean wanted,
      @Nullable String reason,
      int agents,
      @Nullable Double silentSeconds,
      int machines,
      int silent,
      int corrupt,
      @Nullable String problem,
      @Nullable Double unreadSeconds) {}

  /**
   * An app's ways in.
   *
   * @param foundBy how its newest commit came: by webhook, by branch comparison, or by a person;
   *     none before the first
   * @param failedLooks how often in a row its repository did not answer
   */
  public record AppState(String name, @Nullable String foundBy, int failedLooks) {}
}
