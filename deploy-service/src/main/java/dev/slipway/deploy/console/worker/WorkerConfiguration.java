package dev.slipway.deploy.console.worker;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The parts of the page of workers. */
@Configuration(proxyBeanMethods = false)
@Import(WorkerPage.class)
public class WorkerConfiguration {
  @Bean
  WorkerPageStore workerPageStore(JdbcClient jdbc) {
    return new WorkerPageStore(jdbc);
  }
}
