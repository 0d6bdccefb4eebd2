package dev.slipway.common.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.io.support.SpringFactoriesLoader;

@NullMarked
class StartFailureTest {
  @Test
  void a_setting_that_is_refused_is_named() {
    assertThat(told(new InvalidInput("slipway.worker.dir", "must be set")))
        .isEqualTo("slipway.worker.dir must be set");
  }

  @Test
  void a_value_of_the_wrong_form_is_left_to_spring_boot_which_names_the_property() {
    assertThat(
            told(
                new ConversionFailedException(
                    TypeDescriptor.valueOf(String.class),
                    TypeDescriptor.valueOf(Integer.class),
                    "Ü",
                    new InvalidInput("region", "must be a plain name"))))
        .isNull();
  }

  @Test
  void a_file_that_is_missing_is_named() {
    assertThat(told(new NoSuchFileException("/keys/signing.pem")))
        .isEqualTo("/keys/signing.pem does not exist");
  }

  @Test
  void a_database_that_is_not_there_is_told() {
    assertThat(
            told(new PSQLException("Connection refused", PSQLState.CONNECTION_UNABLE_TO_CONNECT)))
        .isEqualTo("PostgreSQL cannot be used: Connection refused");
  }

  @Test
  void what_is_a_fault_of_ours_keeps_its_stack_trace() {
    assertThat(told(new PSQLException("no such column", PSQLState.UNDEFINED_COLUMN))).isNull();
    assertThat(told(new IllegalStateException("oops"))).isNull();
  }

  /** As Spring Boot asks: all that are registered, until one answers. */
  private static @Nullable String told(Exception cause) {
    var failure = new IllegalStateException("no bean", new IllegalStateException("cause", cause));
    return ours().stream()
        .map(analyzer -> analyzer.analyze(failure))
        .filter(Objects::nonNull)
        .map(analysis -> analysis.getDescription())
        .findFirst()
        .orElse(null);
  }

  private static List<FailureAnalyzer> ours() {
    return SpringFactoriesLoader.forDefaultResourceLocation()
        .load(FailureAnalyzer.class, (type, others, needMore) -> {})
        .stream()
        .filter(analyzer -> analyzer.getClass().getPackage() == StartFailureTest.class.getPackage())
        .toList();
  }
}
