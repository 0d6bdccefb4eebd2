package dev.slipway.common.schema;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells in a line what a schema lacks, and who brings it. */
final class SchemaFailure extends AbstractFailureAnalyzer<SchemaBehind> {
  @Override
  protected FailureAnalysis analyze(Throwable failure, SchemaBehind behind) {
    return new FailureAnalysis(
        String.valueOf(behind.getMessage()),
        "Run build-queue-service of this version with the argument migrate.",
        failure);
  }
}
