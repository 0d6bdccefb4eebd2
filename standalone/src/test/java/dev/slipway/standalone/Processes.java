package dev.slipway.standalone;

import dev.slipway.common.access.Role;
import dev.slipway.common.database.TestPostgres;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.region.RegionName;
import dev.slipway.standalone.Services.Service;
import dev.slipway.worker.checkout.Leftovers;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * An installation whose every service is a process of its own, with one PostgreSQL between them:
 * one region, two machines, two workers. The services bring the schema up to date by themselves, or
 * wait for a run of its own that does, and then each of the global ones has a door in front.
 */
@NullMarked
final class Processes implements Installation, AutoCloseable {
  static final RegionName REGION = new RegionName("eu-west");
  private static final Size SIZE = new Size(List.of(REGION), 2, 2);
  private static final Duration END_WITHIN = Duration.ofSeconds(20);

  /** A lost worker is to be found in seconds. */
  private static final Map<String, String> IMPATIENT =
      Map.of(
          "slipway.reaper.heartbeat-interval", "1s",
          "slipway.reaper.timeout", "5s",
          "slipway.reaper.pass-interval", "500ms");

  private final Path folder;
  private final Ports ports;
  private final Keys keys;
  private final TestPostgres postgres;
  private final Services services;
  private final List<ServiceProcess> running = new CopyOnWriteArrayList<>();
  private final Map<String, Map<String, String>> told = new HashMap<>();
  private final @Nullable Doors doors;
  private final Thread onInterrupt;

  private Processes(Path folder, boolean withDoors) throws IOException {
    this.folder = folder;
    this.ports = FreePorts.find(SIZE);
    this.doors = withDoors ? new Doors(ports) : null;
    this.keys = new Keys(folder.resolve("keys"));
    this.postgres = TestPostgres.start();
    this.services = new Services(folder, ports, keys, postgres.url("postgres"));
    this.onInterrupt = new Thread(() -> running.forEach(ServiceProcess::askToEnd), "end processes");
    Runtime.getRuntime().addShutdownHook(onInterrupt);
  }

  /** Starts everything on an empty folder; what an interrupted run left there is ended before. */
  static Processes start(Path folder) throws IOException, InterruptedException {
    return start(folder, false);
  }

  /** The same, set up so that each service can be replaced by a new process. */
  static Processes startReplaceable(Path folder) throws IOException, InterruptedException {
    return start(folder, true);
  }

  private static Processes start(Path folder, boolean withDoors)
      throws IOException, InterruptedException {
    if (Files.exists(folder)) {
      Leftovers.kill(folder.toRealPath());
      Running.delete(folder);
    }
    var processes = new Processes(Files.createDirectories(folder).toRealPath(), withDoors);
    try {
      processes.start();
      return processes;
    } catch (IOException | InterruptedException | RuntimeException failed) {
      processes.close();
      throw failed;
    }
  }

  private void start() throws IOException, InterruptedException {
    var deploy =
        service(
            services.deployService(), Map.of("slipway.deploy.admin-token", keys.secret("admin")));
    var queue = service(services.buildQueueService(), Map.of());
    var checker = service(services.replicationChecker(), Map.of());
    var reaper = service(services.heartbeatReaper(), IMPATIENT);
    if (doors != null) {
      // nobody changes the schema but the run that is for that
      deploy.awaitPrinted("Waiting for the migrations V");
      migrate();
    }
    deploy.awaitReady(console());
    makeToken("workers", Role.WORKER, "worker", Map.of());
    makeToken("region", Role.REGION, "region-" + REGION, Map.of("scope", REGION.value()));
    checker.awaitReady(replication());
    new Api(replication(), adminToken())
        .put(
            "/api/v1/regions/" + REGION, Map.of("bucket", services.bucket(REGION), "wanted", true));
    var region =
        service(
            services.regionalAgent(REGION, 0),
            Map.of(
                "slipway.region.swarm-secret", keys.secret("swarm"),
                "slipway.region.admin-token", keys.secret("region-admin")));
    for (var i = 0; i < SIZE.workers(); i++) {
      startWorker(i);
    }
    queue.awaitReady(queue());
    reaper.awaitReady(Services.local(ports.heartbeatReaper()));
    region.awaitReady(Services.local(ports.region(0)));
    for (var i = 0; i < SIZE.workers(); i++) {
      awaitWorker(i);
    }
    for (var i = 0; i < SIZE.machines(); i++) {
      startMachine(i);
    }
  }

