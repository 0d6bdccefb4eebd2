package dev.slipway.bench.day;

import dev.slipway.bench.Run;
import dev.slipway.bench.day.Travel.Span;
import dev.slipway.bench.fleet.Machines;
import dev.slipway.bench.fleet.Statements;
import dev.slipway.bench.workers.Member;
import dev.slipway.bench.workers.Postgres;
import dev.slipway.standalone.Api;
import dev.slipway.standalone.Wait;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The hours of the day: pushes, and what goes wrong meanwhile. */
final class Hours {
  /** After the last push. A build whose workers die twice takes less. */
  private static final Duration LONGEST_END = Duration.ofMinutes(8);

  private static final double HOUR = 3_600;

  /** Workers of business hours are started that much before. */
  private static final double AHEAD = HOUR / 2;

  /** Until somebody sees that a region is away, and excludes it. */
  private static final double NOTICED = HOUR / 12;

  private static final double LOOK = HOUR / 6;
  private static final int LOST_REGION = 1;
  private static final int SETTLE_SECONDS = 15;

  private final Run run;
  private final Scale scale;
  private final Company company;
  private final Schedule schedule;
  private final Ledger ledger;
  private final Forge forge;
  private final Api checker;
  private final Postgres postgres;
  private final Machines machines;
  private final Statements statements;
  private final Usage usage = new Usage();
  private final Random random = new Random(5);
  private final List<Event> events = new ArrayList<>();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private double lostAt;
  private double excludedAt;
  private volatile double backAt;
  private double seconds;
  private long called;

  /** Something that happens at a moment of the day. */
  private record Event(double at, Happening happening) {}

  private interface Happening {
    void happen() throws IOException, InterruptedException;
  }

  Hours(
      Run run,
      Scale scale,
      Company company,
      Schedule schedule,
      Ledger ledger,
      Forge forge,
      Api checker,
      Postgres postgres,
      Machines machines) {
    this.run = run;
    this.scale = scale;
    this.company = company;
    this.schedule = schedule;
    this.ledger = ledger;
    this.forge = forge;
    this.checker = checker;
    this.postgres = postgres;
    this.machines = machines;
    this.statements = new Statements(JdbcClient.create(postgres.dataSource()));
    schedule.pushes().forEach(push -> events.add(new Event(push.at(), () -> forge.push(push))));
    planLooks();
    planBusiness();
    planKills();
    planLoss();
    events.sort(Comparator.comparingDouble(Event::at));
  }

  private void planLooks() {
    for (var at = scale.from() * HOUR + LOOK; at < scale.until() * HOUR; at += LOOK) {
      events.add(new Event(at, this::look));
    }
  }

  private void planBusiness() {
    for (var n = 0; n < scale.more(); n++) {
      var index = scale.workers() + n;
      var at = scale.opens() * HOUR - AHEAD + n * AHEAD / scale.more();
      events.add(new Event(at, () -> company.startWorker(index, scale.slotsEach())));
      events.add(new Event(scale.closes() * HOUR, () -> company.workers().get(index).ask()));
    }
  }

  private void planKills() {
    var length = (scale.until() - scale.from()) * HOUR / (scale.kills() + 1);
    for (var n = 1; n <= scale.kills(); n++) {
      events.add(new Event(scale.from() * HOUR + n * length, this::killWorker));
    }
  }

  private void planLoss() {
    var at = scale.awayAt() * HOUR;
    events.add(new Event(at, this::loseRegion));
    events.add(new Event(at + NOTICED, this::excludeRegion));
    events.add(new Event(at + HOUR, this::bringRegionBack));
  }

  /** Plays them, and waits until all that was pushed has come to its machines or no more does. */
  void play() throws IOException, InterruptedException {
    look();
    usage.forget();
    statements.reset();
    var begun = System.nanoTime();
    var clock = new Clockwork(scale.from());
    for (var event : events) {
      clock.await(event.at());
      event.happening().happen();
    }
    run.teller().tell(clock.watch(), "the last push is made");
    awaitEnd();
    seconds = (System.nanoTime() - begun) / 1e9;
    called = statements.count();
    look();
    TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
  }

  private void awaitEnd() throws IOException, InterruptedException {
    var begun = System.nanoTime();
    for (var looked = 0; System.nanoTime() - begun < LONGEST_END.toNanos(); looked++) {
      if (ledger.progress().deployed() >= schedule.pushes().size()) {
        return;
      }
      TimeUnit.SECONDS.sleep(1);
      if (looked % 10 == 9) {
        look();
      }
    }
  }

  private void look() throws IOException {
    var progress = ledger.progress();
    run.teller()
        .tell(
            "day",
            "%d of %d pushes accepted, %d builds wait, %d run, %d are replicated, %d deployed"
                .formatted(
                    forge.accepted(),
                    schedule.pushes().size(),
                    progress.queued(),
                    progress.running(),
                    progress.replicated(),
                    progress.deployed()));
    company.members().forEach((what, same) -> usage.look(what, handles(same)));
    usage.look("PostgreSQL", tree(postgres.server()));
    usage.look("the machines' simulation", machines.handles());
  }

  private static List<ProcessHandle> handles(List<Member> members) {
    return members.stream().filter(Member::isAlive).map(Member::handle).toList();
  }

  private static List<ProcessHandle> tree(ProcessHandle root) {
    return Stream.concat(Stream.of(root), root.descendants()).toList();
  }

  private void killWorker() throws IOException, InterruptedException {
    var worker = company.workers().get(random.nextInt(scale.workers()));
    run.teller().tell("killed", worker.name());
    worker.kill();
    worker.ensure();
  }

  private void loseRegion() throws InterruptedException {
    company.agents().get(LOST_REGION).kill();
    lostAt = ledger.now();
    run.teller().tell("lost", lostRegion());
  }

  private void excludeRegion() throws IOException, InterruptedException {
    put(Map.of("bucket", bucket(), "wanted", false, "reason", "it is away"));
    excludedAt = ledger.now();
    run.teller().tell("excluded", lostRegion());
  }

  /** Its start takes a while, in which the day goes on. */
  private void bringRegionBack() throws IOException {
    company.agents().get(LOST_REGION).ensure();
    Thread.ofVirtual()
        .start(() -> {
          try {
            var port = run.ports().region(LOST_REGION);
            Wait.until(lostRegion(), () -> Play.isListening(port) ? port : null);
            put(Map.of("bucket", bucket(), "wanted", true));
            backAt = ledger.now();
            run.teller().tell("included", lostRegion());
          } catch (IOException e) {
            failures.add(lostRegion() + " did not come back: " + e.getMessage());
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private void put(Map<String, ?> body) throws IOException, InterruptedException {
    checker.put("/api/v1/regions/" + lostRegion(), body);
  }

  private String bucket() {
    return company.bucket(lostRegion()).toString();
  }

  /** The region that was away. */
  String lostRegion() {
    return Company.region(LOST_REGION);
  }

  /** When it was, by the database's clock. */
  Span away() {
    return new Span(lostAt, backAt);
  }

  /** When it was and nobody had excluded it. */
  Span unnoticed() {
    return new Span(lostAt, excludedAt);
  }

  Usage usage() {
    return usage;
  }

  /** From the first moment to the last deployment. */
  double seconds() {
    return seconds;
  }

  double statementsPerSecond() {
    return called / seconds;
  }

  List<String> failures() {
    return List.copyOf(failures);
  }
}
