package dev.slipway.worker.job;

import dev.slipway.common.job.Claim;
import dev.slipway.common.job.Pool;
import dev.slipway.common.recipe.DeployRecipe;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Takes jobs one at a time, as a worker with one slot does. */
@NullMarked
public final class Claims {
  private final SlotStore store;

  public Claims(JdbcClient jdbc) {
    this.store = new SlotStore(jdbc);
  }

  public Optional<ClaimedJob> claim(String worker) {
    return claim(worker, Pool.ANY);
  }

  public Optional<ClaimedJob> claim(String worker, Pool pool) {
    return store.exchange(worker, pool, Mark.START, List.of(), 1).claimed().stream()
        .map(SlotStore.Claimed::job)
        .findFirst();
  }

  public boolean succeed(Claim claim, Published published, DeployRecipe rollout) {
    var finished = List.of(new Finished(claim, published, rollout));
    return store
        .exchange(claim.worker(), Pool.ANY, Mark.START, finished, 0)
        .accepted()
        .contains(claim.job());
  }
}