  private void migrate() throws IOException, InterruptedException {
    var run =
        ServiceProcess.start(
            "build-queue-service",
            "migrate",
            folder,
            List.of("migrate", "--spring.config.additional-location=file:FILE"),
            settings(services.buildQueueService()));
    running.add(run);
    run.awaitSuccess();
  }

  /** The token goes to where its user's settings take it from. */
  private void makeToken(String name, Role role, String file, Map<String, String> scope)
      throws IOException, InterruptedException {
    var wish = new HashMap<>(scope);
    wish.put("name", name);
    wish.put("role", role.name());
    var made = new Api(console(), adminToken()).post("/api/v1/tokens", wish);
    Files.writeString(folder.resolve("keys").resolve(file), made.path("token").asString());
  }

  private void startWorker(int index) throws IOException {
    service(services.worker(index), Map.of());
  }

  private void awaitWorker(int index) throws IOException, InterruptedException {
    process("build-worker-" + (index + 1)).awaitReady(Services.local(ports.worker(index)));
  }

  /** A machine that gets its credential by itself and believes what is signed alone. */
  private void startMachine(int index) throws IOException, InterruptedException {
    var id = machine(index);
    var agent = Services.local(ports.region(0));
    var registration =
        new Api(agent, keys.secret("region-admin")).post("/api/v1/registrations", Map.of());
    service(
        "machine-agent-" + (index + 1),
        new HashMap<>(
            Map.of(
                "slipway.machine.id", id.value(),
                "slipway.machine.region", REGION.value(),
                "slipway.machine.regional-agents", agent.toString(),
                "slipway.machine.registration-token", registration.path("token").asString(),
                "slipway.machine.trusted-key-files", keys.publicKeyFile().toString(),
                "slipway.machine.target-key-files", keys.targetPublicKeyFile().toString(),
                "slipway.machine.dir", machineFolder(index).toString(),
                "slipway.machine.any-app", ports.firstApp(index) + "-" + ports.lastApp(index),
                "slipway.machine.provenance", "enforce",
                "slipway.machine.swarm-host", "127.0.0.1")));
  }

  private static MachineId machine(int index) {
    return new MachineId(REGION + "-" + (index + 1));
  }

  private Path machineFolder(int index) throws IOException {
    return services.folder("machines/" + machine(index));
  }

  /** The port that the machine chose when the app first came. */
  @Override
  public int appPort(int machine, String app) throws IOException {
    var chosen = machineFolder(machine).resolve("ports.json");
    return JsonMapper.shared().readTree(Files.readAllBytes(chosen)).required(app).asInt();
  }

  private ServiceProcess service(Service service, Map<String, String> otherwise)
      throws IOException {
    var settings = settings(service);
    settings.putAll(otherwise);
    if (doors != null) {
      settings.put("slipway.schema.migrate", "false");
      // builds under way end before their worker does
      settings.replace("slipway.worker.drain-grace", "2m");
    }
    return service(service.name(), settings);
  }

  private ServiceProcess service(String name, Map<String, String> settings) throws IOException {
    told.put(name, settings);
    if (doors != null && doors.has(name)) {
      settings.put("server.port", String.valueOf(doors.admitAnother(name)));
    }
    var module = name.replaceFirst("(build-worker|regional-agent|machine-agent)-.*", "$1");
    var option =
        module.equals("machine-agent")
            ? List.of("--config", "FILE")
            : List.of("--spring.config.additional-location=file:FILE");
    var process = ServiceProcess.start(module, name, folder, option, settings);
    running.add(process);
    return process;
  }

  /** Those of the embedded default, but that services bring the schema up to date. */
  private static Map<String, String> settings(Service service) {
    var settings = new HashMap<String, String>();
    for (var argument : service.arguments()) {
      var parts = argument.substring("--".length()).split("=", 2);
      settings.put(parts[0], parts[1]);
    }
    settings.remove("spring.flyway.enabled");
    return settings;
  }

