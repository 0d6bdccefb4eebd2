package dev.slipway.deploy;

import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Transactions of an instance that may be killed in each: before its commit, so that nothing of it
 * remains, or after it, so that nobody hears of what remains.
 */
@NullMarked
final class DyingTransaction extends TransactionTemplate {
  private static final long serialVersionUID = 1;

  private final Random random;

  DyingTransaction(PlatformTransactionManager manager, Random random) {
    super(manager);
    this.random = random;
  }

  /** It was killed. */
  static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  @Override
  public <T extends @Nullable Object> T execute(TransactionCallback<T> action) {
    var when = random.nextInt(6);
    var result =
        super.execute(status -> {
          var done = action.doInTransaction(status);
          dieIf(when == 0);
          return done;
        });
    dieIf(when == 1);
    return result;
  }

  private static void dieIf(boolean now) {
    if (now) {
      throw new Killed();
    }
  }
}
