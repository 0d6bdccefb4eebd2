package dev.slipway.standalone;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.stereotype.Controller;
import org.springframework.util.ClassUtils;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.service.annotation.HttpExchange;

/**
 * Every path that a controller of any service is there for, also of those that no API description
 * tells.
 */
@NullMarked
final class Endpoints {
  private static final Map<String, String> SERVICES = new LinkedHashMap<>();

  static {
    // the first that fits counts
    SERVICES.put("dev.slipway.deploy.console", "console");
    SERVICES.put("dev.slipway.deploy", "deploy-service");
    SERVICES.put("dev.slipway.queue", "build-queue-service");
    SERVICES.put("dev.slipway.reaper", "heartbeat-reaper");
    SERVICES.put("dev.slipway.replication", "replication-checker");
    SERVICES.put("dev.slipway.worker", "build-worker");
    SERVICES.put("dev.slipway.region", "regional-agent");
  }

  private Endpoints() {}

  /** As {@code deploy-service GET /api/v1/tokens}. */
  static Set<String> all() {
    var scanner = new ClassPathScanningCandidateComponentProvider(false);
    scanner.addIncludeFilter(new AnnotationTypeFilter(Controller.class));
    var found = new TreeSet<String>();
    for (var bean : scanner.findCandidateComponents("dev.slipway")) {
      var type = ClassUtils.resolveClassName(String.valueOf(bean.getBeanClassName()), null);
      var service = service(type.getPackageName());
      Arrays.stream(type.getDeclaredMethods())
          .flatMap(method -> endpoints(type, method))
          .forEach(endpoint -> found.add(service + " " + endpoint));
    }
    return found;
  }

  private static String service(String packageName) {
    return SERVICES.entrySet().stream()
        .filter(entry -> packageName.startsWith(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no service has " + packageName));
  }

  private static Stream<String> endpoints(Class<?> type, Method method) {
    var mapping = AnnotatedElementUtils.findMergedAnnotation(method, RequestMapping.class);
    if (mapping != null) {
      var above = AnnotatedElementUtils.findMergedAnnotation(type, RequestMapping.class);
      var base = above == null ? "" : above.path()[0];
      var methods =
          mapping.method().length == 0 ? List.of(RequestMethod.GET) : List.of(mapping.method());
      var paths = mapping.path().length == 0 ? List.of("") : List.of(mapping.path());
      return methods.stream().flatMap(m -> paths.stream().map(path -> m + " " + base + path));
    }
    var exchange = AnnotatedElementUtils.findMergedAnnotation(method, HttpExchange.class);
    if (exchange == null) {
      return Stream.of();
    }
    var above = AnnotatedElementUtils.findMergedAnnotation(type, HttpExchange.class);
    return Stream.of(exchange.method() + " " + (above == null ? "" : above.url()) + exchange.url());
  }
}
