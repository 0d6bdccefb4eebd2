package dev.slipway.queue;

import dev.slipway.common.access.ApiSecurity;
import dev.slipway.common.access.Role;
import dev.slipway.common.access.TokenStore;
import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.audit.RefusedWrites;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.access.hierarchicalroles.RoleHierarchy;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.ExceptionTranslationFilter;

/** Who may call what. */
@Configuration(proxyBeanMethods = false)
class QueueSecurity {
  @Bean
  TokenStore tokens(JdbcClient jdbc) {
    return new TokenStore(jdbc);
  }

  @Bean
  RoleHierarchy roles() {
    return ApiSecurity.roles();
  }

  @Bean
  SecurityFilterChain api(HttpSecurity http, TokenStore tokens, AuditStore audit) {
    return ApiSecurity.chain(
        http.addFilterBefore(new RefusedWrites(audit), ExceptionTranslationFilter.class),
        tokens,
        requests ->
            requests
                // the signature is the credential
                .requestMatchers(HttpMethod.POST, "/webhooks/**")
                .permitAll()
                .requestMatchers(
                    HttpMethod.GET, "/api/v1/apps/**", "/api/v1/jobs/**", "/api/v1/workers")
                .hasRole(Role.VIEWER.name())
                .requestMatchers(HttpMethod.PUT, "/api/v1/apps/*")
                .hasRole(Role.ADMIN.name())
                .requestMatchers(HttpMethod.POST, "/api/v1/jobs/**")
                .hasRole(Role.DEPLOYER.name()));
  }
}
