package dev.slipway.common.openapi;

import dev.slipway.common.idempotency.IdempotencyFilter;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.parameters.Parameter;

/** Describes what makes a call safe to repeat. */
final class IdempotencyKeyHeader {
  private IdempotencyKeyHeader() {}

  static void describe(Operation operation) {
    var schema = Schemas.of("string");
    schema.setMinLength(1);
    schema.setMaxLength(IdempotencyFilter.LONGEST_KEY);
    operation.addParametersItem(
        new Parameter()
            .in("header")
            .name(IdempotencyFilter.HEADER)
            .required(false)
            .description("Makes the call safe to repeat for a day: the same key, the same answer.")
            .schema(schema));
    Refusals.add(operation, 400, "invalid-input");
    Refusals.add(operation, 409, "idempotency-key-busy", "answer-not-kept");
    Refusals.add(operation, 413, "too-large");
    Refusals.add(operation, 422, "idempotency-key-reused");
    Refusals.add(operation, 429, "too-many-idempotency-keys");
  }
}
