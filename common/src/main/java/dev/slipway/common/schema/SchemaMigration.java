package dev.slipway.common.schema;

import java.util.Arrays;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;

/**
 * Brings the schema up to date and ends: what runs once before the services of a new version come.
 */
public final class SchemaMigration {
  private static final String COMMAND = "migrate";

  /**
   * A change that cannot have its lock is given up and may be tried again: while it waits,
   * everybody who comes later waits behind it.
   */
  private static final String LOCK_TIMEOUT = "set lock_timeout = '5s'";

  private SchemaMigration() {}

  /** Whether a service was started for this alone: its first argument is {@code migrate}. */
  public static boolean isAsked(String... arguments) {
    return arguments.length > 0 && arguments[0].equals(COMMAND);
  }

  /**
   * Runs it with the settings of a service; of these only {@code spring.datasource} and {@code
   * spring.flyway} count.
   *
   * @param service whose settings are read
   * @param arguments the service's, beginning with {@code migrate}
   * @throws RuntimeException when a migration fails, after it was told why; the process then ends
   *     with 1
   */
  public static void run(String service, String... arguments) {
    new SpringApplicationBuilder(Schema.class)
        .web(WebApplicationType.NONE)
        .properties("spring.config.name=" + service, "spring.flyway.init-sqls=" + LOCK_TIMEOUT)
        .run(Arrays.copyOfRange(arguments, 1, arguments.length))
        .close();
  }

  /** Flyway and nothing else of the service. */
  @SpringBootConfiguration(proxyBeanMethods = false)
  @ImportAutoConfiguration({DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class})
  static class Schema {}
}
