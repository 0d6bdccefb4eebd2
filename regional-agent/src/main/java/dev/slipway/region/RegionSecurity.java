package dev.slipway.region;

import dev.slipway.common.access.ApiSecurity;
import dev.slipway.common.access.Caller;
import dev.slipway.common.access.Role;
import dev.slipway.common.access.Secrets;
import dev.slipway.common.access.Tokens;
import dev.slipway.region.machine.RegistrationTokens;
import dev.slipway.region.machine.Registrations;
import dev.slipway.region.machine.Revocations;
import dev.slipway.region.target.TargetCache;
import java.time.Clock;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.access.hierarchicalroles.RoleHierarchy;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Machines alone may call, and an administrator who lets machines in; registrations, announces and
 * the origin check their callers by themselves.
 */
@Configuration(proxyBeanMethods = false)
class RegionSecurity {
  @Bean
  Revocations revocations(RegionProperties properties, TargetCache targets) {
    return new Revocations(properties.machineSecret(), targets);
  }

  @Bean
  RegistrationTokens registrationTokens(RegionProperties properties, Clock clock) {
    return new RegistrationTokens(properties.machineSecret(), clock);
  }

  @Bean
  Registrations registrations(Buckets buckets, RegistrationTokens tokens, Revocations credentials) {
    return new Registrations(buckets.own(), tokens, credentials);
  }

  private static Tokens tokens(RegionProperties properties, Revocations machines) {
    var admin = properties.adminToken();
    return token ->
        admin != null && Secrets.same(admin, token)
            ? Optional.of(new Caller("admin", Role.ADMIN, null))
            : machines.callerOf(token);
  }

  @Bean
  BodyLimit bodyLimit() {
    return new BodyLimit();
  }

  /** A dozen measurements a request are a third of what a poll costs, and nobody reads them. */
  @Bean
  SecurityObservationSettings observations() {
    return SecurityObservationSettings.noObservations();
  }

  @Bean
  RoleHierarchy roles() {
    return ApiSecurity.roles();
  }

  @Bean
  SecurityFilterChain security(
      HttpSecurity http, RegionProperties properties, Revocations machines) {
    return ApiSecurity.chain(
        http,
        tokens(properties, machines),
        requests ->
            requests
                .requestMatchers("/announce/*", "/origin/artifacts/*/*")
                .permitAll()
                .requestMatchers(HttpMethod.POST, "/api/v1/machines/*/registration")
                .permitAll()
                .requestMatchers(HttpMethod.POST, "/api/v1/registrations")
                .hasRole(Role.ADMIN.name())
                .requestMatchers(
                    HttpMethod.POST, "/api/v1/machines/*/poll", "/api/v1/machines/*/passes/*/*")
                .hasRole(Role.MACHINE.name())
                .requestMatchers(
                    "/artifacts/*/*",
                    "/artifacts/*/*/blocks",
                    "/artifacts/*/*/next",
                    "/api/v1/manifests/*/*",
                    "/api/v1/provenance/*/*")
                .hasRole(Role.MACHINE.name()));
  }
}
