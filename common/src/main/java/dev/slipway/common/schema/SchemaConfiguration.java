package dev.slipway.common.schema;

import org.flywaydb.core.Flyway;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How a service comes to its schema; every service with a database imports it. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SchemaProperties.class)
public class SchemaConfiguration {
  @Bean
  FlywayMigrationStrategy schema(SchemaProperties properties) {
    return properties.migrate() ? Flyway::migrate : new SchemaWait(properties.waitAtMost())::await;
  }
}
