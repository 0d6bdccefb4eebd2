package dev.slipway.machine;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.ArtifactNames;
import dev.slipway.common.artifact.Envelope;
import dev.slipway.common.artifact.Form;
import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.artifact.SigningKey;
import dev.slipway.common.artifact.TrustedKeys;
import dev.slipway.common.delta.BlockHasher;
import dev.slipway.common.delta.BlockSignatures;
import dev.slipway.common.job.CommitSha;
import dev.slipway.common.loop.Changes;
import dev.slipway.common.machine.AppReport;
import dev.slipway.common.machine.Assignment;
import dev.slipway.common.machine.Credential;
import dev.slipway.common.machine.Limits;
import dev.slipway.common.machine.Pass;
import dev.slipway.common.machine.PassRequest;
import dev.slipway.common.machine.Poll;
import dev.slipway.common.machine.PollAnswer;
import dev.slipway.common.machine.Prefetch;
import dev.slipway.common.machine.RegistrationRequest;
import dev.slipway.common.provenance.Provenance;
import dev.slipway.common.recipe.RunRecipe;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.swarm.CircleAuthority;
import dev.slipway.common.swarm.PieceHasher;
import dev.slipway.common.swarm.PieceWish;
import dev.slipway.common.target.Release;
import dev.slipway.common.target.Target;
import dev.slipway.common.target.TargetStatement;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A regional agent as machines see it, which can also lie. */
@NullMarked
final class FakeRegion implements AutoCloseable {
  static final String TOKEN = "m1:secret";

  /** Registers a machine. */
  static final String ONCE = "once";

  static final RegionName NAME = new RegionName("eu");

  private final SigningKey.PemPair pair = SigningKey.generate();
  private final SigningKey.PemPair targetPair = SigningKey.generate();
  private final HttpServer server;
  private final Map<AppName, Assignment> assignments = new ConcurrentHashMap<>();
  private final Map<AppName, Prefetch> ahead = new ConcurrentHashMap<>();
  private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
  private final Map<String, byte[]> provenances = new ConcurrentHashMap<>();
  private final Map<String, byte[]> artifacts = new ConcurrentHashMap<>();
  private final Changes changes = new Changes();

  final List<Poll> polls = new CopyOnWriteArrayList<>();
  final List<PassRequest> passes = new CopyOnWriteArrayList<>();
  volatile @Nullable CircleAuthority authority;

  /** Of those who asked to be registered. */
  final List<String> claims = new CopyOnWriteArrayList<>();

  /** While true nobody learns whether it was registered. */
  volatile boolean losesAnswers;

  /** Another token that registers a machine, which was revoked. */
  static final String AGAIN = "again";

  /** What a machine gets for it. */
  static final String NEXT_TOKEN = "m1:7:secret";

  volatile boolean admits = true;
  volatile Limits limits = Limits.NONE;

  /** Where it deals pieces, instead of being a web seed. */
  volatile @Nullable FakeDealer dealer;

  final List<String> ranges = new CopyOnWriteArrayList<>();

  /** What block signatures are made of, instead of the artifact. */
  volatile UnaryOperator<byte[]> pretended = bytes -> bytes;

  final AtomicLong artifactBytes = new AtomicLong();
  volatile UnaryOperator<byte[]> served = bytes -> bytes;
  volatile SigningKey signer = SigningKey.of(TrustedKeys.idOf(pair.publicKey()), pair.privateKey());

  /** Signs targets, as the centre does. */
  final SigningKey centre =
      SigningKey.of(TrustedKeys.idOf(targetPair.publicKey()), targetPair.privateKey());

  volatile Instant expires = Instant.parse("2100-01-01T00:00:00Z");
  volatile UnaryOperator<Manifest> signed = manifest -> manifest;

  /** What becomes of a provenance's statement; null: there is none. */
  volatile Function<JsonNode, @Nullable String> sworn = this::sworn;

  FakeRegion() throws IOException {
    this(0);
  }

  FakeRegion(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/api/v1/machines/m1/poll", this::poll);
    server.createContext("/api/v1/machines/m1/registration", this::register);
    server.createContext(
        "/manifests/",
        exchange -> serve(exchange, manifests.get(exchange.getRequestURI().getPath())));
    server.createContext(
        "/provenance/",
        exchange -> serve(exchange, provenances.get(exchange.getRequestURI().getPath())));
    server.createContext("/artifacts/", this::artifact);
    server.createContext("/passes/", this::pass);
    server.createContext(
        "/announce",
        exchange ->
            answer(exchange, 200, "d8:intervali60e5:peers0:e".getBytes(StandardCharsets.US_ASCII)));
    server.start();
  }

