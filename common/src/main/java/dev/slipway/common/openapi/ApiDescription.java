package dev.slipway.common.openapi;

import dev.slipway.common.access.Role;
import dev.slipway.common.idempotency.IdempotencyFilter;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.List;
import java.util.Locale;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Completes what springdoc reads from the controllers: who may call, what may be refused, what
 * values look like. Imported by every service with an API.
 */
@Configuration(proxyBeanMethods = false)
public class ApiDescription {
  /** The extension that names the roles that may call; empty where no token is needed. */
  private static final String ROLES = "x-roles";

  private static final String SCHEME = "bearer";

  static {
    Values.register();
  }

  @Bean
  OpenAPI openApi(@Value("${spring.application.name}") String service) {
    return new OpenAPI()
        .info(
            new Info()
                .title(service)
                .version("v1")
                .description(
                    "Part of Slipway. Errors are problem details; docs/api.md lists their codes."))
        .components(
            new Components()
                .addSecuritySchemes(
                    SCHEME, new SecurityScheme().type(SecurityScheme.Type.HTTP).scheme(SCHEME)))
        .security(List.of(new SecurityRequirement().addList(SCHEME)));
  }

  /** What the controllers say of their refusals. */
  @Bean
  GlobalOperationCustomizer refusals() {
    return (operation, handler) -> {
      AnnotatedElementUtils.getMergedRepeatableAnnotations(
              handler.getMethod(), Refuses.class, Refuses.All.class)
          .forEach(refused -> Refusals.add(operation, refused.status(), refused.codes()));
      return operation;
    };
  }

  /** What follows from how all calls are guarded. */
  @Bean
  GlobalOpenApiCustomizer common(
      ObjectProvider<SecurityFilterChain> chains, ObjectProvider<IdempotencyFilter> idempotency) {
    return document -> {
      var access = new Access(chains.orderedStream().toList());
      Refusals.schemas().forEach(document.getComponents()::addSchemas);
      document
          .getPaths()
          .forEach((path, item) ->
              item.readOperationsMap()
                  .forEach((method, operation) -> {
                    guard(access, method, path, operation);
                    if (idempotency.getIfAvailable() != null && takesKey(method, operation)) {
                      IdempotencyKeyHeader.describe(operation);
                    }
                  }));
    };
  }

  private static void guard(Access access, HttpMethod method, String path, Operation operation) {
    var open = access.isOpen(method.name(), path);
    var roles = open ? List.<Role>of() : access.roles(method.name(), path);
    operation.addExtension(
        ROLES, roles.stream().map(role -> role.name().toLowerCase(Locale.ROOT)).toList());
    if (open) {
      operation.setSecurity(List.of());
    } else {
      Refusals.add(operation, 401, "unauthenticated");
      Refusals.add(operation, 403, "forbidden");
      Refusals.add(operation, 503, "database-gone");
    }
    if (roles.stream().anyMatch(Role::isPersons)) {
      Refusals.add(operation, 429, "rate-limited");
    }
    if (method == HttpMethod.GET && roles.contains(Role.VIEWER)) {
      operation
          .getResponses()
          .addApiResponse("304", new ApiResponse().description("As `If-None-Match` names it."));
    }
    if (operation.getParameters() != null || operation.getRequestBody() != null) {
      Refusals.add(operation, 400, "invalid-input");
    }
    Refusals.add(operation, 500, "internal-error");
  }

  private static boolean takesKey(HttpMethod method, Operation operation) {
    return method == HttpMethod.POST
        && operation.getExtensions().get(ROLES) instanceof List<?> roles
        && roles.contains(Role.ADMIN.name().toLowerCase(Locale.ROOT));
  }
}
