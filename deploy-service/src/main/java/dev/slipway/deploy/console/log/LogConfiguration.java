package dev.slipway.deploy.console.log;

import dev.slipway.common.log.BuildLogs;
import dev.slipway.common.log.LogReadStore;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The parts of a log's view. */
@Configuration(proxyBeanMethods = false)
@Import(LogController.class)
public class LogConfiguration {
  @Bean
  LogStore logStore(JdbcClient jdbc) {
    return new LogStore(jdbc);
  }

  @Bean
  BuildLogs buildLogs(JdbcClient jdbc, MeterRegistry meters) {
    return new BuildLogs(new LogReadStore(jdbc), meters);
  }

  @Bean
  LogPages logPages(BuildLogs logs) {
    return new LogPages(logs);
  }

  @Bean
  LogSearch logSearch(BuildLogs logs) {
    return new LogSearch(logs);
  }
}
