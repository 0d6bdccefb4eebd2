package dev.slipway.deploy.reference;

import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import tools.jackson.databind.JsonNode;

/** What a service says of its calls. */
@HttpExchange
interface OpenApi {
  /** Its document. */
  @GetExchange("/openapi")
  JsonNode read();
}
