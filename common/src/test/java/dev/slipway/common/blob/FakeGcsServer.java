package dev.slipway.common.blob;

import com.google.api.gax.retrying.RetrySettings;
import com.google.cloud.storage.Storage;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.common.blob.FakeGcsReply.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * Cloud Storage's JSON API, as much of it as Slipway uses and as strict, on a port of its own. It
 * keeps objects in memory and can be told to misbehave.
 */
@NullMarked
public final class FakeGcsServer implements AutoCloseable {
  /** What goes wrong with a request. */
  public enum Fault {
    /** 503, nothing done. */
    UNAVAILABLE,
    /** No answer until the fake is closed, nothing done. */
    STALL,
    /** Done, but the connection breaks before the answer. */
    LOSE_ANSWER,
    /** Of an upload's chunk only the first part arrives. */
    CUT_UPLOAD,
    /** Nobody takes an upload's chunk until the fake is closed. */
    STALL_UPLOAD,
    /** An upload's chunk with a wrong byte. */
    DAMAGE_UPLOAD,
    /** Of a download only the first half arrives. */
    CUT_DOWNLOAD,
    /** A download with a wrong byte. */
    DAMAGE_DOWNLOAD;

    private boolean suits(FakeGcsCall call) {
      return switch (this) {
        case UNAVAILABLE, STALL, LOSE_ANSWER -> true;
        case CUT_UPLOAD, STALL_UPLOAD, DAMAGE_UPLOAD -> call.isChunk();
        case CUT_DOWNLOAD, DAMAGE_DOWNLOAD -> call.isDownload();
      };
    }
  }

  private record Planned(Fault fault, AtomicInteger passing) {
    boolean isDue(FakeGcsCall call) {
      return fault.suits(call) && passing.getAndDecrement() <= 0;
    }
  }

  private static final int CHUNK_UNIT = 256 << 10;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<Planned> faults = new ArrayList<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicLong chunkBytes = new AtomicLong();
  private final FakeGcsApi api;

  /** Starts with these buckets, empty. */
  public FakeGcsServer(String... buckets) throws IOException {
    this(0, true, buckets);
  }

  /**
   * @param port 0 for any
   * @param kept whether it keeps what objects contain; otherwise it only counts and sums that, and
   *     nothing can be read back
   */
  public FakeGcsServer(int port, boolean kept, String... buckets) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    api = new FakeGcsApi(this::address, kept, buckets);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** A client of it: the product's, but with short pauses between its tries. */
  public Storage storage() {
    return storage(Duration.ofSeconds(20));
  }

  /**
   * The same, with another time-out.
   *
   * @param patience how long it waits for an answer until it tries again
   */
  public Storage storage(Duration patience) {
    return GcsClient.options(address()).toBuilder()
        .setRetrySettings(
            RetrySettings.newBuilder()
                .setMaxAttempts(6)
                .setInitialRetryDelayDuration(Duration.ofMillis(5))
                .setRetryDelayMultiplier(2)
                .setMaxRetryDelayDuration(Duration.ofMillis(20))
                .setTotalTimeoutDuration(Duration.ofMinutes(1))
                .build())
        .setTransportOptions(new GcsTransport(patience))
        .build()
        .getService();
  }

  /** The next request that it suits meets this; several are met one after the other. */
  public void next(Fault fault) {
    after(0, fault);
  }

  /** Lets so many requests that it suits pass before. */
  public void after(int passing, Fault fault) {
    synchronized (faults) {
      faults.add(new Planned(fault, new AtomicInteger(passing)));
    }
  }

  /** Misbehaves no more. */
  public void forgive() {
    synchronized (faults) {
      faults.clear();
    }
  }

  /** The next {@code times} requests meet it. */
  public void next(Fault fault, int times) {
    for (var i = 0; i < times; i++) {
      next(fault);
    }
  }

  /** Faults that no request has met yet. */
  public int pending() {
    synchronized (faults) {
      return faults.size();
    }
  }

  /** Requests so far. */
  public int requests() {
    return requests.get();
  }

  /** Bytes that were taken of uploads' chunks so far. */
  public long chunkBytes() {
    return chunkBytes.get();
  }

  /** Uploads that were begun and have not made an object. */
  public long unfinishedUploads() {
    return api.uploads.unfinished();
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.close();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.incrementAndGet();
      var head = FakeGcsCall.head(exchange);
      var fault = faultFor(head);
      if (fault == Fault.STALL_UPLOAD) {
        awaitClose();
        return;
      }
      var call = head.whole(exchange);
      chunkBytes.addAndGet(call.isChunk() ? call.body().length : 0);
      if (fault == null) {
        send(exchange, answer(call));
      } else {
        fail(exchange, call, fault);
      }
    }
  }

  private @Nullable Fault faultFor(FakeGcsCall call) {
    synchronized (faults) {
      var due = faults.stream().filter(planned -> planned.isDue(call)).findFirst();
      due.ifPresent(faults::remove);
      return due.map(Planned::fault).orElse(null);
    }
  }

  private void fail(HttpExchange exchange, FakeGcsCall call, Fault fault) throws IOException {
    switch (fault) {
      case UNAVAILABLE -> send(exchange, new Refusal(503, "Backend Error").reply());
      case STALL, STALL_UPLOAD -> awaitClose();
      case LOSE_ANSWER -> answer(call);
      case CUT_UPLOAD -> answer(firstPart(call));
      case DAMAGE_UPLOAD -> send(exchange, answer(call.with(damaged(call.body()))));
      case CUT_DOWNLOAD -> sendHalf(exchange, answer(call));
      case DAMAGE_DOWNLOAD -> send(exchange, damaged(answer(call)));
    }
  }

  private FakeGcsReply answer(FakeGcsCall call) {
    try {
      return api.answer(call);
    } catch (Refusal refusal) {
      return refusal.reply();
    }
  }

  private void awaitClose() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The service keeps whole units of a chunk whose end never came. */
  private static FakeGcsCall firstPart(FakeGcsCall call) {
    var from =
        Long.parseLong(
            call.header("content-range").orElseThrow().replaceAll("\\D+(\\d+)-.*", "$1"));
    var kept = call.body().length / 2 / CHUNK_UNIT * CHUNK_UNIT;
    var headers = new HashMap<>(call.headers());
    headers.put(
        "content-range",
        kept == 0 ? "bytes */*" : "bytes " + from + "-" + (from + kept - 1) + "/*");
    return new FakeGcsCall(
        call.method(),
        call.path(),
        call.query(),
        Map.copyOf(headers),
        Arrays.copyOf(call.body(), kept));
  }

  private static FakeGcsReply damaged(FakeGcsReply reply) {
    return new FakeGcsReply(reply.status(), reply.headers(), damaged(reply.body()));
  }

  private static byte[] damaged(byte[] bytes) {
    var damaged = bytes.clone();
    damaged[damaged.length / 2] ^= 1;
    return damaged;
  }

  private static void send(HttpExchange exchange, FakeGcsReply reply) throws IOException {
    sendHeaders(exchange, reply);
    exchange.getResponseBody().write(reply.body());
  }

  private static void sendHalf(HttpExchange exchange, FakeGcsReply reply) throws IOException {
    sendHeaders(exchange, reply);
    exchange.getResponseBody().write(reply.body(), 0, reply.body().length / 2);
    exchange.getResponseBody().flush();
  }

  private static void sendHeaders(HttpExchange exchange, FakeGcsReply reply) throws IOException {
    reply.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(
        reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
  }
}
