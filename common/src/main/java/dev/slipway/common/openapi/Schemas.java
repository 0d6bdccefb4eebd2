package dev.slipway.common.openapi;

import io.swagger.v3.oas.models.media.Schema;
import java.util.Set;

/** Schemas as both versions of OpenAPI name their type. */
final class Schemas {
  private Schemas() {}

  static Schema<Object> of(String type) {
    var schema = new Schema<>();
    schema.setType(type);
    schema.setTypes(Set.of(type));
    return schema;
  }
}
