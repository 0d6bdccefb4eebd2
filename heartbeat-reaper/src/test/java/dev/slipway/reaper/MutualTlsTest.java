package dev.slipway.reaper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.access.Role;
import dev.slipway.common.access.TokenStore;
import dev.slipway.common.client.ClientTls;
import dev.slipway.common.client.ServiceClient;
import dev.slipway.common.client.TestAuthority;
import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.heartbeat.Heartbeat;
import dev.slipway.common.heartbeat.HeartbeatApi;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.client.ResourceAccessException;

/** A service that speaks TLS alone, and with those alone who show a certificate. */
@NullMarked
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class MutualTlsTest {
  private static final String TOKEN = "worker-token-for-tests-0123456789-0123456789";
  private static final Heartbeat BEAT = new Heartbeat("w", 1, List.of(), false, List.of());

  private final TestAuthority authority = new TestAuthority("authority");
  private final DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry();
  private Path folder;
  private ConfigurableApplicationContext service;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    this.folder = folder;
    authority.writeRoot(folder.resolve("root.pem"));
    authority.issue(folder, "server");
    authority.issue(folder, "worker");
    bundles.registerBundle(ClientTls.BUNDLE, bundle("worker"));
    var database = TestDatabase.create();
    new TokenStore(database.jdbc()).put("worker", Role.WORKER, null, TOKEN);
    service =
        HeartbeatReaperApplication.builder()
            .run(
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=postgres",
                "--server.port=0",
                "--server.ssl.bundle=server",
                "--server.ssl.client-auth=need",
                "--spring.ssl.bundle.pem.server.keystore.certificate=" + file("server.pem"),
                "--spring.ssl.bundle.pem.server.keystore.private-key=" + file("server.key"),
                "--spring.ssl.bundle.pem.server.truststore.certificate=" + file("root.pem"),
                "--spring.ssl.bundle.pem.server.reload-on-update=true",
                "--spring.ssl.bundle.watch.file.quiet-period=200ms");
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private String file(String name) {
    return folder.resolve(name).toUri().toString();
  }

  private SslBundle bundle(String who) {
    return SslBundle.of(
        new PemSslStoreBundle(
            PemSslStoreDetails.forCertificate(file(who + ".pem"))
                .withPrivateKey(file(who + ".key")),
            PemSslStoreDetails.forCertificate(file("root.pem"))));
  }

  private HeartbeatApi client(ClientTls tls) {
    return ServiceClient.of(
        HeartbeatApi.class,
        URI.create(
            "https://localhost:" + service.getEnvironment().getProperty("local.server.port")),
        TOKEN,
        Duration.ofSeconds(30),
        new SimpleMeterRegistry(),
        tls);
  }

  private static boolean answers(HeartbeatApi client) {
    try {
      return client.beat(BEAT).intervalSeconds() > 0;
    } catch (ResourceAccessException refused) {
      return false;
    }
  }

  @Test
  @Timeout(120)
  void a_certificate_is_asked_for_and_a_renewed_one_is_taken_without_a_restart() throws Exception {
    var worker = client(ClientTls.of(bundles));
    assertThat(answers(worker)).isTrue();
    assertStrangersAreRefused();

    authority.issue(folder, "old-worker");
    var next = new TestAuthority("next authority");
    next.writeRoot(folder.resolve("root.pem"));
    next.issue(folder, "server");
    next.issue(folder, "worker");
    bundles.updateBundle(ClientTls.BUNDLE, bundle("worker"));
    // the server looks at its files by itself
    while (!answers(worker)) {
      Thread.onSpinWait();
    }
    var stale = new DefaultSslBundleRegistry();
    stale.registerBundle(ClientTls.BUNDLE, bundle("old-worker"));
    assertThat(answers(client(ClientTls.of(stale)))).isFalse();
  }

  private void assertStrangersAreRefused() throws Exception {
    assertThatThrownBy(() -> client(ClientTls.none()).beat(BEAT))
        .as("does not trust the server either")
        .isInstanceOf(ResourceAccessException.class);
    new TestAuthority("authority").issue(folder, "stranger");
    var strange = new DefaultSslBundleRegistry();
    strange.registerBundle(ClientTls.BUNDLE, bundle("stranger"));
    assertThat(answers(client(ClientTls.of(strange)))).isFalse();
    var nameless = new DefaultSslBundleRegistry();
    nameless.registerBundle(
        ClientTls.BUNDLE,
        SslBundle.of(
            new PemSslStoreBundle(null, PemSslStoreDetails.forCertificate(file("root.pem")))));
    assertThat(answers(client(ClientTls.of(nameless)))).isFalse();
  }
}
