package dev.slipway.common.blob;

import com.google.api.gax.retrying.RetrySettings;
import com.google.cloud.NoCredentials;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import com.google.cloud.storage.StorageRetryStrategy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How Slipway talks to Cloud Storage. */
final class GcsClient {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final RetrySettings RETRIES =
      RetrySettings.newBuilder()
          .setMaxAttempts(8)
          .setInitialRetryDelayDuration(Duration.ofMillis(250))
          .setRetryDelayMultiplier(2)
          .setMaxRetryDelayDuration(Duration.ofSeconds(16))
          .setTotalTimeoutDuration(Duration.ofMinutes(3))
          .build();

  private GcsClient() {}

  /**
   * @param emulator the address of a stand-in, which needs no credentials; none for the service
   *     itself with the environment's default credentials
   */
  static Storage open(@Nullable String emulator) {
    return options(emulator).getService();
  }

  static StorageOptions options(@Nullable String emulator) {
    var options =
        StorageOptions.http()
            .setRetrySettings(RETRIES)
            // every request here may be repeated: it has a condition, or a name that only we have
            .setStorageRetryStrategy(StorageRetryStrategy.getUniformStorageRetryStrategy())
            .setTransportOptions(new GcsTransport(PATIENCE));
    if (emulator != null) {
      options.setHost(emulator).setCredentials(NoCredentials.getInstance()).setProjectId("none");
    }
    return options.build();
  }
}
