package dev.slipway.deploy.console.settings;

import dev.slipway.common.audit.AuditStore;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** The parts of the settings' pages. */
@Configuration(proxyBeanMethods = false)
@Import({SettingsPage.class, FreezeActions.class, TokenPage.class, PeoplePage.class})
public class SettingsConfiguration {
  @Bean
  AppSettingsStore appSettings(JdbcClient jdbc) {
    return new AppSettingsStore(jdbc);
  }

  @Bean
  AppChanges appChanges(
      AppSettingsStore appSettings, AuditStore audit, TransactionOperations transaction) {
    return new AppChanges(appSettings, audit, transaction);
  }
}
