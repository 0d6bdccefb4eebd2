package dev.slipway.standalone;

import jakarta.validation.Validation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.validation.ValidationBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.validation.beanvalidation.SpringValidatorAdapter;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a service is told from outside, as the service itself reads it: whether it would start with
 * that, and whether there is anything that it does not know.
 */
@NullMarked
public final class ServiceSettings {
  /** What is no setting of a service's: the JVM's, git's, and what others are made of. */
  private static final Set<String> OTHERS =
      Set.of(
          "JAVA_TOOL_OPTIONS",
          "JDK_JAVA_OPTIONS",
          "HOME",
          "POD_NAME",
          "POD_NAMESPACE",
          "POD_IP",
          "NODE_NAME");

  private static final Set<String> SPRINGS = springs();

  private static final SpringValidatorAdapter VALIDATOR =
      new SpringValidatorAdapter(Validation.buildDefaultValidatorFactory().getValidator());

  private final String module;
  private final Map<String, Object> arguments;
  private final Map<String, Object> variables;
  private final Map<String, Object> files;

  /**
   * Those of a module's process.
   *
   * @param arguments properties on its command line
   * @param variables its environment
   * @param files properties that are files of a folder which it reads
   */
  public ServiceSettings(
      String module,
      Map<String, Object> arguments,
      Map<String, Object> variables,
      Map<String, Object> files) {
    this.module = module;
    this.arguments = arguments;
    this.variables = variables;
    this.files = files;
  }

  /** What its built-in settings and these make of a property. */
  public @Nullable String property(String name) {
    return environment().getProperty(name);
  }

  /** What is wrong; nothing when the service would start with it. */
  public List<String> problems() {
    var all = new ArrayList<String>();
    var own = records().toList();
    var known = new TreeSet<>(SPRINGS);
    own.forEach(type -> known.addAll(names(type)));
    variables.keySet().stream()
        .filter(name -> !OTHERS.contains(name) && !known.contains(name))
        .forEach(name -> all.add(name + " is no setting of " + module));
    // a folder may be shared, and has keys beside settings
    var inFolder =
        files.keySet().stream()
            .filter(name -> own.stream().anyMatch(type -> name.startsWith(prefix(type) + ".")));
    Stream.concat(arguments.keySet().stream(), inFolder)
        .filter(name -> known.stream().noneMatch(each -> isBelow(variable(name), each)))
        .forEach(name -> all.add(name + " is no setting of " + module));
    for (var type : own) {
      try {
        bind(type, own);
      } catch (RuntimeException refused) {
        all.add(reason(refused));
      }
    }
    return all;
  }

  private <T> void bind(Class<T> type, List<Class<?>> all) {
    var binder = Binder.get(environment());
    var handler = new ValidationBindHandler(VALIDATOR);
    var isPart = all.stream().anyMatch(other -> prefix(type).startsWith(prefix(other) + "."));
    if (isPart) {
      // of no matter until something of it is set
      binder.bind(prefix(type), Bindable.of(type), handler);
    } else {
      binder.bindOrCreate(prefix(type), Bindable.of(type), handler);
    }
  }

  private static boolean isBelow(String variable, String known) {
    return variable.equals(known) || variable.startsWith(known + "_");
  }

  private static String reason(Throwable refused) {
    var cause = refused;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  private StandardEnvironment environment() {
    var environment =
        new StandardEnvironment() {
          @Override
          protected void customizePropertySources(MutablePropertySources sources) {
            // nothing of this process
          }
        };
    var sources = environment.getPropertySources();
    sources.addLast(new MapPropertySource("arguments", arguments));
    sources.addLast(
        new SystemEnvironmentPropertySource(
            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
    sources.addLast(new MapPropertySource("files", files));
    sources.addLast(new MapPropertySource("host", Map.of("HOSTNAME", "pod-0")));
    builtIn().forEach(sources::addLast);
    ConfigurationPropertySources.attach(environment);
    return environment;
  }

  private List<PropertySource<?>> builtIn() {
    try {
      return new YamlPropertySourceLoader()
          .load(module, new ClassPathResource("/" + module + ".yml"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The settings of the container's module, and those that services with a database share. */
  private Stream<Class<?>> records() {
    var scanner = new ClassPathScanningCandidateComponentProvider(false);
    scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
    return scanner.findCandidateComponents("dev.slipway").stream()
        .<Class<?>>map(found -> load(String.valueOf(found.getBeanClassName())))
        .filter(type -> type.isRecord() && (isOf(type, module) || isShared(type)));
  }

  private boolean isShared(Class<?> type) {
    return isOf(type, "common") && variables.containsKey("SPRING_DATASOURCE_URL");
  }

  private static boolean isOf(Class<?> type, String module) {
    var place = type.getProtectionDomain().getCodeSource().getLocation().getPath();
    return place.contains("/" + module + "/") || place.contains("slipway-" + module + "-");
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, ServiceSettings.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new LinkageError(name, e);
    }
  }

  private static Set<String> names(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .map(component -> variable(prefix(type) + "." + component.getName()))
        .collect(Collectors.toSet());
  }

  private static String variable(String property) {
    return property.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
  }

  private static String prefix(Class<?> type) {
    return type.getAnnotation(ConfigurationProperties.class).value();
  }

  /** Everything that Spring Boot's own jars say can be set. */
  private static Set<String> springs() {
    var all = new TreeSet<String>();
    try {
      for (var file :
          new PathMatchingResourcePatternResolver()
              .getResources("classpath*:META-INF/spring-configuration-metadata.json")) {
        try (var in = file.getInputStream()) {
          for (var property : JsonMapper.shared().readTree(in).path("properties")) {
            all.add(variable(property.path("name").asString()));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }
}
