package dev.slipway.deploy.person;

import dev.slipway.common.access.Secrets;
import dev.slipway.common.problem.Problem;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.util.function.SingletonSupplier;

/**
 * Hashes passwords with Argon2id (16 MiB, two passes), two at a time: it is meant to be dear, and
 * strangers may ask for it.
 */
public final class Passwords {
  private static final int AT_ONCE = 2;
  private static final int LONGEST_WAIT_SECONDS = 5;

  private final Argon2PasswordEncoder argon2 =
      Argon2PasswordEncoder.defaultsForSpringSecurity_v5_8();
  private final Semaphore turns = new Semaphore(AT_ONCE);

  /** What a name that nobody has is checked against; made when the first password is checked. */
  private final Supplier<String> nobodys = SingletonSupplier.of(() -> hash(Secrets.random()));

  /**
   * What is kept of a password.
   *
   * @throws Problem 503 when too many are hashed just now
   */
  String hash(String password) {
    return inTurn(() -> argon2.encode(password));
  }

  /**
   * Whether it is the one that was hashed.
   *
   * @param hash none where there is nobody; it then takes as long, and is not
   * @throws Problem 503 when too many are hashed just now
   */
  boolean matches(String typed, @Nullable String hash) {
    var other = nobodys.get();
    var same = inTurn(() -> argon2.matches(typed, hash == null ? other : hash));
    return same && hash != null;
  }

  private <T> T inTurn(Supplier<T> work) {
    try {
      if (!turns.tryAcquire(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)) {
        throw busy();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw busy();
    }
    try {
      return work.get();
    } finally {
      turns.release();
    }
  }

  private static Problem busy() {
    return new Problem(503, "busy", "too many passwords are checked just now; try again");
  }
}