  /**
   * As a rolling update does with services that keep nothing, with all at once: a new process of
   * each comes, shares the work once it is ready, and then the old one is asked to end, after
   * nobody calls it any more.
   */
  void replace(List<String> names) throws IOException, InterruptedException {
    var door = Objects.requireNonNull(doors);
    var old = new LinkedHashMap<String, ServiceProcess>();
    var left = new HashMap<String, Integer>();
    for (var name : names) {
      old.put(name, process(name));
      left.put(name, port(name));
      service(name, new HashMap<>(Objects.requireNonNull(told.get(name))));
    }
    for (var name : names) {
      process(name).awaitReady(Services.local(port(name)));
      door.letIn(name);
      door.leave(name, Objects.requireNonNull(left.get(name)));
      end(Objects.requireNonNull(old.get(name)));
    }
  }

  /** Where the newest process of a service listens. */
  private int port(String name) {
    var settings = Objects.requireNonNull(told.get(name));
    return Integer.parseInt(Objects.requireNonNull(settings.get("server.port")));
  }

  /** As it does with one that keeps a folder: the old process ends before the new one comes. */
  void restart(String name) throws IOException, InterruptedException {
    end(process(name));
    service(name, Objects.requireNonNull(told.get(name)));
  }

  /** Waits for a process by its address. */
  void awaitReady(String name, URI address) throws IOException, InterruptedException {
    process(name).awaitReady(address);
  }

  private void end(ServiceProcess process) throws IOException, InterruptedException {
    process.askToEnd();
    if (!process.awaitEnd(Duration.ofMinutes(3))) {
      throw new IOException(process + " did not end when it was asked to");
    }
    running.remove(process);
  }

  /** A worker that nobody told one of its settings. */
  ServiceProcess workerWithout(String setting) throws IOException {
    var settings = settings(services.worker(SIZE.workers()));
    settings.remove(setting);
    return service("build-worker-without", settings);
  }

  /** The worker that jobs name so. */
  ServiceProcess worker(String name) {
    // behind the slash each process of a worker has a mark of its own
    return process("build-" + name.replaceFirst("/.*", ""));
  }

  ServiceProcess reaper() {
    return process("heartbeat-reaper");
  }

  /** The processes of the machines' agents. */
  List<ServiceProcess> machines() {
    return running.stream().filter(p -> p.toString().startsWith("machine-agent-")).toList();
  }

  ServiceProcess regionalAgent() {
    return process("regional-agent-" + REGION);
  }

  /** The newest process of a name. */
  ServiceProcess process(String name) {
    return running.reversed().stream()
        .filter(p -> p.toString().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no process is called " + name));
  }

  /** Starts a worker again, on the folder that it had. */
  void restartWorker(String name) throws IOException, InterruptedException {
    var index = Integer.parseInt(name.replaceFirst("worker-([0-9]+)/.*", "$1")) - 1;
    startWorker(index);
    awaitWorker(index);
  }

  URI homeBucket() throws IOException {
    return services.homeBucket();
  }

  String publicKey() throws IOException {
    return Files.readString(keys.publicKeyFile());
  }

  Path folder() {
    return folder;
  }

  /** Services, and what opens them. */
  Map<URI, String> doors() throws IOException {
    var doors = new LinkedHashMap<URI, String>();
    doors.put(console(), adminToken());
    doors.put(queue(), adminToken());
    doors.put(replication(), adminToken());
    doors.put(Services.local(ports.heartbeatReaper()), keys.secret("worker"));
    doors.put(Services.local(ports.region(0)), keys.secret("region-admin"));
    return doors;
  }

  /** What stands for the variables in paths of services. */
  Map<String, String> names(String app) {
    return Map.of("app", app, "name", app, "id", "1", "region", REGION.value());
  }

  @Override
  public Path data() {
    return folder;
  }

  @Override
  public Ports ports() {
    return ports;
  }

  @Override
  public Size size() {
    return SIZE;
  }

  @Override
  public String adminToken() throws IOException {
    return keys.secret("admin");
  }

  /**
   * Ends every process and whatever they have started: machine agents leave apps running, a killed
   * worker its build.
   */
  @Override
  public void close() throws IOException {
    running.forEach(ServiceProcess::askToEnd);
    try {
      for (var each : running) {
        each.awaitEnd(END_WITHIN);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      Leftovers.kill(folder);
      if (doors != null) {
        doors.close();
      }
      postgres.close();
      Runtime.getRuntime().removeShutdownHook(onInterrupt);
    }
  }
}
