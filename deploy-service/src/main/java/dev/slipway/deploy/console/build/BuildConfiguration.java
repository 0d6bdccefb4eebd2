package dev.slipway.deploy.console.build;

import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.job.JobMoveStore;
import dev.slipway.common.job.JobMoves;
import dev.slipway.common.job.JobRepository;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.notice.Notices;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** The parts of a build's page. */
@Configuration(proxyBeanMethods = false)
@Import({BuildController.class, BuildActions.class, SignatureController.class})
public class BuildConfiguration {
  @Bean
  BuildPartStore buildParts(JdbcClient jdbc) {
    return new BuildPartStore(jdbc);
  }

  @Bean
  Notices consoleNotices(NoticeStore store, MeterRegistry meters) {
    return new Notices(store, meters);
  }

  @Bean
  JobMoves jobMoves(
      JdbcClient jdbc,
      JobRepository jobs,
      AuditStore audit,
      Notices consoleNotices,
      TransactionOperations transaction) {
    return new JobMoves(new JobMoveStore(jdbc), jobs, audit, consoleNotices, transaction);
  }

  @Bean
  Signatures signatures(BuildPartStore buildParts, MeterRegistry meters) {
    return new Signatures(new HomeBucket(buildParts, meters));
  }
}
