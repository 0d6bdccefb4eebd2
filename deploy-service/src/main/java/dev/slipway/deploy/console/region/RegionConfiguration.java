package dev.slipway.deploy.console.region;

import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.notice.NoticeStore;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** The parts of the page of regions. */
@Configuration(proxyBeanMethods = false)
@Import(RegionPage.class)
public class RegionConfiguration {
  @Bean
  RegionPageStore regionPageStore(JdbcClient jdbc) {
    return new RegionPageStore(jdbc);
  }

  @Bean
  RegionSwitch regionSwitch(
      JdbcClient jdbc, AuditStore audit, NoticeStore notices, TransactionOperations transaction) {
    return new RegionSwitch(new RegionSwitchStore(jdbc), audit, notices, transaction);
  }
}
