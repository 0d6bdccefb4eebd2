package dev.slipway.region;

import dev.slipway.common.access.ApiSecurity;
import dev.slipway.common.access.MachineTokens;
import dev.slipway.common.access.Role;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.access.hierarchicalroles.RoleHierarchy;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** Machines alone may call; announces and the origin check their callers by themselves. */
@Configuration(proxyBeanMethods = false)
class RegionSecurity {
  @Bean
  MachineTokens tokens(RegionProperties properties) {
    return new MachineTokens(properties.machineSecret());
  }

  @Bean
  BodyLimit bodyLimit() {
    return new BodyLimit();
  }

  @Bean
  RoleHierarchy roles() {
    return ApiSecurity.roles();
  }

  @Bean
  SecurityFilterChain security(HttpSecurity http, MachineTokens tokens) {
    return ApiSecurity.chain(
        http,
        tokens,
        requests ->
            requests
                .requestMatchers("/announce/*", "/origin/artifacts/*/*")
                .permitAll()
                .requestMatchers(
                    HttpMethod.POST, "/api/v1/machines/*/poll", "/api/v1/machines/*/passes/*/*")
                .hasRole(Role.MACHINE.name())
                .requestMatchers(
                    "/artifacts/*/*",
                    "/artifacts/*/*/blocks",
                    "/artifacts/*/*/next",
                    "/api/v1/manifests/*/*")
                .hasRole(Role.MACHINE.name()));
  }
}
