package dev.slipway.worker.job;

import dev.slipway.common.job.Claim;
import dev.slipway.common.job.Pool;
import dev.slipway.common.recipe.DeployRecipe;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.NullMarked;

/** Takes jobs one at a time, as a worker with one slot does. */
@NullMarked
public final class Claims {
  private final SlotStore store;

  public Claims(DataSource database) {
    this.store = new SlotStore(database);
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