  String trustedKey() {
    return pair.publicKey();
  }

  String targetKey() {
    return targetPair.publicKey();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  Release publish(AppName app, long build, String script, @Nullable RunRecipe run) {
    return publish(app, build, script.getBytes(StandardCharsets.UTF_8), Form.FILE, "app.sh", run);
  }

  Release publish(
      AppName app, long build, byte[] bytes, Form form, String name, @Nullable RunRecipe run) {
    var sha256 = sha256(bytes);
    var hasher = new PieceHasher(bytes.length);
    hasher.update(bytes, 0, bytes.length);
    var torrent = Base64.getEncoder().encodeToString(hasher.finish(sha256).info());
    var manifest =
        new Manifest(
            app,
            build,
            1,
            new CommitSha("c".repeat(40)),
            bytes.length,
            sha256,
            "AAAAAA==",
            form,
            name,
            torrent,
            blocks(app, sha256, bytes),
            run,
            "worker-1",
            Instant.parse("2026-01-01T00:00:00Z"));
    var path = "/manifests/" + app + "/" + build + "-1.json";
    var envelope = JsonMapper.shared().writeValueAsBytes(signer.sign(signed.apply(manifest)));
    manifests.put(path, envelope);
    swear(manifest, Provenance.Resource.of(path.substring(1), Sha256.of(envelope)));
    artifacts.put("/artifacts/" + app + "/" + sha256, bytes);
    return new Release(build, sha256, bytes.length, path.substring(1));
  }

  private void swear(Manifest manifest, Provenance.Resource signed) {
    var line = sworn.apply(TrueProvenance.of(manifest, signed));
    if (line != null) {
      provenances.put(
          "/provenance/" + manifest.app() + "/" + manifest.job() + "-1.intoto.jsonl",
          line.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** The statement in an envelope, as workers write it. */
  String sworn(JsonNode statement) {
    return JsonMapper.shared().writeValueAsString(signer.sign(Provenance.TYPE, statement)) + "\n";
  }

  private Manifest.@Nullable Blocks blocks(AppName app, Sha256 sha256, byte[] bytes) {
    if (bytes.length < BlockSignatures.WORTHWHILE) {
      return null;
    }
    var hasher = new BlockHasher(bytes.length);
    hasher.update(pretended.apply(bytes), 0, bytes.length);
    var signatures = hasher.finish().bytes();
    artifacts.put("/artifacts/" + app + "/" + sha256 + "/blocks", signatures);
    return new Manifest.Blocks(Sha256.of(signatures), signatures.length);
  }

  void assign(AppName app, long revision, Release release) {
    assign(assignment(app, revision, release, sign(app, revision, release)));
  }

  void assign(Assignment assignment) {
    assignments.put(assignment.app(), assignment);
    changes.signal();
  }

  /** As the centre signs that all of the region's machines are to run a release. */
  Envelope sign(AppName app, long revision, Release release) {
    return sign(NAME, new Target(app, revision, release, 100, null, null));
  }

  Envelope sign(RegionName region, Target target) {
    return centre.sign(TargetStatement.TYPE, new TargetStatement(region, target, expires));
  }

  Assignment assignment(AppName app, long revision, Release release, @Nullable Envelope statement) {
    return new Assignment(
        app,
        revision,
        release,
        address().resolve("/" + release.manifest()),
        address().resolve("/artifacts/" + app + "/" + release.sha256()),
        address().resolve("/passes/" + release.sha256()),
        statement,
        address().resolve("/" + ArtifactNames.provenanceOf(release.manifest())));
  }

  void prefetch(AppName app, long revision, @Nullable Release release, long bytesPerSecond) {
    var fetched = release == null ? null : assignment(app, revision, release, null);
    ahead.put(app, new Prefetch(app, revision, fetched, bytesPerSecond));
    changes.signal();
  }

  /** Every report on an app, in the order of their sequence. */
  List<AppReport> reports(AppName app) {
    var all = new ArrayList<>(polls);
    all.sort(java.util.Comparator.comparingLong(Poll::sequence));
    return all.stream()
        .flatMap(poll -> poll.apps().stream())
        .filter(report -> report.app().equals(app))
        .toList();
  }

  private void poll(HttpExchange exchange) throws IOException {
    if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      answer(exchange, 401, new byte[0]);
      return;
    }
    var poll = JsonMapper.shared().readValue(exchange.getRequestBody().readAllBytes(), Poll.class);
    polls.add(poll);
    try {
      var deadline = System.nanoTime() + Duration.ofSeconds(poll.waitSeconds()).toNanos();
      while (true) {
        var seen = changes.count();
        var news = assignments.values().stream().filter(a -> a.revision() > poll.after()).toList();
        var left = deadline - System.nanoTime();
        var early = ahead.values().stream().filter(p -> p.revision() > poll.after()).toList();
        if (!news.isEmpty() || !early.isEmpty() || left <= 0) {
          var revision =
              LongStream.concat(
                      news.stream().mapToLong(Assignment::revision),
                      early.stream().mapToLong(Prefetch::revision))
                  .max()
                  .orElse(poll.after());
          answer(
              exchange,
              200,
              JsonMapper.shared()
                  .writeValueAsBytes(new PollAnswer(revision, news, 1, early, limits)));
          return;
        }
        changes.awaitAbove(seen, Duration.ofNanos(left));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void register(HttpExchange exchange) throws IOException {
    var claim =
        JsonMapper.shared()
            .readValue(exchange.getRequestBody().readAllBytes(), RegistrationRequest.class)
            .claim();
    var again = claims.contains(claim);
    claims.add(claim);
    if (losesAnswers) {
      exchange.close();
    } else if (("Bearer " + ONCE).equals(exchange.getRequestHeaders().getFirst("Authorization"))
        && (again || claims.size() == 1)) {
      answer(exchange, 200, JsonMapper.shared().writeValueAsBytes(new Credential(TOKEN)));
    } else if (("Bearer " + AGAIN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      answer(exchange, 200, JsonMapper.shared().writeValueAsBytes(new Credential(NEXT_TOKEN)));
    } else {
      answer(exchange, 401, "{\"detail\":\"has been used\"}".getBytes(StandardCharsets.UTF_8));
    }
  }

  private void pass(HttpExchange exchange) throws IOException {
    var asked =
        JsonMapper.shared().readValue(exchange.getRequestBody().readAllBytes(), PassRequest.class);
    var sha256 = new Sha256(exchange.getRequestURI().getPath().substring("/passes/".length()));
    passes.add(asked);
    if (!admits) {
      answer(exchange, 403, new byte[0]);
      return;
    }
    var issuer = authority;
    var pass =
        new Pass(
            dealer == null
                ? address().resolve("/announce")
                : PieceWish.dealtAt(address().resolve("/announce")),
            issuer == null ? null : issuer.root(),
            issuer == null
                ? null
                : issuer.admit(sha256, Base64.getDecoder().decode(asked.publicKey())));
    answer(exchange, 200, JsonMapper.shared().writeValueAsBytes(pass));
  }

  private void artifact(HttpExchange exchange) throws IOException {
    var deals = dealer;
    if (deals != null && exchange.getRequestURI().getPath().endsWith("/next")) {
      deals.answer(exchange, artifacts);
      return;
    }
    var bytes = artifacts.get(exchange.getRequestURI().getPath());
    var range = exchange.getRequestHeaders().getFirst("Range");
    ranges.add(String.valueOf(range));
    if (bytes == null || range == null) {
      serve(exchange, bytes == null ? null : served.apply(bytes));
      return;
    }
    var lies = served.apply(bytes);
    var parts = range.substring("bytes=".length()).split("-", -1);
    var from = Integer.parseInt(parts[0]);
    var to = parts[1].isEmpty() ? lies.length - 1 : Integer.parseInt(parts[1]);
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes %d-%d/%d".formatted(from, to, lies.length));
    answer(exchange, 206, java.util.Arrays.copyOfRange(lies, from, to + 1));
  }

  private void serve(HttpExchange exchange, byte @Nullable [] bytes) throws IOException {
    answer(exchange, bytes == null ? 404 : 200, bytes == null ? new byte[0] : bytes);
  }

  private void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    try (exchange) {
      if (exchange.getRequestURI().getPath().startsWith("/artifacts/")) {
        artifactBytes.addAndGet(body.length);
      }
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  static Sha256 sha256(byte[] bytes) {
    try {
      return new Sha256(
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
