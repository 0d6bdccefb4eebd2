package dev.slipway.common.app;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.repository.Repository;

/** The registered apps. Only build-queue-service saves them. */
public interface AppRepository extends Repository<App, String> {
  @Nullable App findByName(String name);

  /** All apps by name. */
  List<App> findAllByOrderByName();

  App save(App app);
}
