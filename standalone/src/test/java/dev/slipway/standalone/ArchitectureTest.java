package dev.slipway.standalone;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Date;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The rules of the house, over all modules at once. */
@NullMarked
class ArchitectureTest {
  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(
              location -> !location.contains("-tests.jar") && !location.contains("test-classes"))
          .importPackages("dev.slipway");

  @Test
  void services_know_only_common() {
    slices()
        .matching("dev.slipway.(*)..")
        .should()
        .notDependOnEachOther()
        .ignoreDependency(alwaysTrue(), resideInAPackage("dev.slipway.common.."))
        .ignoreDependency(
            resideInAnyPackage("dev.slipway.standalone..", "dev.slipway.bench.."), alwaysTrue())
        .check(PRODUCT);
  }

  @Test
  void common_knows_no_service() {
    noClasses()
        .that()
        .resideInAPackage("dev.slipway.common..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.slipway..")
                .and(JavaClass.Predicates.resideOutsideOfPackage("dev.slipway.common..")))
        .check(PRODUCT);
  }

  @Test
  void only_stores_speak_sql() {
    noClasses()
        .that()
        .haveSimpleNameNotEndingWith("Store")
        .and()
        .areNotAnnotatedWith("org.springframework.boot.SpringBootConfiguration")
        .and()
        .areNotAnnotatedWith("org.springframework.context.annotation.Configuration")
        .and()
        .resideOutsideOfPackages("dev.slipway.standalone..", "dev.slipway.bench..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.springframework.jdbc..", "java.sql..")
        .check(PRODUCT);
  }

  @Test
  void nobody_reads_the_wall_clock() {
    noClasses()
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(LocalDateTime.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callConstructor(Date.class)
        .check(PRODUCT);
  }

  @Test
  void machines_and_people_need_no_spring() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.slipway.machine..", "dev.slipway.client..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.springframework..", "jakarta..")
        .check(PRODUCT);
  }

  @Test
  void a_package_in_common_has_a_user_outside_common() {
    assertThat(
            PRODUCT.stream()
                .map(JavaClass::getPackageName)
                .filter(p -> p.startsWith("dev.slipway.common"))
                .distinct()
                .filter(ArchitectureTest::isUnused))
        .isEmpty();
  }

  private static boolean isUnused(String packageName) {
    return PRODUCT.stream()
        .filter(c -> c.getPackageName().equals(packageName))
        .flatMap(c -> c.getDirectDependenciesToSelf().stream())
        .allMatch(d -> d.getOriginClass().getPackageName().startsWith("dev.slipway.common"));
  }
}
