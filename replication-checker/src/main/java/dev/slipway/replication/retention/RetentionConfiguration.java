package dev.slipway.replication.retention;

import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.loop.Loop;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The parts of retention; passes run by themselves where it is enabled. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RetentionProperties.class)
@Import(RetentionController.class)
public class RetentionConfiguration {
  @Bean
  Retention retention(
      JdbcClient jdbc,
      AuditStore audit,
      TransactionTemplate transaction,
      Buckets buckets,
      RetentionProperties properties,
      MeterRegistry meters) {
    var store = new RetiredStore(jdbc);
    var broom = new Broom(meters);
    var trash = new Trash(store, broom, properties.grace());
    var home = properties.homeBucket() == null ? null : properties.homeBucket().toString();
    var sweeper =
        new Sweeper(
            store,
            String.valueOf(home),
            properties.grace(),
            new Sweeper.Tools(buckets, broom, trash, audit, transaction, meters));
    var leftovers =
        new Leftovers(new LeftoverStore(jdbc), properties.logs(), buckets, broom, audit, meters);
    var hands =
        new Retention.Hands(
            store, new Retirement(store, audit, transaction), sweeper, trash, leftovers);
    return new Retention(hands, home, buckets, properties.grace(), meters);
  }

  @Bean
  @ConditionalOnProperty("slipway.retention.enabled")
  RetentionLoop retentionLoop(
      Retention retention, RetentionProperties properties, MeterRegistry meters) {
    var passes = retention.measured();
    return new RetentionLoop(
        new Loop("retention", properties.passInterval(), passes::runOnce, meters).start());
  }
}
