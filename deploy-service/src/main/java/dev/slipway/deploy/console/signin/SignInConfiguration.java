package dev.slipway.deploy.console.signin;

import dev.slipway.common.access.TokenStore;
import dev.slipway.common.audit.AuditStore;
import dev.slipway.deploy.person.Passwords;
import dev.slipway.deploy.person.People;
import dev.slipway.deploy.person.PersonChanges;
import dev.slipway.deploy.person.PersonController;
import dev.slipway.deploy.person.PersonStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The ways into the console. */
@Configuration(proxyBeanMethods = false)
@Import({SignInController.class, AccountPage.class, PersonController.class})
public class SignInConfiguration {
  @Bean
  PersonStore people(JdbcClient jdbc) {
    return new PersonStore(jdbc);
  }

  @Bean
  PersonChanges personChanges(
      PersonStore people, Passwords passwords, AuditStore audit, TransactionTemplate transaction) {
    return new PersonChanges(people, passwords, audit, transaction);
  }

  @Bean
  Passwords passwords() {
    return new Passwords();
  }

  @Bean
  SignIns signIns(MeterRegistry meters) {
    return new SignIns(meters);
  }

  @Bean
  AttemptLimit attemptLimit(Clock clock) {
    return new AttemptLimit(clock);
  }

  @Bean
  SignIn signIn(
      TokenStore tokens,
      PersonStore people,
      Passwords passwords,
      SignIns signIns,
      AttemptLimit attemptLimit) {
    return new SignIn(
        new TokenSignIn(tokens), new People(people, passwords), attemptLimit, signIns);
  }
}
