package dev.slipway.standalone;

import dev.slipway.common.access.MachineTokens;
import dev.slipway.common.access.Role;
import dev.slipway.common.access.TokenStore;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.machine.MachineId;
import dev.slipway.machine.MachineAgent;
import dev.slipway.machine.MachineConfig;
import dev.slipway.machine.PortRange;
import dev.slipway.machine.ProvenancePolicy;
import dev.slipway.standalone.Services.Service;
import io.micrometer.core.instrument.Metrics;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * A whole installation in this JVM: PostgreSQL, every service, regions and their machines. Its
 * state stays in one folder.
 */
public final class Standalone implements Installation, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Standalone.class);

  private final Path data;
  private final Ports ports;
  private final Size size;
  private final Keys keys;
  private final boolean firstStart;
  private final List<AutoCloseable> services = Collections.synchronizedList(new ArrayList<>());
  private final List<AutoCloseable> regions = Collections.synchronizedList(new ArrayList<>());
  private final List<MachineAgent> machines = Collections.synchronizedList(new ArrayList<>());
  private final List<AutoCloseable> databases = new ArrayList<>();

  private Standalone(Path data, Ports ports, Size size) throws IOException {
    this.data = data.toAbsolutePath().normalize();
    this.ports = ports;
    this.size = size;
    Files.createDirectories(this.data);
    this.keys = new Keys(this.data.resolve("keys"));
    this.firstStart = !keys.has("admin");
  }

  /**
   * Starts an installation, or goes on with the one that the folder has.
   *
   * @throws dev.slipway.common.problem.InvalidInput when a port is taken
   */
  public static Standalone start(Path data, Ports ports, Size size) throws Exception {
    Database.endLeftOver(data.resolve("postgres"));
    ports.requireFree(size);
    var standalone = new Standalone(data, ports, size);
    try {
      standalone.start();
      return standalone;
    } catch (Exception | Error failed) {
      standalone.close();
      throw failed;
    }
  }

  private void start() throws Exception {
    var database = Database.start(data.resolve("postgres"), ports.database());
    databases.add(database);
    putTokens(new TokenStore(JdbcClient.create(database.dataSource())));
    var settings = new Services(data, ports, keys, database.url());
    // the first context alone sets up logging for all
    services.add(run(settings.deployService()));
    try (var pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      var starting = new ArrayList<Future<?>>();
      for (var service :
          List.of(
              settings.replicationChecker(),
              settings.buildQueueService(),
              settings.heartbeatReaper())) {
        starting.add(pool.submit(() -> services.add(run(service))));
      }
      for (var i = 0; i < size.regions().size(); i++) {
        var region = size.regions().get(i);
        var agent = settings.regionalAgent(region, i);
        starting.add(pool.submit(() -> regions.add(run(agent))));
      }
      for (var i = 0; i < size.workers(); i++) {
        var worker = settings.worker(i);
        starting.add(pool.submit(() -> services.add(run(worker))));
      }
      for (var each : starting) {
        each.get();
      }
      putRegions(settings);
      var agents = new ArrayList<Future<?>>();
      for (var i = 0; i < size.machines(); i++) {
        var machine = i;
        agents.add(pool.submit(() -> machines.add(machine(machine))));
      }
      for (var each : agents) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private static AutoCloseable run(Service service) {
    return service
        .builder()
        .get()
        .registerShutdownHook(false)
        .run(service.arguments().toArray(String[]::new));
  }

  private void putTokens(TokenStore tokens) throws IOException {
    tokens.put("admin", Role.ADMIN, null, keys.secret("admin"));
    tokens.put("workers", Role.WORKER, null, keys.secret("worker"));
    for (var region : size.regions()) {
      tokens.put("region-" + region, Role.REGION, region.value(), keys.secret("region-" + region));
    }
  }

  private void putRegions(Services settings) throws IOException, InterruptedException {
    var checker = new Api(Services.local(ports.replicationChecker()), adminToken());
    for (var region : size.regions()) {
      checker.put("/api/v1/regions/" + region, new NewRegion(settings.bucket(region), true));
    }
  }

  private record NewRegion(URI bucket, boolean wanted) {}

  private MachineAgent machine(int index) throws IOException {
    var region = index / size.machinesARegion();
    var name = size.regions().get(region);
    var id = machineId(index);
    var agent =
        new MachineAgent(
            new MachineConfig(
                id,
                name,
                "zone-" + (char) ('a' + index % 2),
                Labels.NONE,
                List.of(Services.local(ports.region(region))),
                new MachineTokens(keys.secret("machines-" + name)).tokenOf(id),
                List.of(Files.readString(keys.publicKeyFile())),
                List.of(Files.readString(keys.targetPublicKeyFile())),
                ProvenancePolicy.usual(ProvenancePolicy.Mode.ENFORCE),
                machineFolder(id),
                List.of(),
                new PortRange(ports.firstApp(index), ports.lastApp(index)),
                MachineConfig.KEEP_RELEASES,
                "127.0.0.1",
                0,
                false),
            Clock.systemUTC(),
            Metrics.globalRegistry);
    agent.start();
    return agent;
  }

  /** A machine, counted over all regions. */
  MachineId machineId(int index) {
    return new MachineId(
        size.regions().get(index / size.machinesARegion())
            + "-"
            + (index % size.machinesARegion() + 1));
  }

  Path machineFolder(MachineId machine) {
    return data.resolve("machines").resolve(machine.value());
  }

  /** The port that the machine chose when the app first came. */
  @Override
  public int appPort(int machine, String app) throws IOException {
    var ports = machineFolder(machineId(machine)).resolve("ports.json");
    return JsonMapper.shared().readTree(Files.readAllBytes(ports)).required(app).asInt();
  }

  @Override
  public String adminToken() throws IOException {
    return keys.secret("admin");
  }

  /** Whether the folder was empty, so that nobody has seen the admin's token yet. */
  public boolean isFirstStart() {
    return firstStart;
  }

  @Override
  public Size size() {
    return size;
  }

  @Override
  public Ports ports() {
    return ports;
  }

  @Override
  public Path data() {
    return data;
  }

  /** The bucket folder of a region, or {@code home}. */
  Path bucket(String name) {
    return data.resolve("buckets").resolve(name);
  }

  /** Ends everything, downstream first; apps that machines run end as well. */
  @Override
  public void close() {
    // Ctrl-C interrupts whoever waits; the end itself is not to be cut short
    var interrupted = Thread.interrupted();
    closeAll(machines.stream().map(m -> (AutoCloseable) m::stopApps).toList());
    closeAll(List.copyOf(machines));
    closeAll(List.copyOf(regions));
    closeAll(List.copyOf(services));
    closeAll(databases);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void closeAll(List<? extends AutoCloseable> all) {
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var each : all) {
        pool.execute(() -> {
          try {
            each.close();
          } catch (Exception e) {
            log.warn("{} did not close", each, e);
          }
        });
      }
    }
  }
}
